//! The list for programs.

use serde_json::{Map, Value, json};

use super::manifests::ManifestRow;
use super::specs::SpecRow;
use super::{Listed, PLUGIN_SPEC};
use crate::output;

/// Returns the list.
pub(super) fn text(listed: &Listed<'_>) -> String {
    let specs = listed.specs.iter().map(spec);
    let manifests = listed.dialects.iter().flat_map(|rows| &rows.rows).map(manifest);
    let plugins: Vec<Value> = specs.chain(manifests).collect();
    output::json(&json!({"schema_version": 1, "plugins": plugins}))
}

fn spec(row: &SpecRow) -> Value {
    json!({
        "dialect": PLUGIN_SPEC, "key": row.key, "version": row.version, "status": row.status,
        "language": row.language, "path": row.path, "derived": row.files,
    })
}

fn manifest(row: &ManifestRow<'_>) -> Value {
    let columns: Map<String, Value> = row
        .row
        .columns
        .iter()
        .map(|cell| {
            let value = if cell.is_list { json!(cell.values) } else { json!(cell.text()) };
            (cell.name.clone(), value)
        })
        .collect();
    let problems: Vec<Value> = row
        .problems
        .iter()
        .map(|problem| {
            json!({"pointer": problem.pointer, "line": problem.line, "message": problem.message, "help": problem.help})
        })
        .collect();
    json!({
        "dialect": row.dialect.pack, "identity": row.row.identity, "version": row.row.version, "path": row.path,
        "valid": row.is_valid(), "columns": columns, "problems": problems,
    })
}
