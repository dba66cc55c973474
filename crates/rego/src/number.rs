//! Numbers that the engine keeps exactly: integers of any length, and fractions that a double represents uniquely.

use serde_json::Value;

/// The significant digits that every double keeps.
const EXACT_DIGITS: usize = 15;

/// Returns whether the engine compares a number as written exactly: two such numbers are never rounded to one.
pub(crate) fn is_exact(text: &str) -> bool {
    let unsigned = text.trim_start_matches('-');
    let mantissa = unsigned.split(['e', 'E']).next().unwrap_or_default();
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.trim_matches('0').len() <= EXACT_DIGITS {
        // Beyond its range, a double is rounded to zero.
        return text.parse::<f64>().is_ok_and(|float| float != 0.0 || digits.trim_matches('0').is_empty());
    }
    let fraction = fraction.trim_end_matches('0');
    if mantissa.len() < unsigned.len() {
        return false;
    }
    // The shortest text of a double names only this double.
    fraction.is_empty()
        || text.parse::<f64>().is_ok_and(|float| float.abs().to_string() == format!("{whole}.{fraction}"))
}

/// Finds a number that the engine would round: its pointer, and its text.
pub(crate) fn inexact(value: &Value) -> Option<(String, String)> {
    let mut rest = vec![(String::new(), value)];
    while let Some((pointer, value)) = rest.pop() {
        match value {
            Value::Number(number) if !is_exact(number.as_str()) => {
                return Some((pointer, number.as_str().into()));
            }
            Value::Array(list) => {
                rest.extend(list.iter().enumerate().map(|(at, value)| (format!("{pointer}/{at}"), value)));
            }
            Value::Object(map) => rest.extend(map.iter().map(|(key, value)| {
                (format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1")), value)
            })),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounded_numbers_are_found() {
        for (text, expected) in [
            ("0", true),
            ("0.0", true),
            ("9007199254740993", true),
            ("-340282366920938463463374607431768211457", true),
            ("9007199254740993.0", true),
            ("0.1", true),
            ("0.30000000000000004", true),
            ("-0.300000000000000040", true),
            ("0.30000000000000000001", false),
            ("1.00000000000000000000001", false),
            ("9007199254740993.5", false),
            ("1.5e300", true),
            ("1.2345678901234567e3", false),
            ("1e-400", false),
        ] {
            assert_eq!(is_exact(text), expected, "{text}");
        }
        let value: Value = serde_json::from_str(r#"{"a/b": [1, {"c": 0.30000000000000000001}]}"#).unwrap();
        assert_eq!(inexact(&value), Some(("/a~1b/1/c".into(), "0.30000000000000000001".into())));
    }
}
