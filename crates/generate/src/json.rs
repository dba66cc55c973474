//! JSON out: sorted keys, two spaces, a line feed at the end.

use serde_json::Value;

/// Writes a document for people and diffs.
pub(crate) fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
