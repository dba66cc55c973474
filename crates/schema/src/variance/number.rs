//! Numbers and values, compared as a validator compares them.

use std::cmp::Ordering;

use artifact::{Kind, Value};

/// The digits of a number that is compared; of a longer one nothing is concluded.
const MAX_DIGITS: usize = 38;

/// A number, exact: `digits × 10^exponent`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    /// The last digit is not zero; zero for zero.
    digits: i128,
    exponent: i32,
}

impl Number {
    /// Reads a number; `None` for one with more than 38 digits.
    pub(super) fn of(value: &Value) -> Option<Number> {
        let text = value.as_decimal()?.plain(MAX_DIGITS)?;
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let digits = format!("{whole}{fraction}").parse().ok()?;
        Some(Number::normal(digits, -i32::try_from(fraction.len()).ok()?))
    }

    pub(super) fn whole(number: i128) -> Number {
        Number::normal(number, 0)
    }

    fn normal(mut digits: i128, mut exponent: i32) -> Number {
        if digits == 0 {
            return Number { digits, exponent: 0 };
        }
        while digits % 10 == 0 {
            digits /= 10;
            exponent += 1;
        }
        Number { digits, exponent }
    }

    /// Returns the digits at a lower exponent, where they fit.
    fn scaled(self, exponent: i32) -> Option<i128> {
        let places = u32::try_from(self.exponent - exponent).ok()?;
        self.digits.checked_mul(10i128.checked_pow(places)?)
    }

    /// Returns whether it has no fraction.
    pub(super) fn is_whole(self) -> bool {
        self.exponent >= 0
    }

    fn compare(self, other: Number) -> Ordering {
        let lowest = self.exponent.min(other.exponent);
        if let Some((a, b)) = self.scaled(lowest).zip(other.scaled(lowest)) {
            return a.cmp(&b);
        }
        // One of them is longer by so many places that only signs and lengths count.
        let length =
            |number: Number| i64::from(number.digits.unsigned_abs().ilog10()) + i64::from(number.exponent);
        match (self.digits.signum(), other.digits.signum()) {
            (a, b) if a != b => a.cmp(&b),
            (1, _) => length(self).cmp(&length(other)),
            _ => length(other).cmp(&length(self)),
        }
    }

    pub(super) fn is_less(self, other: Number) -> bool {
        self.compare(other).is_lt()
    }

    pub(super) fn is_at_most(self, other: Number) -> bool {
        self.compare(other).is_le()
    }

    /// Returns whether every multiple of it certainly is one of the other.
    pub(super) fn is_multiple_of(self, other: Number) -> bool {
        let lowest = self.exponent.min(other.exponent);
        let scaled = self.scaled(lowest).zip(other.scaled(lowest));
        scaled.is_some_and(|(a, b)| b != 0 && a % b == 0)
    }

    /// Returns the greatest integer that is at most this number, or less than it if `below`.
    pub(super) fn floor(self, below: bool) -> Option<Number> {
        match self.scaled(0) {
            Some(number) => Some(Number::whole(number.checked_sub(i128::from(below))?)),
            None => self.quotient(i128::div_euclid),
        }
    }

    /// Returns the least integer that is at least this number, or greater than it if `above`.
    pub(super) fn ceil(self, above: bool) -> Option<Number> {
        match self.scaled(0) {
            Some(number) => Some(Number::whole(number.checked_add(i128::from(above))?)),
            None => self.quotient(|number, unit| number.div_euclid(unit) + 1),
        }
    }

    /// Divides the digits of a fraction by its unit.
    fn quotient(self, divide: impl Fn(i128, i128) -> i128) -> Option<Number> {
        let unit = 10i128.checked_pow(u32::try_from(-self.exponent).ok()?)?;
        Some(Number::whole(divide(self.digits, unit)))
    }
}

/// Writes a value such that exactly the equal values have equal text (JSON Schema Core 2020-12 §4.2.2).
pub(super) fn canonical(value: &Value) -> String {
    fn write(value: &Value, out: &mut String) {
        match &value.kind {
            Kind::Null => out.push_str("null"),
            Kind::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Kind::Integer(number) => out.push_str(&number.to_string()),
            Kind::Number(text) => match crate::number::exact(text) {
                Some(number) => out.push_str(number.as_str()),
                // Not comparable: a schema or document with such a number is refused.
                None => out.push_str(text),
            },
            Kind::String(text) => out.push_str(&format!("{text:?}")),
            Kind::List(list) => {
                out.push('[');
                for value in list {
                    write(value, out);
                    out.push(',');
                }
                out.push(']');
            }
            Kind::Map(map) => {
                let mut entries: Vec<_> = map.entries().collect();
                entries.sort_by(|a, b| a.key.name.cmp(&b.key.name));
                out.push('{');
                for entry in entries {
                    out.push_str(&format!("{:?}:", entry.key.name));
                    write(&entry.value, out);
                    out.push(',');
                }
                out.push('}');
            }
        }
    }
    let mut out = String::new();
    write(value, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Number {
        Number::of(&Value::new(Kind::Number(text.into()), 0..0)).unwrap()
    }

    #[test]
    fn numbers_are_compared_exactly() {
        for (less, more) in [
            ("9007199254740992", "9007199254740993"),
            ("0.3", "0.30000000000000000001"),
            ("-9007199254740993", "-9007199254740992.5"),
            ("-1e36", "-1e-36"),
            ("1e-36", "1e36"),
            ("1", "1e37"),
            ("-1e37", "-1"),
            ("99999999999999999999999999999999999999", "1e38"),
        ] {
            let Some(more) = Number::of(&Value::new(Kind::Number(more.into()), 0..0)) else {
                assert_eq!(more, "1e38");
                continue;
            };
            assert!(number(less).is_less(more) && !more.is_at_most(number(less)), "{less} {more:?}");
        }
        assert!(number("1.50e1").is_at_most(number("15")) && number("15").is_at_most(number("1.50e1")));
    }

    #[test]
    fn multiples_and_integers_around_fractions_are_exact() {
        for (a, b, expected) in [
            ("9007199254740993", "2", false),
            ("9007199254740994", "2", true),
            ("0.3", "0.1", true),
            ("0.3", "0.2", false),
            ("1e36", "1e-3", false),
            ("5", "0", false),
        ] {
            assert_eq!(number(a).is_multiple_of(number(b)), expected, "{a} {b}");
        }
        let whole = |number: Option<Number>| number.map(|number| number.scaled(0).unwrap());
        assert_eq!(whole(number("9007199254740993.5").floor(true)), Some(9_007_199_254_740_993));
        assert_eq!(whole(number("9007199254740993.5").ceil(false)), Some(9_007_199_254_740_994));
        assert_eq!(whole(number("-0.5").floor(false)), Some(-1));
        assert_eq!(whole(number("-0.5").ceil(false)), Some(0));
        assert_eq!(whole(number("7").floor(true)), Some(6));
        assert_eq!(whole(number("7").ceil(true)), Some(8));
        assert!(!number("1.00000000000000000000001").is_whole());
    }
}
