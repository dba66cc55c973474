//! How old a checkpoint may be, by the times that its witnesses signed.

use tlog::{Opened, Trust};

use crate::arguments::MaxAge;
use crate::environment;
use crate::error::CommandError;

/// The greatest age that a user accepts, and the time at which it is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Freshness {
    max_age: i64,
    now: i64,
}

impl Freshness {
    /// Reads the options; `None` if no age is given.
    pub(crate) fn of(age: &MaxAge) -> Result<Option<Freshness>, CommandError> {
        let now = match &age.now {
            None => environment::now(),
            Some(text) => text.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_second).map_err(|_| {
                CommandError::failed(format!("--now {text}: expected a time such as 2026-11-02T12:00:00Z"))
            })?,
        };
        let Some(text) = &age.max_age else { return Ok(None) };
        let max_age = seconds(text).ok_or_else(|| {
            CommandError::failed(format!("--max-age {text}: expected a duration such as 90m, 24h, 7d or 2w"))
        })?;
        Ok(Some(Freshness { max_age, now }))
    }

    /// Returns why a checkpoint is too old; `None` if the required witnesses have cosigned it, or a later time, recently enough.
    pub(crate) fn problem(
        &self,
        trust: Option<&Trust>,
        opened: &Opened,
    ) -> Result<Option<String>, CommandError> {
        let time = trust.map(|trust| trust.quorum_time(opened)).transpose();
        let time = time.map_err(|error| CommandError::refused(error.to_string(), ""))?.flatten();
        let time = time.and_then(|time| i64::try_from(time).ok()).ok_or_else(|| {
            CommandError::failed_with(
                "no witness times: nothing shows how old the checkpoint is",
                "pass a trust policy that requires witnesses, with the option --trust",
            )
        })?;
        Ok((self.now.saturating_sub(time) > self.max_age).then(|| {
            format!(
                "the checkpoint is too old: the required witnesses cosigned it at {}, more than {} before {}",
                shown(time),
                duration(self.max_age),
                shown(self.now)
            )
        }))
    }
}

fn shown(time: i64) -> String {
    environment::time_of(u64::try_from(time).unwrap_or_default().saturating_mul(1000))
}

/// Reads `90s`, `90m`, `24h`, `7d` or `2w`.
fn seconds(text: &str) -> Option<i64> {
    let unit = match text.as_bytes().last()? {
        b's' => 1,
        b'm' => 60,
        b'h' => 3600,
        b'd' => 86_400,
        b'w' => 604_800,
        _ => return None,
    };
    let number = &text[..text.len() - 1];
    let digits = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    number.parse::<i64>().ok().filter(|_| digits)?.checked_mul(unit)
}

/// Writes a duration in its largest whole unit.
fn duration(seconds: i64) -> String {
    let units = [(604_800, "w"), (86_400, "d"), (3600, "h"), (60, "m")];
    let unit = units.into_iter().find(|(unit, _)| seconds > 0 && seconds % unit == 0);
    let (unit, name) = unit.unwrap_or((1, "s"));
    format!("{}{name}", seconds / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_number_and_a_unit() {
        for (text, expected) in
            [("90s", 90), ("90m", 5400), ("24h", 86_400), ("7d", 604_800), ("2w", 1_209_600), ("0s", 0)]
        {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
        for text in
            ["", "7", "d", "-1d", "+1d", "1.5d", "1 d", "1y", "99999999999999999999d", "9223372036854775807w"]
        {
            assert_eq!(seconds(text), None, "{text}");
        }
        assert_eq!(
            (duration(5400), duration(86_400), duration(604_800)),
            ("90m".into(), "1d".into(), "1w".into())
        );
        assert_eq!((duration(61), duration(0)), ("61s".into(), "0s".into()));
    }
}
