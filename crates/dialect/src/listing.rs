//! A manifest as a row of a list.

use artifact::{Kind, Value};
use policy::Dialect;

use crate::manifest::Manifest;

/// A manifest as a row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The identity; none if the manifest has no valid one.
    pub identity: Option<String>,
    /// The version, as the manifest writes it.
    pub version: Option<String>,
    /// The columns of the dialect, in its order; only those that the manifest has.
    pub columns: Vec<Cell>,
}

/// A value of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// The column.
    pub name: String,
    /// Its values: one, or those of a list.
    pub values: Vec<String>,
    /// Whether the manifest contains a list or a mapping there.
    pub is_list: bool,
}

impl Cell {
    /// Returns the text of the cell.
    #[must_use]
    pub fn text(&self) -> String {
        self.values.join(",")
    }
}

impl Row {
    /// Returns a column.
    #[must_use]
    pub fn cell(&self, name: &str) -> Option<&Cell> {
        self.columns.iter().find(|cell| cell.name == name)
    }

    /// Returns the text of a column.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.cell(name).map(Cell::text)
    }
}

/// Makes the row of a manifest. What cannot be read is missing in it.
#[must_use]
pub fn row(dialect: &Dialect, manifest: &Manifest) -> Row {
    let columns = dialect.list.columns.iter().filter_map(|column| {
        let document = manifest.document.as_ref().ok()?;
        let found = column.at.select(document);
        let is_list = found.len() != 1
            || found.iter().any(|(_, value)| value.as_list().is_some() || value.as_map().is_some());
        let values: Vec<String> = found.into_iter().flat_map(|(_, value)| texts(value)).collect();
        (!values.is_empty()).then(|| Cell { name: column.name.clone(), values, is_list })
    });
    Row {
        identity: manifest.identity(&dialect.identity),
        version: dialect.version_pointer().and_then(|pointer| manifest.text_at(pointer)),
        columns: columns.collect(),
    }
}

/// Returns the texts of a value: itself, the elements of a list, or the keys of a mapping.
fn texts(value: &Value) -> Vec<String> {
    match &value.kind {
        Kind::List(list) => list.iter().filter_map(text).collect(),
        Kind::Map(map) => map.entries().map(|entry| entry.key.name.clone()).collect(),
        _ => text(value).into_iter().collect(),
    }
}

fn text(value: &Value) -> Option<String> {
    value.source_text().map(std::borrow::Cow::into_owned)
}
