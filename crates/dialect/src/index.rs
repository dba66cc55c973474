//! The content of the index of plugins: what a database of them contains.

use artifact::Value;

/// Writes a document as JSON (RFC 8259) with sorted keys and exact numbers. What only YAML can write is what its core schema reads: `yes` and
/// `.inf` are strings, `0x1F` is 31. A number with more than 1,000 digits, which nothing compares, is `null`.
#[must_use]
pub fn document_json(document: &Value) -> String {
    schema::json(document).to_string()
}

/// The manifests of a tree, what they declare, and what is wrong with them. Equal trees give equal indexes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct PluginIndex {
    /// The manifests, by dialect and path.
    pub plugins: Vec<PluginRow>,
    /// The capabilities that they name, by dialect, path and name.
    pub capabilities: Vec<CapabilityRow>,
    /// The findings, by dialect, path and place.
    pub diagnostics: Vec<DiagnosticRow>,
}

/// A manifest.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PluginRow {
    /// The dialect.
    pub dialect: String,
    /// The path of the manifest.
    pub path: String,
    /// Its identity.
    pub identity: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// The column `kind`.
    pub kind: Option<String>,
    /// The column `mode`.
    pub mode: Option<String>,
    /// The column `trust`.
    pub trust: Option<String>,
    /// Whether no finding at level deny is about it.
    pub is_valid: bool,
    /// The document as JSON, by [`document_json`]; none if it cannot be read.
    pub json: Option<String>,
    /// The object id that git gives the file.
    pub blob: String,
}

/// A capability that a manifest names.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CapabilityRow {
    /// The dialect.
    pub dialect: String,
    /// The path of the manifest.
    pub path: String,
    /// The capability.
    pub name: String,
}

/// A finding about a manifest.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DiagnosticRow {
    /// The dialect.
    pub dialect: String,
    /// The path of the manifest.
    pub path: String,
    /// The line, from 1.
    pub line: Option<u32>,
    /// The JSON pointer.
    pub pointer: Option<String>,
    /// The code, as in `SCH006`.
    pub code: String,
    /// The name of the rule.
    pub rule: String,
    /// The message.
    pub message: String,
}
