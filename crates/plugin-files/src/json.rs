//! JSON output: sorted keys, two-space indentation, final newline.

use serde_json::Value;

/// Formats a document.
pub(crate) fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}
