//! Numbers in documents.

use artifact::{Kind, Value};

/// Returns the number that a value contains; `None` unless it is a finite number.
pub(crate) fn finite_number(value: &Value) -> Option<f64> {
    let number = match &value.kind {
        Kind::Integer(number) => number.to_string().parse::<f64>(),
        Kind::Number(text) => text.parse(),
        _ => return None,
    };
    number.ok().filter(|number| number.is_finite())
}
