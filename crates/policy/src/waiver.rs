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

impl Waiver {
    /// Returns whether it covers a finding of `code` at `path`, introduced in `commit`.
    #[must_use]
    pub fn covers(&self, code: &str, path: &[u8], commit: Option<ObjectId>) -> bool {
        self.code == code && self.path.matches(path) && (self.commit.is_none() || self.commit == commit)
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
    fn date_has_ten_characters() {
        assert_eq!(Date::parse("2026-11-21").unwrap().to_string(), "2026-11-21");
        for text in ["2026-11-31", "2026-1-1", "20261121", "2026-11-21T00:00:00Z", ""] {
            assert!(Date::parse(text).is_none(), "{text}");
        }
        assert_eq!(Date::of_timestamp(0).unwrap().to_string(), "1970-01-01");
    }
}
