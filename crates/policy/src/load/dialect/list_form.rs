//! `list` of a dialect as packs write it: columns, and the plain form.

use artifact::{Fields, Problem, Value, escape};

use super::plain_pointer;
use crate::dialect::{Column, ListForm, PlainForm};
use crate::load::pointer;
use crate::load::source::problem;

/// The columns of a list.
const MAX_COLUMNS: usize = 32;
/// The names that every list has.
const RESERVED: [&str; 3] = ["identity", "path", "version"];

/// Reads `list`.
pub(super) fn read(fields: &mut Fields<'_, '_>) -> ListForm {
    let Some(value) = fields.optional("list") else { return ListForm::default() };
    let at = fields.pointer_of("list");
    let Some(mut fields) = Fields::of(value, &at, fields.problems()) else { return ListForm::default() };
    let version = plain_pointer(&mut fields, "version");
    let columns = match fields.optional("columns") {
        None => Vec::new(),
        Some(value) => {
            let at = fields.pointer_of("columns");
            columns(value, &at, fields.problems())
        }
    };
    let plain = fields.optional("plain");
    let plain = plain.and_then(|value| {
        let at = fields.pointer_of("plain");
        plain_form(value, &at, &columns, fields.problems())
    });
    fields.finish();
    ListForm { version, columns, plain }
}

fn columns(value: &Value, at: &str, problems: &mut Vec<Problem>) -> Vec<Column> {
    let Some(map) = value.as_map().filter(|map| map.len() <= MAX_COLUMNS) else {
        let message = format!("expected a mapping from at most {MAX_COLUMNS} columns to JSON pointers");
        problems.push(problem(at, value, &message));
        return Vec::new();
    };
    let mut found = Vec::new();
    for entry in map.entries() {
        let name = entry.key.name.clone();
        let at = format!("{at}/{}", escape(&name));
        if RESERVED.contains(&name.as_str()) {
            problems.push(problem(
                &at,
                &entry.value,
                &format!("every list has `{name}`: choose another name"),
            ));
            continue;
        }
        match entry.value.as_str().ok_or("expected a JSON pointer, as in `/kind`").and_then(pointer::pattern)
        {
            Ok(at) => found.push(Column { name, at }),
            Err(message) => problems.push(problem(&at, &entry.value, message)),
        }
    }
    found
}

fn plain_form(value: &Value, at: &str, columns: &[Column], problems: &mut Vec<Problem>) -> Option<PlainForm> {
    let mut fields = Fields::of(value, at, problems)?;
    let [heading, plugin] = ["heading", "plugin"].map(|name| lines(&mut fields, name));
    let lines_at = fields.pointer_of("plugin");
    for (at, line) in plugin.iter().enumerate() {
        for name in placeholders(line) {
            let is_known = RESERVED.contains(&name) || columns.iter().any(|column| column.name == name);
            if !is_known {
                let message = format!("`{{{name}}}` is not a column of this list");
                fields.problems().push(problem(&format!("{lines_at}/{at}"), value, &message));
            }
        }
    }
    fields.finish();
    Some(PlainForm { heading, plugin })
}

fn lines(fields: &mut Fields<'_, '_>, name: &'static str) -> Vec<String> {
    let list = fields.optional_list(name).unwrap_or_default();
    for value in list.iter().filter(|value| value.as_str().is_none_or(|text| text.contains('\n'))) {
        fields.problem(name, value.span.clone(), "expected a string of one line", None);
    }
    list.iter().filter_map(Value::as_str).map(String::from).collect()
}

/// Returns the names between braces.
fn placeholders(line: &str) -> impl Iterator<Item = &str> {
    line.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
}
