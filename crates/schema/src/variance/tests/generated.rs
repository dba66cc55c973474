//! Generated schemas, and changes of schemas.

use serde_json::{Map, Value as Json, json};

use super::choices::Choices;
use super::documents::{NAMES, TYPES, document, scalar};

const PATTERNS: [&str; 5] = ["^x", "1$", "^[ab]$", "", "b"];
const FORMATS: [&str; 3] = ["date", "ipv4", "unheard-of"];
const REFERENCES: [&str; 5] = ["#/$defs/p", "#/$defs/q", "#", "#anchored", "#/$defs/p/properties/a"];

/// A whole schema.
pub(super) fn schema(choices: &mut Choices<'_>, depth: usize) -> Json {
    let mut root = part(choices, depth);
    if choices.below(3) == 0
        && let Json::Object(root) = &mut root
    {
        let mut defs = json!({"p": part(choices, depth - 1), "q": part(choices, depth - 1)});
        if let Some(map) = defs["q"].as_object_mut() {
            map.insert("$anchor".into(), json!("anchored"));
        }
        root.insert("$defs".into(), defs);
    }
    root
}

pub(super) fn part(choices: &mut Choices<'_>, depth: usize) -> Json {
    if choices.rarely(12) {
        return json!(choices.below(3) != 2);
    }
    let mut map = Map::new();
    if choices.below(2) == 0 {
        map.insert("type".into(), keyword_value(choices, "type", depth).unwrap());
    }
    for _ in 0..choices.below(6) {
        let (keyword, value) = keyword(choices, depth);
        map.insert(keyword.into(), value);
    }
    Json::Object(map)
}

pub(super) const KEYWORDS: &[&str] = &[
    "type",
    "enum",
    "const",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
    "required",
    "dependentRequired",
    "$ref",
    "title",
    "properties",
    "properties",
    "properties",
    "patternProperties",
    "additionalProperties",
    "propertyNames",
    "items",
    "prefixItems",
    "contains",
    "minContains",
    "maxContains",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "if",
    "then",
    "else",
    "dependentSchemas",
    "unevaluatedProperties",
    "unevaluatedItems",
];

pub(super) const FAMILIES: [&[&str]; 7] = [
    KEYWORDS,
    &[
        "properties",
        "patternProperties",
        "additionalProperties",
        "required",
        "type",
        "const",
        "minProperties",
        "maxProperties",
        "propertyNames",
        "dependentRequired",
        "dependentSchemas",
        "unevaluatedProperties",
        "pattern",
    ],
    &[
        "items",
        "prefixItems",
        "contains",
        "minContains",
        "maxContains",
        "minItems",
        "maxItems",
        "uniqueItems",
        "type",
        "unevaluatedItems",
        "const",
        "minimum",
    ],
    &[
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "multipleOf",
        "enum",
        "const",
        "type",
        "allOf",
        "anyOf",
        "oneOf",
        "not",
        "if",
        "then",
        "else",
        "maxLength",
    ],
    &[
        "$ref",
        "$ref",
        "properties",
        "items",
        "anyOf",
        "oneOf",
        "not",
        "allOf",
        "required",
        "additionalProperties",
        "type",
    ],
    &[
        "properties",
        "properties",
        "required",
        "const",
        "oneOf",
        "anyOf",
        "additionalProperties",
        "if",
        "then",
        "else",
        "unevaluatedProperties",
        "not",
    ],
    &[
        "properties",
        "properties",
        "unevaluatedProperties",
        "allOf",
        "$ref",
        "patternProperties",
        "required",
        "additionalProperties",
        "const",
    ],
];

fn keyword(choices: &mut Choices<'_>, depth: usize) -> (&'static str, Json) {
    for _ in 0..8 {
        let keyword = *choices.of(choices.keywords);
        if let Some(value) = keyword_value(choices, keyword, depth) {
            return (keyword, value);
        }
    }
    ("title", json!("words"))
}

/// Generates a value for a keyword; `None` if it would nest too deeply.
fn keyword_value(choices: &mut Choices<'_>, keyword: &str, depth: usize) -> Option<Json> {
    let names = |choices: &mut Choices<'_>| {
        let mut names = choices.list(3, |choices| choices.of(&NAMES).to_string());
        names.sort();
        names.dedup();
        json!(names)
    };
    Some(match keyword {
        "type" if choices.rarely(3) => {
            let mut names = choices.list(3, |choices| choices.of(&TYPES).to_string());
            names.push("string".into());
            names.sort();
            names.dedup();
            json!(names)
        }
        "type" => json!(choices.of(&TYPES)),
        "enum" => {
            let mut list = choices.list(4, |choices| document(choices, 1));
            list.push(scalar(choices));
            let mut unique: Vec<Json> = Vec::new();
            list.into_iter().for_each(|value| {
                if !unique.contains(&value) {
                    unique.push(value)
                }
            });
            json!(unique)
        }
        "const" => document(choices, 1),
        "minimum" | "exclusiveMinimum" => json!(choices.below(7) as f64 / 2.0 - 1.0),
        "maximum" | "exclusiveMaximum" => json!(choices.below(9) as i64 - 1),
        "multipleOf" => choices
            .of(&[json!(1), json!(2), json!(3), json!(4), json!(6), json!(0.5), json!(1.5), json!(2.0)])
            .clone(),
        "minLength" | "minItems" | "minProperties" | "minContains" => json!(choices.below(4)),
        "maxLength" | "maxItems" | "maxProperties" | "maxContains" => json!(3 - choices.below(4)),
        "uniqueItems" => json!(choices.below(3) != 2),
        "pattern" => json!(choices.of(&PATTERNS)),
        "format" => json!(choices.of(&FORMATS)),
        "title" => json!("words"),
        "required" => names(choices),
        "dependentRequired" => json!({*choices.of(&NAMES): names(choices)}),
        "$ref" => json!(choices.of(&REFERENCES)),
        _ if depth == 0 => return None,
        "properties" => Json::Object(
            choices.list(3, |c| (c.of(&NAMES).to_string(), part(c, depth - 1))).into_iter().collect(),
        ),
        "patternProperties" => Json::Object(
            choices.list(2, |c| (c.of(&PATTERNS).to_string(), part(c, depth - 1))).into_iter().collect(),
        ),
        "dependentSchemas" => json!({*choices.of(&NAMES): part(choices, depth - 1)}),
        "additionalProperties" | "items" | "unevaluatedProperties" | "unevaluatedItems"
            if choices.below(2) == 0 =>
        {
            json!(false)
        }
        "prefixItems" | "allOf" | "anyOf" | "oneOf" => {
            let mut list = choices.list(2, |choices| part(choices, depth - 1));
            list.push(part(choices, depth - 1));
            json!(list)
        }
        _ => part(choices, depth - 1),
    })
}

/// Returns the pointers of all subschemas.
pub(super) fn places(schema: &Json) -> Vec<String> {
    fn walk(schema: &Json, at: &str, out: &mut Vec<String>) {
        out.push(at.into());
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            let at = format!("{at}/{keyword}");
            match keyword.as_str() {
                "properties" | "patternProperties" | "dependentSchemas" | "$defs" => {
                    value
                        .as_object()
                        .into_iter()
                        .flatten()
                        .for_each(|(name, part)| walk(part, &format!("{at}/{name}"), out));
                }
                "allOf" | "anyOf" | "oneOf" | "prefixItems" => {
                    value
                        .as_array()
                        .into_iter()
                        .flatten()
                        .enumerate()
                        .for_each(|(n, part)| walk(part, &format!("{at}/{n}"), out));
                }
                "not"
                | "if"
                | "then"
                | "else"
                | "items"
                | "contains"
                | "additionalProperties"
                | "propertyNames"
                | "unevaluatedProperties"
                | "unevaluatedItems" => walk(value, &at, out),
                _ => {}
            }
        }
    }
    let mut out = Vec::new();
    walk(schema, "", &mut out);
    out
}

/// Changes a schema at one place.
pub(super) fn change(choices: &mut Choices<'_>, schema: &mut Json) {
    let places = places(schema);
    let at = choices.of(&places).clone();
    let Some(place) = schema.pointer_mut(&at) else { return };
    let before = place.clone();
    match (choices.below(8), place) {
        (0..3, Json::Object(map)) => {
            let (keyword, value) = keyword(choices, 1);
            map.insert(keyword.into(), value);
        }
        (3, Json::Object(map)) if !map.is_empty() => {
            let keywords: Vec<String> = map.keys().filter(|keyword| *keyword != "$defs").cloned().collect();
            if !keywords.is_empty() {
                map.remove(choices.of(&keywords));
            }
        }
        (4..6, Json::Object(map)) if !map.is_empty() => {
            let keywords: Vec<String> = map.keys().cloned().collect();
            let keyword = choices.of(&keywords).clone();
            tweak(choices, map.get_mut(&keyword).unwrap());
        }
        (6, place) => {
            let wrapped = before;
            *place = match choices.below(4) {
                0 => json!({"allOf": [wrapped, part(choices, 1)]}),
                1 => json!({"anyOf": [part(choices, 1), wrapped]}),
                2 => json!({"oneOf": [wrapped, part(choices, 1)]}),
                _ => json!({"allOf": [wrapped]}),
            };
        }
        (_, place) => *place = part(choices, 1),
    }
}

fn tweak(choices: &mut Choices<'_>, value: &mut Json) {
    match value {
        Json::Number(number) => {
            let by = choices.of(&[1_i32, -1, 2]);
            *value = match number.as_i64() {
                Some(whole) => json!(whole + i64::from(*by)),
                None => json!(number.as_f64().unwrap() + f64::from(*by)),
            };
        }
        Json::Bool(truth) => *truth = !*truth,
        Json::String(text) => *text = choices.of(&["string", "number", "a", "^x", "#/$defs/p"]).to_string(),
        Json::Array(list) => match choices.below(4) {
            0 if !list.is_empty() => {
                list.remove(choices.below(list.len()));
            }
            1 if !list.is_empty() => {
                let at = choices.below(list.len());
                tweak(choices, &mut list[at]);
            }
            2 => list.reverse(),
            _ => {
                let names = list.iter().any(|one| one.is_string());
                list.push(if names { json!(choices.of(&NAMES)) } else { part(choices, 1) });
            }
        },
        Json::Object(map) => {
            let name = choices.of(&NAMES).to_string();
            match choices.below(2) {
                0 => drop(map.insert(name, part(choices, 1))),
                _ => drop(map.remove(&name)),
            }
        }
        Json::Null => *value = json!(1),
    }
}
