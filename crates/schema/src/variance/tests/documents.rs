//! Generated documents: arbitrary ones, and ones that should satisfy a schema.

use serde_json::{Map, Value as Json, json};

use super::choices::Choices;

pub(super) const NAMES: [&str; 5] = ["a", "b", "c", "x1", "xy"];
pub(super) const TYPES: [&str; 7] = ["string", "object", "array", "integer", "number", "null", "boolean"];

pub(super) fn scalar(choices: &mut Choices<'_>) -> Json {
    match choices.below(8) {
        0 => json!(""),
        1 => json!(choices.of(&["a", "b", "ab", "abc", "x1", "2024-01-01", "1.2.3.4", "𝕏é"])),
        2..5 => json!(choices.below(9) as i64 - 2),
        5 => choices
            .of(&[
                json!(0.5),
                json!(1.5),
                json!(1.0),
                json!(2.25),
                json!(-0.5),
                json!(1e300),
                json!(9_007_199_254_740_992_i64),
            ])
            .clone(),
        6 => Json::Null,
        _ => json!(choices.below(2) == 0),
    }
}

/// Generates an arbitrary document.
pub(super) fn document(choices: &mut Choices<'_>, depth: usize) -> Json {
    match choices.below(if depth == 0 { 5 } else { 10 }) {
        0..5 => scalar(choices),
        5..7 => Json::Array(choices.list(4, |choices| document(choices, depth - 1))),
        _ => Json::Object(
            choices.list(4, |c| (c.of(&NAMES).to_string(), document(c, depth - 1))).into_iter().collect(),
        ),
    }
}

/// Generates a document that should satisfy a part of a schema.
pub(super) fn fitting(choices: &mut Choices<'_>, root: &Json, schema: &Json, depth: usize) -> Json {
    let Some(map) = schema.as_object().filter(|_| depth > 0 && !choices.rarely(12)) else {
        return document(choices, depth.min(2));
    };
    let mut made: Vec<Json> = Vec::new();
    if let Some(value) = map.get("const") {
        return value.clone();
    }
    if let Some(list) = map.get("enum").and_then(Json::as_array).filter(|list| !list.is_empty()) {
        return choices.of(list).clone();
    }
    if let Some(target) = map.get("$ref").and_then(Json::as_str).and_then(|name| root.pointer(&name[1..])) {
        made.push(fitting(choices, root, target, depth - 1));
    }
    for keyword in ["anyOf", "oneOf"] {
        if let Some(list) = map.get(keyword).and_then(Json::as_array).filter(|list| !list.is_empty()) {
            let branch = choices.of(list).clone();
            made.push(fitting(choices, root, &branch, depth - 1));
        }
    }
    for part in map.get("allOf").and_then(Json::as_array).into_iter().flatten() {
        made.push(fitting(choices, root, part, depth - 1));
    }
    for keyword in ["then", "else", "if"] {
        if let Some(part) = map.get(keyword).filter(|_| choices.below(3) == 0) {
            made.push(fitting(choices, root, part, depth - 1));
        }
    }
    made.push(own(choices, root, map, depth));
    let mut sum = made.swap_remove(choices.below(made.len()));
    for other in made {
        if let (Json::Object(sum), Json::Object(other)) = (&mut sum, other) {
            sum.extend(other);
        }
    }
    sum
}

fn own(choices: &mut Choices<'_>, root: &Json, map: &Map<String, Json>, depth: usize) -> Json {
    let has = |keywords: &[&str]| keywords.iter().any(|keyword| map.contains_key(*keyword));
    let named = match map.get("type") {
        Some(Json::String(name)) => name.clone(),
        Some(Json::Array(list)) if !list.is_empty() => choices.of(list).as_str().unwrap().into(),
        _ if has(&[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "propertyNames",
            "minProperties",
            "dependentRequired",
            "dependentSchemas",
        ]) =>
        {
            "object".into()
        }
        _ if has(&["items", "prefixItems", "contains", "minItems", "uniqueItems"]) => "array".into(),
        _ if has(&["minLength", "pattern", "format"]) => "string".into(),
        _ => choices.of(&TYPES).to_string(),
    };
    match named.as_str() {
        "object" => {
            let mut made = Map::new();
            let list = |keyword: &str| map.get(keyword).and_then(Json::as_array).cloned().unwrap_or_default();
            let part = |keyword: &str, name: &str| map.get(keyword).and_then(|part| part.get(name)).cloned();
            let required = list("required");
            for name in NAMES {
                let is_required = required.iter().any(|other| other == name);
                let likely = if part("properties", name).is_some() { 2 } else { 5 };
                if !is_required && choices.below(likely) != 0 {
                    continue;
                }
                let schema = part("properties", name).or_else(|| map.get("additionalProperties").cloned());
                made.insert(name.into(), fitting(choices, root, &schema.unwrap_or(json!(true)), depth - 1));
            }
            Json::Object(made)
        }
        "array" => {
            let prefix = map.get("prefixItems").and_then(Json::as_array).cloned().unwrap_or_default();
            let rest = map.get("items").or(map.get("contains")).cloned().unwrap_or(json!(true));
            let count = map.get("minItems").and_then(Json::as_u64).unwrap_or(0) as usize + choices.below(3);
            let element = |at: usize| prefix.get(at).unwrap_or(&rest).clone();
            Json::Array((0..count.min(5)).map(|at| fitting(choices, root, &element(at), depth - 1)).collect())
        }
        "string" => json!(choices.of(&["", "a", "b", "ab", "abc", "x1", "2024-01-01", "1.2.3.4"])),
        "integer" => json!(choices.below(9) as i64 - 2),
        "number" => choices.of(&[json!(1.5), json!(0), json!(0.5), json!(3), json!(5), json!(-1)]).clone(),
        "null" => Json::Null,
        _ => json!(choices.below(2) == 0),
    }
}
