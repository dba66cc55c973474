//! Schemas, changes of schemas, and documents, made from bytes: fewer bytes, simpler ones.

use serde_json::{Map, Value as Json, json};

/// Bytes that decide; when they are used up, the simplest is chosen.
pub(super) struct Choices<'b> {
    rest: &'b [u8],
    /// The keywords that schemas are made of: few of them meet more often.
    keywords: &'static [&'static str],
}

impl<'b> Choices<'b> {
    pub(super) fn new(rest: &'b [u8]) -> Choices<'b> {
        let mut choices = Choices { rest, keywords: KEYWORDS };
        choices.keywords = FAMILIES[choices.below(FAMILIES.len())];
        choices
    }

    /// A number below `end`.
    pub(super) fn below(&mut self, end: usize) -> usize {
        let Some((first, rest)) = self.rest.split_first() else { return 0 };
        self.rest = rest;
        usize::from(*first) % end.max(1)
    }

    pub(super) fn of<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }

    /// Whether the one in `often` happens.
    pub(super) fn rarely(&mut self, often: usize) -> bool {
        self.below(often) == often - 1
    }

    fn list<T>(&mut self, most: usize, mut one: impl FnMut(&mut Self) -> T) -> Vec<T> {
        let count = self.below(most + 1);
        (0..count).map(|_| one(self)).collect()
    }
}

pub(super) const NAMES: [&str; 5] = ["a", "b", "c", "x1", "xy"];
const PATTERNS: [&str; 5] = ["^x", "1$", "^[ab]$", "", "b"];
const TYPES: [&str; 7] = ["string", "object", "array", "integer", "number", "null", "boolean"];
const FORMATS: [&str; 3] = ["date", "ipv4", "unheard-of"];
const REFERENCES: [&str; 5] = ["#/$defs/p", "#/$defs/q", "#", "#anchored", "#/$defs/p/properties/a"];

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

/// A document that knows nothing of any schema.
pub(super) fn document(choices: &mut Choices<'_>, depth: usize) -> Json {
    match choices.below(if depth == 0 { 5 } else { 10 }) {
        0..5 => scalar(choices),
        5..7 => Json::Array(choices.list(4, |choices| document(choices, depth - 1))),
        _ => Json::Object(
            choices.list(4, |c| (c.of(&NAMES).to_string(), document(c, depth - 1))).into_iter().collect(),
        ),
    }
}

/// A document that tries to satisfy a part of a schema.
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
        map.insert("type".into(), word(choices, "type", depth).unwrap());
    }
    for _ in 0..choices.below(6) {
        let (keyword, value) = keyword(choices, depth);
        map.insert(keyword.into(), value);
    }
    Json::Object(map)
}

const KEYWORDS: &[&str] = &[
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

const FAMILIES: [&[&str]; 7] = [
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
        if let Some(value) = word(choices, keyword, depth) {
            return (keyword, value);
        }
    }
    ("title", json!("words"))
}

/// A value for a keyword; none where it would go too deep.
fn word(choices: &mut Choices<'_>, keyword: &str, depth: usize) -> Option<Json> {
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

/// The pointers to every subschema.
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
