//! Times in ledger lines: UTC with full seconds, `2026-01-01T00:00:00Z`.

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// Reads a time, in seconds since 1970.
pub(crate) fn read(text: &str) -> Option<i64> {
    let bytes: &[u8; 20] = text.as_bytes().try_into().ok()?;
    let formed = bytes.iter().zip(b"0000-00-00T00:00:00Z").all(|(byte, form)| match form {
        b'0' => byte.is_ascii_digit(),
        form => byte == form,
    });
    let number = |at: usize, digits: usize| {
        bytes[at..at + digits].iter().fold(0, |number, digit| number * 10 + i16::from(digit - b'0'))
    };
    if !formed {
        return None;
    }
    let [month, day, hour, minute, second] = [5, 8, 11, 14, 17].map(|at| number(at, 2) as i8);
    // Unix time has no leap seconds.
    let day = Date::new(number(0, 4), month, day).ok()?;
    let time = Time::new(hour, minute, second, 0).ok()?;
    let seconds = day.to_datetime(time).to_zoned(TimeZone::UTC).ok()?.timestamp().as_second();
    (seconds >= 0).then_some(seconds)
}

/// Writes a time, clamped to the range of ledger lines.
pub(crate) fn write(seconds: i64) -> String {
    Timestamp::from_second(clamp(seconds)).map(|time| time.to_string()).unwrap_or_default()
}

/// Clamps a time to the range of ledger lines.
pub(crate) fn clamp(seconds: i64) -> i64 {
    // The year has four digits; the times of ULIDs end later.
    seconds.clamp(0, Timestamp::MAX.as_second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_has_one_spelling() {
        assert_eq!(read("2026-01-01T00:00:00Z"), Some(1_767_225_600));
        assert_eq!(write(1_767_225_600), "2026-01-01T00:00:00Z");
        assert_eq!(read(&write(i64::MAX)), Some(clamp(i64::MAX)));
        assert_eq!(read(&write(-5)), Some(0));
        for other in [
            "2026-01-01t00:00:00Z",
            "2026-01-01T00:00:00+00:00",
            "2026-02-30T00:00:00Z",
            "2026-01-01T00:00:00.0Z",
            "2016-12-31T23:59:60Z",
            "1969-12-31T23:59:59Z",
            "2026-01-01T24:00:00Z",
        ] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
