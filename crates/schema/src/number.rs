//! Numbers for the validator: exact, or refused.

use artifact::decimal::Decimal;
use artifact::{Kind, Problem, Value, escape};

/// The digits of a number that is compared: arithmetic with more of them takes quadratic time.
const MAX_NUMBER_DIGITS: usize = 1000;

/// Converts a number as written; equal numbers have equal text afterwards. `None` for one with too many digits.
pub(crate) fn exact(text: &str) -> Option<serde_json::Number> {
    Decimal::parse(text)?.plain(MAX_NUMBER_DIGITS)?.parse().ok()
}

/// Finds a number that cannot be compared exactly, because it has more than 1,000 digits.
#[must_use]
pub fn unsupported_number(document: &Value) -> Option<Problem> {
    let mut rest = vec![(String::new(), document)];
    while let Some((pointer, value)) = rest.pop() {
        match &value.kind {
            Kind::Number(text) if exact(text).is_none() => {
                let shown = value.show();
                return Some(Problem {
                    pointer,
                    span: value.span.clone(),
                    message: format!(
                        "the number {shown} has more than {MAX_NUMBER_DIGITS} digits, and cannot be compared exactly"
                    ),
                    help: Some("write a shorter number, or quote it as a string".into()),
                });
            }
            Kind::List(list) => {
                rest.extend(list.iter().enumerate().map(|(at, value)| (format!("{pointer}/{at}"), value)));
            }
            Kind::Map(map) => rest.extend(
                map.entries().map(|entry| (format!("{pointer}/{}", escape(&entry.key.name)), &entry.value)),
            ),
            _ => {}
        }
    }
    None
}
