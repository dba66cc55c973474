//! The drafts of JSON Schema: `$schema` selects whose rules apply.

use artifact::{Problem, Value};
use jsonschema::Draft;

/// The supported drafts, by their URI without an empty fragment.
const DRAFTS: [(&str, Draft); 5] = [
    ("http://json-schema.org/draft-04/schema", Draft::Draft4),
    ("http://json-schema.org/draft-06/schema", Draft::Draft6),
    ("http://json-schema.org/draft-07/schema", Draft::Draft7),
    ("https://json-schema.org/draft/2019-09/schema", Draft::Draft201909),
    ("https://json-schema.org/draft/2020-12/schema", Draft::Draft202012),
];

/// Returns the draft of a schema: the one that `$schema` names, or 2020-12.
///
/// # Errors
/// When `$schema` names something else: other validators would read the schema differently.
pub(crate) fn of(schema: &Value) -> Result<Draft, Problem> {
    let Some(declared) = schema.get("$schema") else { return Ok(Draft::Draft202012) };
    let uri = declared.as_str().map(|uri| uri.strip_suffix('#').unwrap_or(uri));
    let known = DRAFTS.iter().find(|(known, _)| Some(*known) == uri);
    known.map(|(_, draft)| *draft).ok_or_else(|| Problem {
        pointer: "/$schema".into(),
        span: declared.span.clone(),
        message: format!("unsupported JSON Schema dialect {}", declared.show()),
        help: Some(format!("use JSON Schema 2020-12: \"$schema\": \"{}\"", DRAFTS[4].0)),
    })
}

/// Returns the name that messages use.
pub(crate) fn name(draft: Draft) -> &'static str {
    match draft {
        Draft::Draft4 => "draft 4",
        Draft::Draft6 => "draft 6",
        Draft::Draft7 => "draft 7",
        Draft::Draft201909 => "2019-09",
        _ => "2020-12",
    }
}
