//! How manifests are listed.

use super::PointerPattern;

/// How manifests are listed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListForm {
    /// The JSON pointer of the version; that of the artifact by default.
    pub version: Option<String>,
    /// The columns after identity and version, in order.
    pub columns: Vec<Column>,
    /// The plain form, where the plugin system has one of its own.
    pub plain: Option<PlainForm>,
}

/// A column of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Where its value is.
    pub at: PointerPattern,
}

/// The plain form of a list, as the plugin system itself prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlainForm {
    /// The lines before the first plugin.
    pub heading: Vec<String>,
    /// The lines of a plugin; `{name}` is replaced by the value of a column, `{identity}`, `{version}` or `{path}`.
    pub plugin: Vec<String>,
}
