//! The keywords of JSON Schema 2020-12, by what a comparison makes of them.

use super::place::Place;

/// Holds one schema (Core §10.2, §10.3, §11).
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
/// Holds a list of schemas.
const LISTS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];
/// Holds a map from names or patterns to schemas.
const MAPS: [&str; 4] = ["properties", "patternProperties", "dependentSchemas", "dependencies"];
/// Holds a reference.
const REFERENCES: [&str; 2] = ["$ref", "$dynamicRef"];
/// Applies other schemas to the same value (Core §10.2, §8.2.3): what they look at counts as evaluated.
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
/// Judges a value by itself, without another schema.
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
/// Judges by a value that is no schema, in ways of its own.
const OTHERS: [&str; 7] =
    ["enum", "const", "minContains", "maxContains", "contentEncoding", "contentMediaType", "$recursiveRef"];
/// Formats of texts (Validation §7.3): they say nothing of other values.
const TEXT_FORMATS: [&str; 19] = [
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

/// What stands under a keyword.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Nothing that judges: names, explanations (Core §8, Validation §9), and what no specification knows.
    Free,
    Schema,
    Schemas,
    Named,
    Reference,
    /// A value that is no schema.
    Data,
}

pub(super) fn holds(keyword: &str) -> Holds {
    match keyword {
        _ if ONES.contains(&keyword) => Holds::Schema,
        _ if LISTS.contains(&keyword) => Holds::Schemas,
        _ if MAPS.contains(&keyword) => Holds::Named,
        _ if REFERENCES.contains(&keyword) => Holds::Reference,
        _ if LEAVES.contains(&keyword) || OTHERS.contains(&keyword) => Holds::Data,
        _ => Holds::Free,
    }
}

/// Whether what stands under a keyword has the shape that the keyword asks for.
pub(super) fn is_shaped(keyword: &str, place: Place<'_>) -> bool {
    match holds(keyword) {
        Holds::Schema => place.map().is_some() || place.value.as_bool().is_some(),
        Holds::Schemas => place.value.as_list().is_some(),
        Holds::Named => place.map().is_some(),
        Holds::Free | Holds::Reference | Holds::Data => true,
    }
}

/// Whether a format speaks of texts alone.
pub(super) fn is_of_texts(format: &str) -> bool {
    TEXT_FORMATS.contains(&format)
}

/// Whether a schema applies no other to the same value.
fn is_plain(schema: Place<'_>) -> bool {
    schema.map().is_some_and(|map| IN_PLACE.iter().all(|keyword| map.get(keyword).is_none()))
}

/// What a schema says of elements behind its `prefixItems`.
///
/// Where nothing else evaluates them, `unevaluatedItems` is `items` (Core §11.2).
pub(super) fn items(schema: Place<'_>) -> Option<Place<'_>> {
    schema.get("items").or_else(|| {
        let is_plain = is_plain(schema) && schema.get("contains").is_none();
        schema.get("unevaluatedItems").filter(|_| is_plain)
    })
}

/// Whether `unevaluatedItems` looks at what others evaluate.
pub(super) fn is_depending(schema: Place<'_>) -> bool {
    let goal = schema.get("unevaluatedItems");
    goal.is_some_and(|goal| goal.value.as_bool() != Some(true)) && items(schema).is_none()
}
