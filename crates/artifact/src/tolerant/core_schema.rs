//! Unquoted YAML scalars: what the core schema of YAML 1.2 reads, and where YAML 1.1 reads something else.

use crate::value::{MAX_SAFE_INTEGER, Notation};
use crate::{Kind, scalar};

/// An unquoted scalar: its kind, and its notation where that counts.
pub(super) fn read(text: &str) -> (Kind, Notation) {
    let kind = kind(text);
    let canonical = match &kind {
        Kind::Integer(number) => Some(number.to_string()),
        Kind::Number(text) => Some(text.clone()),
        Kind::Bool(truth) => Some(truth.to_string()),
        // A string is its own text.
        Kind::String(_) | Kind::Null | Kind::List(_) | Kind::Map(_) => None,
    };
    let is_ambiguous = !is_read_alike(text, &kind);
    let is_needed = is_ambiguous || canonical.is_some_and(|canonical| canonical != text);
    (kind, Notation { plain: is_needed.then(|| text.to_string()), is_ambiguous, tag: None })
}

/// Reads a scalar by the core schema (YAML 1.2.2 §10.3.2).
fn kind(text: &str) -> Kind {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Kind::Null,
        "true" | "True" | "TRUE" => return Kind::Bool(true),
        "false" | "False" | "FALSE" => return Kind::Bool(false),
        _ => {}
    }
    let integer = decimal_integer(text).or_else(|| radix_integer(text)).or_else(|| float(text));
    integer.unwrap_or_else(|| Kind::String(text.into()))
}

fn unsigned(text: &str) -> (&str, &str) {
    match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    }
}

/// `[-+]? [0-9]+`, of any length.
fn decimal_integer(text: &str) -> Option<Kind> {
    let (sign, digits) = unsigned(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let significant = digits.trim_start_matches('0');
    Some(integer(sign, if significant.is_empty() { "0" } else { significant }))
}

/// `0o[0-7]+` and `0x[0-9a-fA-F]+`; a longer number than 128 bits, such as an address, stays text.
fn radix_integer(text: &str) -> Option<Kind> {
    let (digits, radix) = match text.strip_prefix("0o") {
        Some(digits) => (digits, 8),
        None => (text.strip_prefix("0x")?, 16),
    };
    let valid = digits.starts_with(|digit: char| digit.is_digit(radix));
    let number = u128::from_str_radix(digits, radix).ok().filter(|_| valid)?;
    Some(integer("", &number.to_string()))
}

fn integer(sign: &str, digits: &str) -> Kind {
    let text = format!("{sign}{digits}");
    match text.parse::<i64>() {
        Ok(number) if number.unsigned_abs() <= MAX_SAFE_INTEGER as u64 => Kind::Integer(number),
        _ => Kind::Number(text),
    }
}

/// `[-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`, as JSON writes it.
fn float(text: &str) -> Option<Kind> {
    let (sign, rest) = unsigned(text);
    let (mantissa, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], &rest[at..]),
        None => (rest, ""),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || whole.is_empty() && fraction.is_empty() {
        return None;
    }
    if !exponent.is_empty() {
        let power = exponent[1..].strip_prefix(['-', '+']).unwrap_or(&exponent[1..]);
        if power.is_empty() || !digits(power) {
            return None;
        }
    }
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    let point = if fraction.is_empty() { "" } else { "." };
    let number = format!("{sign}{whole}{point}{fraction}{exponent}");
    // Beyond the range of a double every reader sees something else, as in the digest `12e4567`.
    number.parse::<f64>().is_ok_and(f64::is_finite).then_some(Kind::Number(number))
}

/// Returns whether YAML 1.1 (type repository) reads the scalar as the core schema of YAML 1.2 does.
fn is_read_alike(text: &str, kind: &Kind) -> bool {
    match kind {
        Kind::Null | Kind::Bool(_) => true,
        Kind::Integer(_) | Kind::Number(_) if text.starts_with("0x") => true,
        Kind::Integer(_) | Kind::Number(_) => is_number_of_both(unsigned(text).1),
        _ => scalar::is_plain_string(text),
    }
}

/// YAML 1.1 reads a leading zero as octal, and an exponent only after a point and with a sign.
fn is_number_of_both(digits: &str) -> bool {
    let Some((whole, fraction)) = digits.split_once('.') else {
        return digits == "0" || !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
    };
    let exponent = fraction.split_once(['e', 'E']).map(|(_, exponent)| exponent);
    // Some readers want a digit before the point.
    !whole.is_empty() && exponent.is_none_or(|exponent| exponent.starts_with(['-', '+']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(text: &str) -> Kind {
        Kind::Number(text.into())
    }

    fn string(text: &str) -> Kind {
        Kind::String(text.into())
    }

    #[test]
    fn the_core_schema_is_read() {
        for (text, expected) in [
            ("", Kind::Null),
            ("~", Kind::Null),
            ("NULL", Kind::Null),
            ("True", Kind::Bool(true)),
            ("012", Kind::Integer(12)),
            ("+12", Kind::Integer(12)),
            ("-0", Kind::Integer(0)),
            ("0o17", Kind::Integer(15)),
            ("0x1F", Kind::Integer(31)),
            ("9007199254740993", number("9007199254740993")),
            ("340282366920938463463374607431768211457", number("340282366920938463463374607431768211457")),
            (".5", number("0.5")),
            ("5.", number("5")),
            ("+1.50", number("1.50")),
            ("1e5", number("1e5")),
            ("1.10", number("1.10")),
            ("on", string("on")),
            ("2015-10-27", string("2015-10-27")),
            ("22:22", string("22:22")),
            ("1_000", string("1_000")),
            ("0b1", string("0b1")),
            (
                "0b661de59e5e083316f6fa1bb63a1693536ced9b55916415c527a4f9cfa005c7",
                string("0b661de59e5e083316f6fa1bb63a1693536ced9b55916415c527a4f9cfa005c7"),
            ),
            ("12e4567", string("12e4567")),
            ("0o8", string("0o8")),
            ("0x+1", string("0x+1")),
            (".", string(".")),
            (".inf", string(".inf")),
            ("1.2.3", string("1.2.3")),
        ] {
            assert_eq!(kind(text), expected, "{text}");
        }
    }

    #[test]
    fn versions_disagree_about_the_listed_scalars() {
        for text in [
            "on",
            "Yes",
            "n",
            "012",
            "0o17",
            "0b1",
            "1_000",
            "22:22",
            "2015-10-27",
            "2026-11-20T10:00:00Z",
            "1e5",
            "1.5e3",
            ".5",
            ".inf",
            "=",
        ] {
            assert!(read(text).1.is_ambiguous, "{text}");
        }
        for text in [
            "",
            "~",
            "True",
            "12",
            "-12",
            "+12",
            "0",
            "0x1F",
            "1.10",
            "-1.5e+3",
            "word",
            "0b661de59e5e",
            "1.2.3",
            "v1",
        ] {
            assert!(!read(text).1.is_ambiguous, "{text}");
        }
    }
}
