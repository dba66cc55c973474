//! Decimal numbers of any length, compared exactly by value.

use std::cmp::Ordering;

/// The longest exponent that is read. One more digit would not fit, and no document means such a number.
const MAX_EXPONENT_DIGITS: usize = 18;

/// The digits of the longest `i64`.
const MAX_I64_DIGITS: usize = 19;

/// A number written in decimal digits, as `0.DIGITS × 10^EXPONENT`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decimal {
    is_negative: bool,
    /// Neither the first nor the last digit is zero; empty for zero.
    digits: String,
    exponent: i64,
}

impl Decimal {
    /// Reads a number such as `-12.50e3`; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Decimal> {
        let unsigned = text.strip_prefix(['-', '+']).unwrap_or(text);
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = format!("{whole}{fraction}");
        if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let digits = all.trim_start_matches('0');
        let exponent = exponent + whole.len() as i64 - (all.len() - digits.len()) as i64;
        let digits = digits.trim_end_matches('0').to_string();
        if digits.is_empty() {
            return Some(Decimal { is_negative: false, digits, exponent: 0 });
        }
        Some(Decimal { is_negative: text.starts_with('-'), digits, exponent })
    }

    /// Returns whether it has no fraction.
    #[must_use]
    pub fn is_integer(&self) -> bool {
        self.exponent >= self.digits.len() as i64
    }

    /// Writes it in one way for each value: an integer of at most 20 digits as such, any other with an exponent.
    pub(crate) fn canonical(&self) -> String {
        let sign = if self.is_negative { "-" } else { "" };
        let zeros = self.exponent - self.digits.len() as i64;
        if self.digits.is_empty() {
            "0".into()
        } else if zeros >= 0 && self.exponent <= 20 {
            format!("{sign}{}{}", self.digits, "0".repeat(zeros as usize))
        } else {
            format!("{sign}0.{}e{}", self.digits, self.exponent)
        }
    }

    /// Returns whether it is negative; zero is not.
    #[must_use]
    pub fn is_negative(&self) -> bool {
        self.is_negative
    }

    /// Returns the integer, if it is one that fits.
    #[must_use]
    pub fn to_i64(&self) -> Option<i64> {
        self.is_integer().then(|| self.plain(MAX_I64_DIGITS)?.parse().ok()).flatten()
    }

    /// Writes it without an exponent and without needless zeros, so that equal numbers have equal text; `None` where that takes more digits.
    #[must_use]
    pub fn plain(&self, max_digits: usize) -> Option<String> {
        let (length, exponent) = (self.digits.len() as i64, self.exponent);
        // Digits before the point, or zeros after it, may be many.
        let written = length.max(exponent).saturating_add(exponent.min(0).saturating_neg());
        if written > i64::try_from(max_digits).unwrap_or(i64::MAX) {
            return None;
        }
        if self.digits.is_empty() {
            return Some("0".into());
        }
        let zeros = |count: i64| "0".repeat(usize::try_from(count).unwrap_or_default());
        let sign = if self.is_negative { "-" } else { "" };
        Some(match usize::try_from(exponent) {
            Ok(point) if point >= self.digits.len() => {
                format!("{sign}{}{}", self.digits, zeros(exponent - length))
            }
            Ok(point) if point > 0 => format!("{sign}{}.{}", &self.digits[..point], &self.digits[point..]),
            _ => format!("{sign}0.{}{}", zeros(-exponent), self.digits),
        })
    }

    /// Compares the absolute values.
    fn compare_magnitude(&self, other: &Decimal) -> Ordering {
        match (self.digits.is_empty(), other.digits.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            // Digits after the point: a prefix is lower, as in the order of strings.
            (false, false) => (self.exponent, &self.digits).cmp(&(other.exponent, &other.digits)),
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Decimal) -> Ordering {
        match (self.is_negative, other.is_negative) {
            (false, false) => self.compare_magnitude(other),
            (true, true) => other.compare_magnitude(self),
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
        }
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Decimal) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

fn read_exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let valid = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let significant = digits.trim_start_matches('0');
    if !valid || significant.len() > MAX_EXPONENT_DIGITS {
        return None;
    }
    let value: i64 = if significant.is_empty() { 0 } else { significant.parse().ok()? };
    Some(if text.starts_with('-') { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(a: &str, b: &str) -> Ordering {
        Decimal::parse(a).unwrap().cmp(&Decimal::parse(b).unwrap())
    }

    #[test]
    fn numbers_are_ordered_by_value() {
        let sorted = [
            "-1e400",
            "-340282366920938463463374607431768211457",
            "-340282366920938463463374607431768211456",
            "-10",
            "-9.5",
            "-1e-400",
            "0",
            "1e-400",
            "0.1",
            "0.10000000000000000000000000000000001",
            "1",
            "1.5",
            "9",
            "10",
            "9007199254740993",
            "9007199254740994",
            "1e400",
        ];
        for (at, a) in sorted.iter().enumerate() {
            for (other, b) in sorted.iter().enumerate() {
                assert_eq!(order(a, b), at.cmp(&other), "{a} {b}");
            }
        }
    }

    #[test]
    fn spellings_of_one_number_are_equal() {
        for (a, b) in [
            ("1.0", "1"),
            ("1.50", "15e-1"),
            ("100", "1E+2"),
            ("-0", "0.000"),
            ("007", "+7"),
            ("1e007", "10000000"),
        ] {
            assert_eq!(order(a, b), Ordering::Equal, "{a} {b}");
        }
    }

    #[test]
    fn equal_numbers_are_written_alike() {
        for (text, expected) in [
            ("0.0", Some("0")),
            ("-0", Some("0")),
            ("12.50e3", Some("12500")),
            ("-15e-1", Some("-1.5")),
            ("1e-3", Some("0.001")),
            ("0.00120", Some("0.0012")),
            ("9007199254740993.0", Some("9007199254740993")),
            ("1e29", Some("100000000000000000000000000000")),
            ("1e30", None),
            ("1e-28", Some("0.0000000000000000000000000001")),
            ("1e-31", None),
            ("1e999999999999999999", None),
            ("1e-999999999999999999", None),
        ] {
            assert_eq!(Decimal::parse(text).unwrap().plain(30).as_deref(), expected, "{text}");
        }
        assert_eq!(Decimal::parse("-9223372036854775808").unwrap().to_i64(), Some(i64::MIN));
        assert_eq!(Decimal::parse("9223372036854775808").unwrap().to_i64(), None);
        assert_eq!(Decimal::parse("1.00000000000000000000001").unwrap().to_i64(), None);
        assert_eq!(Decimal::parse("6e5").unwrap().to_i64(), Some(600_000));
    }

    #[test]
    fn other_texts_are_not_numbers() {
        for text in
            ["", "-", ".", "1e", "e5", "1.2.3", "0x1F", "1_000", "NaN", "inf", "1e9999999999999999999", "--1"]
        {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert!(Decimal::parse("1e3").unwrap().is_integer());
        assert!(!Decimal::parse("1.5").unwrap().is_integer());
        assert!(Decimal::parse("1.5e1").unwrap().is_integer());
    }
}
