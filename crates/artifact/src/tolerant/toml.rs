//! TOML, whose dates keep their source text.

use std::ops::Range;

use toml_edit::{Document, Item, Key as TomlKey, TableLike, Value as TomlValue};

use crate::value::{MAX_SAFE_INTEGER, Notation};
use crate::{Budget, Key, Kind, Map, SyntaxError, Value};

/// Reads the TOML of a range of the text; spans are relative to the start of the text.
pub(super) fn read(text: &str, range: Range<usize>, budget: &mut Budget<'_>) -> Result<Value, SyntaxError> {
    let source = &text[range.clone()];
    let document = Document::parse(source).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        let message = format!("invalid TOML: {}", error.message().lines().next().unwrap_or_default());
        SyntaxError::new(range.start + span.start..range.start + span.end, message)
    })?;
    let mut reader = Reader { source, offset: range.start, budget };
    reader.table(document.as_table(), range, 0)
}

struct Reader<'t, 'b, 'l> {
    source: &'t str,
    offset: usize,
    budget: &'b mut Budget<'l>,
}

impl Reader<'_, '_, '_> {
    fn place(&self, span: Option<Range<usize>>) -> Option<Range<usize>> {
        span.map(|span| self.offset + span.start..self.offset + span.end)
    }

    fn table(
        &mut self,
        table: &dyn TableLike,
        span: Range<usize>,
        depth: usize,
    ) -> Result<Value, SyntaxError> {
        self.budget.depth(depth + 1, &span)?;
        self.budget.node(&span)?;
        let mut map = Map::default();
        for (name, _) in table.iter() {
            let Some((key, item)) = table.get_key_value(name) else { continue };
            let key_span = self.key_span(key).unwrap_or_else(|| span.clone());
            let value = self.item(item, key_span.clone(), depth + 1)?;
            // The parser rejects a key that is repeated.
            map.insert(Key { name: name.into(), span: key_span }, value).ok();
        }
        Ok(Value::new(Kind::Map(map), span))
    }

    fn key_span(&self, key: &TomlKey) -> Option<Range<usize>> {
        self.place(key.span())
    }

    /// Reads an item; a table that only the keys of others imply is at its key.
    fn item(&mut self, item: &Item, key: Range<usize>, depth: usize) -> Result<Value, SyntaxError> {
        match item {
            Item::Table(table) => {
                let span = self.place(table.span()).unwrap_or(key);
                self.table(table, span, depth)
            }
            Item::ArrayOfTables(tables) => {
                let span = self.place(tables.span()).unwrap_or_else(|| key.clone());
                self.budget.depth(depth + 1, &span)?;
                self.budget.node(&span)?;
                let list = tables.iter().map(|table| {
                    let span = self.place(table.span()).unwrap_or_else(|| key.clone());
                    self.table(table, span, depth + 1)
                });
                Ok(Value::new(Kind::List(list.collect::<Result<_, _>>()?), span))
            }
            Item::Value(value) => self.value(value, key, depth),
            Item::None => Ok(Value::new(Kind::Null, key)),
        }
    }

    fn value(&mut self, value: &TomlValue, key: Range<usize>, depth: usize) -> Result<Value, SyntaxError> {
        let local = value.span();
        let raw = local.clone().and_then(|span| self.source.get(span)).unwrap_or_default();
        let span = self.place(local).unwrap_or(key);
        let kind = match value {
            TomlValue::InlineTable(table) => return self.table(table, span, depth),
            TomlValue::Array(array) => {
                self.budget.depth(depth + 1, &span)?;
                let list = array.iter().map(|value| self.value(value, span.clone(), depth + 1));
                Kind::List(list.collect::<Result<_, _>>()?)
            }
            TomlValue::String(text) => Kind::String(text.value().clone()),
            TomlValue::Boolean(truth) => Kind::Bool(*truth.value()),
            TomlValue::Integer(number) => match *number.value() {
                number if number.unsigned_abs() <= MAX_SAFE_INTEGER as u64 => Kind::Integer(number),
                number => Kind::Number(number.to_string()),
            },
            TomlValue::Float(number) if number.value().is_finite() => {
                Kind::Number(raw.trim_start_matches('+').replace('_', ""))
            }
            // Infinity, and dates: JSON has no such types.
            TomlValue::Float(_) | TomlValue::Datetime(_) => Kind::String(raw.into()),
        };
        self.budget.node(&span)?;
        let mut value_read = Value::new(kind, span);
        if value.is_integer() || value.is_float() || value.is_datetime() {
            let is_ambiguous = matches!(value_read.kind, Kind::String(_));
            if is_ambiguous || value_read.source_text().is_some_and(|text| text != raw) {
                let notation = Notation { plain: Some(raw.into()), is_ambiguous, tag: None };
                value_read.notation = Some(Box::new(notation));
            }
        }
        Ok(value_read)
    }
}
