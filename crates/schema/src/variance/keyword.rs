//! The keywords of JSON Schema 2020-12, by the shape of their values.

use super::place::Place;

/// Keywords with a schema (Core §10.2, §10.3, §11).
const ONES: [&str; 11] = [
    "not",
    "if",
    "then",
    "else",
    "items",
    "contains",
    "additionalProperties",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
];
/// Keywords with an array of schemas.
const LISTS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Keywords with an object from names or patterns to schemas.
const MAPS: [&str; 4] = ["properties", "patternProperties", "dependentSchemas", "dependencies"];
/// Keywords with a reference.
const REFERENCES: [&str; 2] = ["$ref", "$dynamicRef"];
/// Keywords that apply other schemas to the same value (Core §10.2, §8.2.3), and so evaluate its properties.
const IN_PLACE: [&str; 10] = [
    "$ref",
    "$dynamicRef",
    "$recursiveRef",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "dependentSchemas",
    "dependencies",
];
/// Keywords that assert something of a value without another schema.
pub(super) const LEAVES: [&str; 17] = [
    "type",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "format",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxProperties",
    "minProperties",
    "required",
    "dependentRequired",
];
/// Other assertions without a subschema.
const OTHERS: [&str; 7] =
    ["enum", "const", "minContains", "maxContains", "contentEncoding", "contentMediaType", "$recursiveRef"];
/// Formats of strings (Validation §7.3), which accept all other values.
const STRING_FORMATS: [&str; 19] = [
    "date-time",
    "date",
    "time",
    "duration",
    "email",
    "idn-email",
    "hostname",
    "idn-hostname",
    "ipv4",
    "ipv6",
    "uri",
    "uri-reference",
    "iri",
    "iri-reference",
    "uuid",
    "uri-template",
    "json-pointer",
    "relative-json-pointer",
    "regex",
];

/// The shape of the value of a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    /// No assertion: names, annotations (Core §8, Validation §9), and unknown keywords.
    Free,
    Schema,
    Schemas,
    Named,
    Reference,
    /// A value without a schema.
    Data,
}

pub(super) fn shape(keyword: &str) -> Shape {
    match keyword {
        _ if ONES.contains(&keyword) => Shape::Schema,
        _ if LISTS.contains(&keyword) => Shape::Schemas,
        _ if MAPS.contains(&keyword) => Shape::Named,
        _ if REFERENCES.contains(&keyword) => Shape::Reference,
        _ if LEAVES.contains(&keyword) || OTHERS.contains(&keyword) => Shape::Data,
        _ => Shape::Free,
    }
}

/// Returns whether the value of a keyword has the right shape.
pub(super) fn is_shaped(keyword: &str, place: Place<'_>) -> bool {
    match shape(keyword) {
        Shape::Schema => place.map().is_some() || place.value.as_bool().is_some(),
        Shape::Schemas => place.value.as_list().is_some(),
        Shape::Named => place.map().is_some(),
        Shape::Free | Shape::Reference | Shape::Data => true,
    }
}

/// Returns whether a format applies to strings only.
pub(super) fn is_of_strings(format: &str) -> bool {
    STRING_FORMATS.contains(&format)
}

/// Returns whether a schema applies no other schema to the same value.
fn is_plain(schema: Place<'_>) -> bool {
    schema.map().is_some_and(|map| IN_PLACE.iter().all(|keyword| map.get(keyword).is_none()))
}

/// Returns the schema of elements after `prefixItems`.
///
/// If no other keyword evaluates them, `unevaluatedItems` is `items` (Core §11.2).
pub(super) fn items(schema: Place<'_>) -> Option<Place<'_>> {
    schema.get("items").or_else(|| {
        let is_plain = is_plain(schema) && schema.get("contains").is_none();
        schema.get("unevaluatedItems").filter(|_| is_plain)
    })
}

/// Returns whether `unevaluatedItems` depends on other keywords.
pub(super) fn is_depending(schema: Place<'_>) -> bool {
    let goal = schema.get("unevaluatedItems");
    goal.is_some_and(|goal| goal.value.as_bool() != Some(true)) && items(schema).is_none()
}
