//! A table for people: the plugins with a spec, then those of each other system.

use super::manifests::ManifestRow;
use super::specs::SpecRow;
use super::{DialectRows, Listed};
use crate::columns::table;
use crate::plugin::doctor::NONE_ENABLED;

/// Returns the list.
pub(super) fn text(listed: &Listed<'_>) -> String {
    let mut blocks = vec![specs(&listed.specs)];
    blocks.extend(listed.dialects.iter().map(manifests));
    let warnings = listed.dialects.iter().flat_map(|rows| &rows.rows).filter_map(ManifestRow::warning);
    blocks.push(warnings.map(|text| line(&text)).collect());
    blocks.retain(|block| !block.is_empty());
    if blocks.is_empty() {
        let mut text = "no plugin found; create one: id-plugin new \"Local Preview\"\n".to_string();
        if !listed.has_systems {
            text += &line(NONE_ENABLED);
        }
        return text;
    }
    blocks.join("\n")
}

fn specs(rows: &[SpecRow]) -> String {
    let cells = |row: &SpecRow| {
        [&row.key, &row.version, &row.status, row.language, &row.path, &row.files].map(String::from).to_vec()
    };
    table(&rows.iter().map(cells).collect::<Vec<_>>())
}

fn manifests(rows: &DialectRows<'_>) -> String {
    let cells = |row: &ManifestRow<'_>| {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".into());
        let columns = row.row.columns.iter().filter(|cell| cell.name != "description");
        let columns: Vec<String> = columns.map(|cell| format!("{}={}", cell.name, cell.text())).collect();
        let state = if row.is_valid() { "valid" } else { "invalid" };
        vec![
            or_dash(&row.row.identity),
            or_dash(&row.row.version),
            rows.pack.to_string(),
            state.into(),
            row.path.clone(),
            columns.join(" "),
        ]
    };
    table(&rows.rows.iter().map(cells).collect::<Vec<_>>())
}

fn line(text: &str) -> String {
    diagnostic::sanitise::text(text.trim_end()) + "\n"
}
