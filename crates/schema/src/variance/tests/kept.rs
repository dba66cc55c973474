//! No change that widens by construction is reported; nor, in reverse, one that narrows.

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::choices::Choices;
use super::documents::NAMES;
use super::generated::{part, schema};
use crate::{Schema, Variance, breaks};

/// Keywords without which a schema accepts more.
const LOOSE: [&str; 26] = [
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
    "dependentSchemas",
    "propertyNames",
    "allOf",
    "anyOf",
    "oneOf",
    "not",
    "contains",
];
const LOWER: [&str; 6] =
    ["minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains"];
const UPPER: [&str; 6] =
    ["maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains"];

/// Collects the pointers of subschemas that accept more if their parts do.
fn places(schema: &Json, at: &str, out: &mut Vec<String>) {
    out.push(at.into());
    for (keyword, value) in schema.as_object().into_iter().flatten() {
        let at = format!("{at}/{keyword}");
        match (keyword.as_str(), value) {
            ("properties" | "patternProperties", Json::Object(map)) => {
                map.iter().for_each(|(name, part)| places(part, &format!("{at}/{name}"), out));
            }
            ("allOf" | "anyOf" | "prefixItems", Json::Array(list)) => {
                list.iter().enumerate().for_each(|(n, part)| places(part, &format!("{at}/{n}"), out));
            }
            ("items" | "additionalProperties", part) => places(part, &at, out),
            _ => {}
        }
    }
}

/// Makes a schema accept more, or the same; returns the name of the change, if one was made.
fn widen(choices: &mut Choices<'_>, schema: &mut Json) -> Option<String> {
    let mut found = Vec::new();
    places(schema, "", &mut found);
    let at = choices.of(&found).clone();
    let place = schema.pointer_mut(&at)?;
    let kind = choices.below(10);
    if kind < 3 {
        let wrapped = place.clone();
        *place = match kind {
            0 => json!({"anyOf": [wrapped, part(choices, 1)]}),
            1 => json!({"allOf": [wrapped], "title": "more"}),
            _ => json!({"description": "the same", "anyOf": [wrapped]}),
        };
        return Some(format!("wrapped {at:?}"));
    }
    let map = place.as_object_mut()?;
    let keywords: Vec<String> = map.keys().cloned().collect();
    let keyword = if keywords.is_empty() { return None } else { choices.of(&keywords).clone() };
    let value = map.get_mut(&keyword)?;
    match (keyword.as_str(), value) {
        (name, Json::Number(number)) if kind < 7 && LOWER.contains(&name) => {
            let lower = number.as_f64()? - 1.0;
            let is_count = !name.ends_with("inimum");
            map[name] = if is_count { json!(lower.max(0.0) as u64) } else { json!(lower) };
        }
        (name, Json::Number(number)) if kind < 7 && UPPER.contains(&name) => {
            map[name] = json!(number.as_i64()? + 1);
        }
        ("multipleOf", Json::Number(number)) if kind < 7 && number.as_u64().is_some_and(|n| n % 2 == 0) => {
            map["multipleOf"] = json!(number.as_u64()? / 2);
        }
        ("enum", Json::Array(list)) if kind < 7 => list.push(json!("entirely new")),
        ("type", value) if kind < 7 && value == "integer" => *value = json!("number"),
        ("type", value) if kind < 7 && value.is_string() && value != "null" => {
            *value = json!([value, "null"])
        }
        ("anyOf", Json::Array(list)) if kind < 5 => list.push(part(choices, 1)),
        ("anyOf" | "required", Json::Array(list)) if kind < 7 => list.reverse(),
        ("additionalProperties", value) if kind < 6 && *value == json!(false) => {
            if map.contains_key("patternProperties") {
                return None;
            }
            let properties = map.entry("properties").or_insert(json!({})).as_object_mut()?;
            let name = choices.of(&NAMES).to_string();
            let new = part(choices, 1);
            properties.entry(name).or_insert(new);
        }
        ("properties", Json::Object(properties)) if kind < 8 => {
            properties.entry("entirely new").or_insert(json!(true));
        }
        (name, _) if LOOSE.contains(&name) => {
            map.remove(name);
        }
        _ => return None,
    }
    Some(format!("{keyword} at {at:?}"))
}

/// Widens a generated schema; fails if the change is reported as breaking.
fn examine(bytes: &[u8]) -> Result<Option<String>, String> {
    let choices = &mut Choices::new(bytes);
    let old = schema(choices, 2);
    let text = old.to_string();
    // Both ways of looking sideways: what is widened in one place is narrowed in another.
    if text.contains("\"unevaluated") || text.contains("\"$ref") {
        return Ok(None);
    }
    let mut new = old.clone();
    let Some(done) = widen(choices, &mut new) else { return Ok(None) };
    let after = new.to_string();
    let (old, new) = (super::read(&text), super::read(&after));
    if Schema::compile(&old).is_err() || Schema::compile(&new).is_err() {
        return Ok(None);
    }
    for (variance, one, other) in [(Variance::Widen, &old, &new), (Variance::Narrow, &new, &old)] {
        if let Some(found) = breaks(one, other, variance).first() {
            return Err(format!("{done}\n{variance:?} {found:?}\nold {text}\nnew {after}"));
        }
    }
    Ok(Some(done))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn widening_is_never_breaking(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Err(error) = examine(&bytes) {
            prop_assert!(false, "{}", error);
        }
    }
}

/// By hand: `cargo nextest run -p schema --run-ignored only --no-capture many`.
#[test]
#[ignore = "takes minutes"]
fn many_widening_changes_are_never_breaking() {
    let (mut widened, mut wrong) = (0, 0);
    super::random(100_000, 300, |bytes| match examine(bytes) {
        Ok(done) => widened += usize::from(done.is_some()),
        Err(error) => {
            println!("{error}\n");
            wrong += 1;
        }
    });
    println!("{widened} widened, {wrong} of them reported");
    assert_eq!(wrong, 0);
}
