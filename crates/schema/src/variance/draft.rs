//! Schemas of draft 7 and 2019-09 in the words of 2020-12, in which two schemas are compared.

use artifact::{Key, Kind, Map, MapEntry, Value, escape};
use jsonschema::Draft;

use super::keyword::{Shape, shape};
use crate::draft;

/// Keywords that draft 7 does not have, and so ignores.
const AFTER_DRAFT_7: [&str; 11] = [
    "dependentRequired",
    "dependentSchemas",
    "minContains",
    "maxContains",
    "unevaluatedItems",
    "unevaluatedProperties",
    "$anchor",
    "$recursiveRef",
    "prefixItems",
    "$dynamicRef",
    "$dynamicAnchor",
];
/// Keywords that 2019-09 does not have.
const AFTER_2019_09: [&str; 3] = ["prefixItems", "$dynamicRef", "$dynamicAnchor"];
/// Parts of pointers that have another name afterwards.
const RENAMED: [&str; 3] = ["/items/", "/additionalItems", "/dependencies"];
/// Keywords with schemas that only references apply.
const CONTAINERS: [&str; 2] = ["definitions", "$defs"];

/// Returns both schemas in the words of 2020-12.
///
/// # Errors
/// Why they are not compared.
pub(super) fn comparable(old: &Value, new: &Value) -> Result<(Value, Value), String> {
    let of = |schema| draft::of(schema).map_err(|problem| problem.message);
    let (before, after) = (of(old)?, of(new)?);
    let (old_name, new_name) = (draft::name(before), draft::name(after));
    if before != after {
        return Err(format!(
            "`$schema` changed from {old_name} to {new_name}: schemas of two drafts are not compared"
        ));
    }
    match after {
        Draft::Draft202012 => Ok((old.clone(), new.clone())),
        Draft::Draft7 | Draft::Draft201909 => {
            let converted = convert(old, after).zip(convert(new, after));
            converted.ok_or_else(|| "a reference into `items` or `dependencies` is not compared".into())
        }
        _ => Err(format!("schemas of {new_name} are not compared")),
    }
}

/// Returns the pointer of the value in the original schema that a pointer into the converted one names.
pub(super) fn original_pointer(original: &Value, converted: &Value, pointer: &str) -> String {
    let Some(wanted) = converted.pointer(pointer).map(|value| value.span.clone()) else {
        return String::new();
    };
    let contains = |value: &Value| value.span.start <= wanted.start && wanted.end <= value.span.end;
    let (mut at, mut found) = (original, String::new());
    while at.span != wanted {
        let below = match &at.kind {
            Kind::List(list) => list
                .iter()
                .enumerate()
                .find(|(_, value)| contains(value))
                .map(|(step, value)| (step.to_string(), value)),
            // The definitions of a bundle cover other files as well, so that the narrowest value counts.
            Kind::Map(map) => map
                .entries()
                .filter(|entry| contains(&entry.value))
                .min_by_key(|entry| entry.value.span.len())
                .map(|entry| (escape(&entry.key.name), &entry.value)),
            _ => None,
        };
        let Some((step, value)) = below else { break };
        found = format!("{found}/{step}");
        at = value;
    }
    found
}

fn convert(schema: &Value, draft: Draft) -> Option<Value> {
    let dynamic = has_keyword(schema, "$recursiveAnchor");
    (!has_renamed_reference(schema)).then(|| Conversion { draft, dynamic }.schema(schema))
}

/// Returns whether a keyword occurs anywhere.
fn has_keyword(value: &Value, keyword: &str) -> bool {
    match &value.kind {
        Kind::List(list) => list.iter().any(|value| has_keyword(value, keyword)),
        Kind::Map(map) => {
            map.get(keyword).is_some() || map.entries().any(|entry| has_keyword(&entry.value, keyword))
        }
        _ => false,
    }
}

fn has_renamed_reference(value: &Value) -> bool {
    match &value.kind {
        Kind::List(list) => list.iter().any(has_renamed_reference),
        Kind::Map(map) => map.entries().any(|entry| {
            let reference = entry.value.as_str().filter(|_| entry.key.name == "$ref");
            reference.is_some_and(|to| RENAMED.iter().any(|part| to.contains(part)))
                || has_renamed_reference(&entry.value)
        }),
        _ => false,
    }
}

struct Conversion {
    draft: Draft,
    /// Whether `$recursiveRef` depends on the evaluation.
    dynamic: bool,
}

impl Conversion {
    fn schema(&self, schema: &Value) -> Value {
        let Some(map) = schema.as_map() else { return schema.clone() };
        let is_draft_7 = self.draft == Draft::Draft7;
        // Draft 7 ignores everything beside a reference (Core §8.3).
        let only_reference = is_draft_7 && map.get("$ref").is_some();
        let has_positions = map.get("items").is_some_and(|items| items.as_list().is_some());
        let mut entries: Vec<MapEntry> = Vec::new();
        for entry in map.entries() {
            let (name, value) = (entry.key.name.as_str(), &entry.value);
            let mut add = |name: &str, value: Value| {
                let key = Key { name: name.into(), span: entry.key.span.clone() };
                entries.push(MapEntry { key, value });
            };
            let is_unknown =
                if is_draft_7 { AFTER_DRAFT_7.contains(&name) } else { AFTER_2019_09.contains(&name) };
            match name {
                _ if CONTAINERS.contains(&name) => add(name, self.named(value)),
                _ if only_reference && name != "$ref" || is_unknown => {}
                "items" if has_positions => add("prefixItems", self.list(value)),
                "additionalItems" if has_positions => add("items", self.schema(value)),
                "additionalItems" => {}
                "dependencies" => {
                    let (names, schemas) = self.dependencies(value);
                    add("dependentRequired", names);
                    add("dependentSchemas", schemas);
                }
                "$recursiveRef" if !self.dynamic => add("$ref", value.clone()),
                _ => add(
                    name,
                    match shape(name) {
                        Shape::Schema => self.schema(value),
                        Shape::Schemas => self.list(value),
                        Shape::Named => self.named(value),
                        Shape::Free | Shape::Reference | Shape::Data => value.clone(),
                    },
                ),
            }
        }
        // Of two entries with one name, the first stays: both mean the same only in contrived schemas.
        Value::new(Kind::Map(entries.into_iter().collect()), schema.span.clone())
    }

    fn list(&self, value: &Value) -> Value {
        let Some(list) = value.as_list() else { return value.clone() };
        Value::new(Kind::List(list.iter().map(|value| self.schema(value)).collect()), value.span.clone())
    }

    fn named(&self, value: &Value) -> Value {
        let Some(map) = value.as_map() else { return value.clone() };
        Value::new(Kind::Map(map.map_values(|_, value| self.schema(value))), value.span.clone())
    }

    /// Splits `dependencies` into those with names and those with schemas.
    fn dependencies(&self, value: &Value) -> (Value, Value) {
        let entries = value.as_map().into_iter().flat_map(Map::entries);
        let (names, schemas): (Vec<_>, Vec<_>) =
            entries.cloned().partition(|entry| entry.value.as_list().is_some());
        let map = |entries: Vec<MapEntry>| Kind::Map(entries.into_iter().collect());
        let schemas = Value::new(map(schemas), value.span.clone());
        (Value::new(map(names), value.span.clone()), self.named(&schemas))
    }
}
