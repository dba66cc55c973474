//! The plain form: lines without alignment or colour, for each plugin system as it prints them itself.

use policy::PlainForm;

use super::manifests::ManifestRow;
use super::{DialectRows, Listed};

/// Returns the list.
pub(super) fn text(listed: &Listed<'_>) -> String {
    let is_only = listed.dialects.len() == 1 && listed.specs.is_empty();
    let mut blocks: Vec<String> = Vec::new();
    for rows in listed.dialects.iter().filter(|rows| is_only || !rows.rows.is_empty()) {
        blocks.push(block(rows));
    }
    let specs = listed
        .specs
        .iter()
        .map(|row| line(&format!("{} {} | status={} | path={}", row.key, row.version, row.status, row.path)));
    let specs: String = specs.collect();
    blocks.extend(Some(specs).filter(|specs| !specs.is_empty()));
    let warnings = listed.dialects.iter().flat_map(|rows| &rows.rows).filter_map(ManifestRow::warning);
    let warnings: String = warnings.map(|warning| line(&warning)).collect();
    blocks.extend(Some(warnings).filter(|warnings| !warnings.is_empty()));
    blocks.join("\n")
}

fn block(rows: &DialectRows<'_>) -> String {
    let form = |row: &ManifestRow<'_>| row.dialect.list.plain.clone();
    let heading = rows.rows.iter().find_map(form).map(|form| form.heading).unwrap_or_default();
    let mut out: String = heading.iter().map(|text| line(text)).collect();
    for row in rows.rows.iter().filter(|row| row.is_valid()) {
        match &row.dialect.list.plain {
            Some(form) => out += &of_form(form, row),
            None => out += &general(row),
        }
    }
    out
}

/// Fills in the lines of a form; a line of which nothing is left is omitted.
fn of_form(form: &PlainForm, row: &ManifestRow<'_>) -> String {
    form.plugin
        .iter()
        .map(|template| fill(template, row))
        .filter(|text| !text.trim().is_empty())
        .map(|text| line(&text))
        .collect()
}

fn fill(template: &str, row: &ManifestRow<'_>) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        out += before;
        match behind.split_once('}') {
            Some((name, behind)) => {
                out += &value(name, row);
                rest = behind;
            }
            None => {
                out.push('{');
                rest = behind;
            }
        }
    }
    out + rest
}

fn value(name: &str, row: &ManifestRow<'_>) -> String {
    match name {
        "identity" => row.row.identity.clone(),
        "version" => row.row.version.clone(),
        "path" => Some(row.path.clone()),
        name => row.row.text(name),
    }
    .unwrap_or_default()
}

/// The lines of a plugin whose system has no form of its own: identity, version, and each column.
fn general(row: &ManifestRow<'_>) -> String {
    let mut first = row.row.identity.clone().unwrap_or_else(|| row.path.clone());
    if let Some(version) = &row.row.version {
        first += &format!(" {version}");
    }
    for cell in row.row.columns.iter().filter(|cell| cell.name != "description") {
        first += &format!(" | {}={}", cell.name, cell.text());
    }
    let description = row.row.text("description").map(|text| line(&format!("  {text}")));
    line(&first) + &description.unwrap_or_default()
}

fn line(text: &str) -> String {
    diagnostic::sanitise::text(text.trim_end()) + "\n"
}
