//! Waivers: findings that an owner accepts until a date, read from the base branch.

use std::fmt;

use snapshot::ObjectId;

use crate::Pattern;

/// A calendar date, written `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// Reads `YYYY-MM-DD`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Date> {
        let date: jiff::civil::Date = text.parse().ok()?;
        (text.len() == 10).then_some(Date(date))
    }

    /// Returns the number of days after another date; negative if it is earlier.
    #[must_use]
    pub fn days_after(self, other: Date) -> i32 {
        (self.0 - other.0).get_days()
    }

    /// Returns the date a number of days later; the last possible date if there is none.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Date {
        Date(self.0.saturating_add(jiff::Span::new().days(days)))
    }

    /// Returns the date, in UTC, of a time in seconds since 1970.
    #[must_use]
    pub fn of_timestamp(seconds: i64) -> Option<Date> {
        let time = jiff::Timestamp::from_second(seconds).ok()?;
        Some(Date(time.to_zoned(jiff::tz::TimeZone::UTC).date()))
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0.year(), self.0.month(), self.0.day())
    }
}

/// A finding that an owner accepts until a date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiver {
    /// The rule's code.
    pub code: String,
    /// The paths it covers.
    pub path: Pattern,
    /// The reason.
    pub reason: String,
    /// The owner of the waiver.
    pub owner: String,
    /// The last day on which it is valid.
    pub until: Date,
    /// The one commit it covers; every one if `None`.
    pub commit: Option<ObjectId>,
    /// Its byte range in the file.
    pub span: std::ops::Range<usize>,
}

/// What a waiver covers, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WaiverScope<'w> {
    code: &'w str,
    path: &'w str,
    until: Date,
    commit: Option<ObjectId>,
}

impl Waiver {
    /// Returns whether it covers a finding of `code` at `path`, introduced in `commit`.
    #[must_use]
    pub fn covers(&self, code: &str, path: &[u8], commit: Option<ObjectId>) -> bool {
        self.code == code && self.path.matches(path) && (self.commit.is_none() || self.commit == commit)
    }

    /// Returns what it covers, and for how long, whatever its owner, reason and line.
    #[must_use]
    pub fn covered(&self) -> WaiverScope<'_> {
        WaiverScope { code: &self.code, path: self.path.as_str(), until: self.until, commit: self.commit }
    }

    /// Returns whether its path names nothing: `**`, `*/**`, `**/*.*`.
    #[must_use]
    pub fn is_for_every_path(&self) -> bool {
        !self.path.as_str().chars().any(char::is_alphanumeric)
    }

    /// Returns whether it has expired.
    #[must_use]
    pub fn is_expired(&self, today: Date) -> bool {
        self.until < today
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_without_a_name_covers_everything() {
        let waiver = |path: &str| Waiver {
            code: "IMM001".into(),
            path: Pattern::new(path).unwrap(),
            reason: "r".into(),
            owner: "o".into(),
            until: Date::parse("2026-11-21").unwrap(),
            commit: None,
            span: 0..0,
        };
        for path in ["**", "*", "**/*", "*/**", "**/**", "?*/**", "**/*.*", "**/*-*"] {
            assert!(waiver(path).is_for_every_path(), "{path}");
        }
        for path in ["docs/**", "**/a", "*.md", "d?/*", "文書/*"] {
            assert!(!waiver(path).is_for_every_path(), "{path}");
        }
    }

    #[test]
    fn date_has_ten_characters() {
        assert_eq!(Date::parse("2026-11-21").unwrap().to_string(), "2026-11-21");
        for text in ["2026-11-31", "2026-1-1", "20261121", "2026-11-21T00:00:00Z", ""] {
            assert!(Date::parse(text).is_none(), "{text}");
        }
        assert_eq!(Date::of_timestamp(0).unwrap().to_string(), "1970-01-01");
        assert_eq!(Date::parse("2026-11-21").unwrap().plus_days(366).to_string(), "2027-11-22");
        assert_eq!(Date::parse("9999-12-31").unwrap().plus_days(1).to_string(), "9999-12-31");
    }
}
