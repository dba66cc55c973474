//! Decimal numbers of any length, compared exactly by value.

use std::cmp::Ordering;

/// The longest exponent that is read. One more digit would not fit, and no document means such a number.
const MAX_EXPONENT_DIGITS: usize = 18;

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
