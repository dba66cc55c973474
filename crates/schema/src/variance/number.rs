//! Numbers and values, compared as a validator compares them.

use artifact::{Kind, Value};

/// Every reader represents integers up to this one exactly (RFC 8259 §6).
const MAX_EXACT_INTEGER: i128 = 1 << 53;

/// A number: exact if it is an integer, and as a double.
#[derive(Debug, Clone, Copy)]
pub(super) struct Number {
    whole: Option<i128>,
    float: f64,
}

impl Number {
    /// Reads a number within the range of a double.
    pub(super) fn of(value: &Value) -> Option<Number> {
        match &value.kind {
            Kind::Integer(number) => Some(Number::whole(i128::from(*number))),
            Kind::Number(text) => {
                let float = text.parse::<f64>().ok().filter(|float| float.is_finite())?;
                let whole = text.parse::<i128>().ok().or_else(|| {
                    // `1.0` is whole (JSON Schema Core 2020-12 §4.2.3).
                    (float.fract() == 0.0 && float.abs() <= MAX_EXACT_INTEGER as f64).then_some(float as i128)
                });
                Some(Number { whole, float })
            }
            _ => None,
        }
    }

    pub(super) fn whole(number: i128) -> Number {
        Number { whole: Some(number), float: number as f64 }
    }

    /// Returns whether it has no fraction.
    pub(super) fn is_whole(self) -> bool {
        self.float.fract() == 0.0
    }

    /// Returns whether it is less, to exact readers and to all others.
    pub(super) fn is_less(self, other: Number) -> bool {
        self.float < other.float && self.exactly(other, |a, b| a < b)
    }

    /// Returns whether it is at most the other, to exact readers and to all others.
    pub(super) fn is_at_most(self, other: Number) -> bool {
        self.float <= other.float && self.exactly(other, |a, b| a <= b)
    }

    fn exactly(self, other: Number, compare: impl Fn(i128, i128) -> bool) -> bool {
        self.whole.zip(other.whole).is_none_or(|(a, b)| compare(a, b))
    }

    /// Returns whether every multiple of it is one of the other. Fractions are only compared for equality, because readers divide them differently.
    pub(super) fn is_multiple_of(self, other: Number) -> bool {
        match self.whole.zip(other.whole) {
            Some((a, b)) => {
                a == b || b != 0 && a % b == 0 && a.abs() <= MAX_EXACT_INTEGER && b.abs() <= MAX_EXACT_INTEGER
            }
            None => self.float == other.float,
        }
    }

    /// Returns the greatest integer that is at most this number, or less than it if `below`.
    pub(super) fn floor(self, below: bool) -> Option<Number> {
        match self.whole {
            Some(number) if number.abs() < MAX_EXACT_INTEGER => {
                Some(Number::whole(number - i128::from(below)))
            }
            Some(_) => None,
            None => (self.float.abs() < MAX_EXACT_INTEGER as f64)
                .then(|| Number::whole(self.float.floor() as i128)),
        }
    }

    /// Returns the least integer that is at least this number, or greater than it if `above`.
    pub(super) fn ceil(self, above: bool) -> Option<Number> {
        match self.whole {
            Some(number) if number.abs() < MAX_EXACT_INTEGER => {
                Some(Number::whole(number + i128::from(above)))
            }
            Some(_) => None,
            None => (self.float.abs() < MAX_EXACT_INTEGER as f64)
                .then(|| Number::whole(self.float.ceil() as i128)),
        }
    }
}

/// Writes a value such that exactly the equal values have equal text (JSON Schema Core 2020-12 §4.2.2).
pub(super) fn canonical(value: &Value) -> String {
    fn write(value: &Value, out: &mut String) {
        match &value.kind {
            Kind::Null => out.push_str("null"),
            Kind::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
            Kind::Integer(number) => out.push_str(&number.to_string()),
            Kind::Number(_) => match Number::of(value) {
                None => out.push_str("null"),
                Some(Number { whole: Some(whole), .. }) if whole.abs() < MAX_EXACT_INTEGER => {
                    out.push_str(&whole.to_string());
                }
                Some(number) => out.push_str(&format!("{:e}", number.float)),
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
