//! A walk over the schemas inside a schema, with the address that each reference is relative to.

use artifact::{Kind, Value, escape};
use jsonschema::Draft;

use super::uri::Uri;

/// Keywords with data, in which nothing is a schema.
pub(super) const DATA: [&str; 4] = ["enum", "const", "default", "examples"];
/// Keywords with schemas by name.
pub(super) const NAMED: [&str; 6] =
    ["properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies"];
/// Keywords that refer to a schema.
pub(super) const REFERENCES: [&str; 3] = ["$ref", "$dynamicRef", "$recursiveRef"];

/// A schema inside a schema file.
pub(super) struct Part<'v> {
    pub(super) value: &'v Value,
    /// Its place in the file, a JSON pointer.
    pub(super) pointer: String,
    /// The address of the innermost schema with an `$id` around it.
    pub(super) base: Uri,
    /// The place of that schema in the file.
    pub(super) base_pointer: String,
}

/// Visits a schema file and every schema inside it; stops at the first error.
pub(super) fn walk<E>(
    file: &Value,
    base: &Uri,
    draft: Draft,
    visit: &mut impl FnMut(&Part<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let root = Part { value: file, pointer: String::new(), base: base.clone(), base_pointer: String::new() };
    schema(root, draft, visit)
}

fn schema<E>(
    mut part: Part<'_>,
    draft: Draft,
    visit: &mut impl FnMut(&Part<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let Some(map) = part.value.as_map() else { return Ok(()) };
    if let Some(id) = own_id(part.value, draft)
        && let Some(base) = part.base.resolve(id)
    {
        part.base = base;
        part.base_pointer.clone_from(&part.pointer);
    }
    visit(&part)?;
    for entry in map.entries() {
        let (name, value) = (entry.key.name.as_str(), &entry.value);
        let at = format!("{}/{}", part.pointer, escape(name));
        let inner = |value, pointer| Part {
            value,
            pointer,
            base: part.base.clone(),
            base_pointer: part.base_pointer.clone(),
        };
        match &value.kind {
            _ if DATA.contains(&name) => {}
            Kind::Map(names) if NAMED.contains(&name) => {
                for entry in names.entries() {
                    let pointer = format!("{at}/{}", escape(&entry.key.name));
                    schema(inner(&entry.value, pointer), draft, visit)?;
                }
            }
            Kind::Map(_) => schema(inner(value, at), draft, visit)?,
            Kind::List(list) => {
                for (position, value) in list.iter().enumerate() {
                    schema(inner(value, format!("{at}/{position}")), draft, visit)?;
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Returns the address that a schema gives itself, without its fragment.
fn own_id(schema: &Value, draft: Draft) -> Option<&str> {
    let id = identifier(schema, draft)?.split('#').next()?;
    (!id.is_empty()).then_some(id)
}

/// Returns the anchors of a schema, and whether each is dynamic; the name of a recursive anchor is empty.
pub(super) fn anchors(schema: &Value, draft: Draft) -> Vec<(&str, bool)> {
    let text = |keyword: &str| schema.get(keyword).and_then(Value::as_str);
    let mut found = Vec::new();
    match draft {
        Draft::Draft4 | Draft::Draft6 | Draft::Draft7 => {
            let id = identifier(schema, draft).and_then(|id| Some(id.split_once('#')?.1));
            found.extend(id.filter(|name| !name.is_empty()).map(|name| (name, false)));
        }
        _ => {
            found.extend(text("$anchor").map(|name| (name, false)));
            if draft == Draft::Draft201909 {
                let is_recursive = schema.get("$recursiveAnchor").and_then(Value::as_bool) == Some(true);
                found.extend(is_recursive.then_some(("", true)));
            } else {
                found.extend(text("$dynamicAnchor").map(|name| (name, true)));
            }
        }
    }
    found
}

/// Returns the value of `$id`; up to draft 7, a reference hides it.
fn identifier(schema: &Value, draft: Draft) -> Option<&str> {
    let is_old = matches!(draft, Draft::Draft4 | Draft::Draft6 | Draft::Draft7);
    if is_old && schema.get("$ref").is_some() {
        return None;
    }
    schema.get(if draft == Draft::Draft4 { "id" } else { "$id" })?.as_str()
}
