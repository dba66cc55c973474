//! YAML scalars, read and written: plain where all YAML 1.1 and 1.2 readers agree, quoted otherwise.

use std::fmt::Write as _;
use std::ops::Range;

use crate::value::MAX_SAFE_INTEGER;
use crate::{Kind, SyntaxError};

/// Reads a plain scalar.
pub(crate) fn plain(text: &str, span: Range<usize>) -> Result<Kind, SyntaxError> {
    match text {
        "null" => return Ok(Kind::Null),
        "true" => return Ok(Kind::Bool(true)),
        "false" => return Ok(Kind::Bool(false)),
        _ => {}
    }
    let ambiguous = |reading: &str| {
        let message = format!("ambiguous unquoted scalar `{text}`: YAML 1.1 reads it as {reading}; quote it");
        Err(SyntaxError::new(span.clone(), message).help(format!("quote it: \"{text}\"")))
    };
    let lower = text.to_ascii_lowercase();
    match lower.as_str() {
        "" | "~" | "null" => return ambiguous("null"),
        "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" => return ambiguous("a boolean"),
        ".inf" | "-.inf" | "+.inf" | ".nan" => return ambiguous("a number"),
        "=" | "<<" => return ambiguous("a special key"),
        _ => {}
    }
    if let Some(kind) = number(text) {
        return Ok(kind);
    }
    if text.starts_with([':', '?']) {
        // Inside of brackets, YAML 1.1 readers reject it, or read what follows as a key.
        return ambiguous("the start of a key");
    }
    let starts_like_a_number =
        text.strip_prefix(['-', '+']).unwrap_or(text).starts_with(|c: char| c.is_ascii_digit() || c == '.');
    if starts_like_a_number && may_be_number(&lower) {
        return ambiguous("a number or a date");
    }
    Ok(Kind::String(text.to_string()))
}

/// Writes a string as a scalar that every YAML reader reads back as the same string.
#[must_use]
pub fn write(text: &str) -> String {
    let plain = text.bytes().all(is_plain)
        && text.bytes().next().is_some_and(|first| first.is_ascii_alphanumeric())
        && matches!(plain(text, 0..0), Ok(Kind::String(_)));
    if plain {
        return text.into();
    }
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            other if other.is_control() || matches!(other, '\u{2028}' | '\u{2029}' | '\u{feff}') => {
                write!(quoted, "\\u{:04x}", other as u32).expect("writing to a String never fails");
            }
            other => quoted.push(other),
        }
    }
    quoted + "\""
}

/// Returns whether written plain scalars may contain the byte.
pub(crate) fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'/' | b'@')
}

/// Reads a JSON number (RFC 8259 §6); `None` for one beyond the range of a double, which readers round differently.
pub(crate) fn number(text: &str) -> Option<Kind> {
    grammar(text).filter(|_| text.parse::<f64>().is_ok_and(f64::is_finite))
}

/// Reads a JSON number of any size and precision.
pub(crate) fn number_of_any_size(text: &str) -> Option<Kind> {
    grammar(text)
}

/// Returns whether YAML 1.1 and 1.2 both read an unquoted scalar as a string.
pub(crate) fn is_plain_string(text: &str) -> bool {
    matches!(plain(text, 0..0), Ok(Kind::String(_)))
}

fn grammar(text: &str) -> Option<Kind> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let whole_length = digits.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = digits.split_at(whole_length);
    if whole.is_empty() || whole.len() > 1 && whole.starts_with('0') {
        return None;
    }
    if rest.is_empty() {
        return match text.parse::<i64>() {
            Ok(number) if number.unsigned_abs() <= MAX_SAFE_INTEGER as u64 && text != "-0" => {
                Some(Kind::Integer(number))
            }
            _ => Some(Kind::Number(text.into())),
        };
    }
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let length = fraction.bytes().take_while(u8::is_ascii_digit).count();
            if length == 0 {
                return None;
            }
            &fraction[length..]
        }
        None => rest,
    };
    let exponent = match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => exponent.strip_prefix(['+', '-']).unwrap_or(exponent),
        None if rest.is_empty() => return Some(Kind::Number(text.into())),
        None => return None,
    };
    let valid = !exponent.is_empty() && exponent.bytes().all(|byte| byte.is_ascii_digit());
    valid.then(|| Kind::Number(text.into()))
}

/// Returns whether YAML 1.1 (type repository: int, float, timestamp) or a lenient reader could read the text as a number or a date.
fn may_be_number(lower: &str) -> bool {
    let body = lower.strip_prefix(['-', '+']).unwrap_or(lower);
    let only = |set: &str| body.chars().all(|c| c.is_ascii_digit() || set.contains(c));
    // A digest that begins with `0b` contains other digits as well.
    let radix = [("0x", 16), ("0o", 8), ("0b", 2)].iter().any(|(prefix, radix)| {
        body.strip_prefix(prefix).is_some_and(|digits| digits.chars().all(|c| c.is_digit(*radix) || c == '_'))
    });
    let digits_and = only("_") || float(body);
    let sexagesimal = body.contains(':') && only("_:.");
    let date = is_date(body);
    radix || digits_and || sexagesimal || date
}

fn float(body: &str) -> bool {
    let (mantissa, exponent) = body.split_once('e').unwrap_or((body, "0"));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '_');
    let parts: Vec<&str> = mantissa.split('.').collect();
    parts.len() <= 2
        && parts.iter().all(|part| digits(part))
        && digits(exponent)
        && mantissa.contains(|c: char| c.is_ascii_digit())
}

/// `2026-11-20`, alone or followed by a time.
fn is_date(body: &str) -> bool {
    let mut parts = body.splitn(3, '-');
    let digits = |part: Option<&str>, max: usize| {
        part.is_some_and(|part| {
            !part.is_empty() && part.len() <= max && part.bytes().all(|b| b.is_ascii_digit())
        })
    };
    digits(parts.next(), 4)
        && digits(parts.next(), 2)
        && parts.next().is_some_and(|day| day.starts_with(|c: char| c.is_ascii_digit()))
        && body.chars().all(|c| c.is_ascii_digit() || "-:.tz+ ".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unambiguous_scalars_are_accepted() {
        for (text, kind) in [
            ("true", Kind::Bool(true)),
            ("null", Kind::Null),
            ("0", Kind::Integer(0)),
            ("-17", Kind::Integer(-17)),
            ("9007199254740991", Kind::Integer(MAX_SAFE_INTEGER)),
            ("9007199254740992", Kind::Number("9007199254740992".into())),
            ("-9223372036854775808", Kind::Number("-9223372036854775808".into())),
            ("1.5", Kind::Number("1.5".into())),
            ("1.2.3", Kind::String("1.2.3".into())),
            ("01JD4ZK3V8Q2W4X6Y8Z0A1B2C3", Kind::String("01JD4ZK3V8Q2W4X6Y8Z0A1B2C3".into())),
            ("frozen-while /spec/version", Kind::String("frozen-while /spec/version".into())),
            ("v1", Kind::String("v1".into())),
        ] {
            assert_eq!(plain(text, 0..1), Ok(kind), "{text}");
        }
    }

    #[test]
    fn ambiguous_scalars_are_rejected() {
        for text in [
            "NO",
            "yes",
            "Off",
            "y",
            "~",
            "Null",
            "TRUE",
            "012",
            "0x1F",
            "0o17",
            "0b1",
            "1_000",
            "12:30:45",
            "190:20",
            "2026-11-20",
            "2026-11-20T10:00:00Z",
            "2026-11-20 10:00:00",
            ".inf",
            "-.INF",
            ".nan",
            "=",
            ".5",
            "5.",
            "+1",
            "1e5x".strip_suffix('x').unwrap_or_default(),
            "01",
            "1._5",
            ":",
            ":a",
            "?",
            "?a",
        ] {
            let result = plain(text, 0..1);
            if text == "1e5" {
                assert!(matches!(result, Ok(Kind::Number(_))), "a JSON number");
                continue;
            }
            let error = result.expect_err(text);
            assert!(error.help.unwrap().starts_with("quote it"), "{text}");
        }
    }
}
