//! Values of facts.

use artifact::{Key, Kind, Map, MapEntry, Value};

pub(super) fn null() -> Value {
    Value::new(Kind::Null, 0..0)
}

pub(super) fn string(text: &str) -> Value {
    Value::new(Kind::String(text.into()), 0..0)
}

/// A string, or null.
pub(super) fn optional(text: Option<&str>) -> Value {
    text.map_or_else(null, string)
}

pub(super) fn truth(truth: bool) -> Value {
    Value::new(Kind::Bool(truth), 0..0)
}

pub(super) fn integer(number: usize) -> Value {
    Value::new(Kind::Integer(i64::try_from(number).unwrap_or(i64::MAX)), 0..0)
}

pub(super) fn list(values: impl IntoIterator<Item = Value>) -> Value {
    Value::new(Kind::List(values.into_iter().collect()), 0..0)
}

/// A mapping; of several entries with one name the first stays.
pub(super) fn mapping<'n>(entries: impl IntoIterator<Item = (&'n str, Value)>) -> Value {
    let entry = |(name, value): (&str, Value)| MapEntry { key: Key { name: name.into(), span: 0..0 }, value };
    Value::new(Kind::Map(entries.into_iter().map(entry).collect::<Map>()), 0..0)
}
