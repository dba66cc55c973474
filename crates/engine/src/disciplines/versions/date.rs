//! Days as versions, with a number for several of one day.

use std::cmp::Ordering;

use super::compare_digits;

/// A day, and a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Date {
    day: policy::Date,
    /// The digits after the day; zero where there are none.
    number: String,
}

impl Date {
    /// Reads `YYYY-MM-DD`, `YYYY.MM.DD` or `YYYYMMDD`, each with an optional `.N` or `#N`.
    pub(super) fn read(text: &str) -> Option<Date> {
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let length = match text.as_bytes().get(4)? {
            b'-' | b'.' => 10,
            _ => 8,
        };
        let (day, rest) = text.split_at_checked(length)?;
        let separator = day.as_bytes()[4];
        let iso = if length == 8 {
            if !digits(day) {
                return None;
            }
            format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..])
        } else {
            // Both separators are the same.
            (day.as_bytes()[7] == separator).then(|| day.replace('.', "-"))?
        };
        let number = match rest.strip_prefix(['.', '#']) {
            Some(number) if !number.is_empty() && digits(number) => number,
            None if rest.is_empty() => "0",
            _ => return None,
        };
        Some(Date { day: policy::Date::parse(&iso)?, number: number.trim_start_matches('0').into() })
    }
}

impl Ord for Date {
    fn cmp(&self, other: &Date) -> Ordering {
        self.day.cmp(&other.day).then_with(|| compare_digits(&self.number, &other.number))
    }
}

impl PartialOrd for Date {
    fn partial_cmp(&self, other: &Date) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use policy::Scheme;

    use super::super::tests::{equal, refused, rises};

    #[test]
    fn days_are_ordered_then_numbers() {
        rises(
            Scheme::Date,
            &["1999-12-31", "2024-02-29", "2024.02.29.1", "20240229#2", "2024-02-29.10", "2024-03-01"],
        );
        equal(Scheme::Date, "2024-03-01", "20240301.0");
        refused(
            Scheme::Date,
            &[
                "",
                "2024",
                "2023-02-29",
                "2024-13-01",
                "2024-1-1",
                "2024-01.01",
                "2024-01-01-1",
                "2024-01-01.",
                "2024-01-01.x",
                "202401011",
                "20240é01",
                "v2024-01-01",
            ],
        );
    }
}
