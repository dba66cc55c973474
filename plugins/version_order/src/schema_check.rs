//! A check of values against a JSON Schema, for the settings and the tests.
//!
//! The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date.

// BEGIN AUTO SECTION: schema_check sha256=f675a47512236f41318cbc9c9a89f879ab5c5122f54ec369faf52267a9206b10
use serde_json::{Map, Value};

const MAX_DEPTH: usize = 100;
const UNCOVERED: [&str; 6] = [
    "$dynamicRef",
    "$recursiveRef",
    "additionalItems",
    "dependencies",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// Whether a value is within a limit.
type Relation = fn(f64, f64) -> bool;

/// Returns the schema that a `$ref` to another file names.
pub type Load<'l> = &'l dyn Fn(&str) -> Option<Value>;

/// Returns the violations of a JSON Schema in a value, as `/pointer: reason`.
///
/// It covers draft 2020-12, except for dynamic references and `unevaluated…`: a schema that uses
/// what is not covered is reported, never passed over. Formats and content keywords are annotations.
pub fn problems(schema: &Value, value: &Value, load: Load<'_>) -> Vec<String> {
    let mut found = Vec::new();
    let run = Run { root: schema, depth: 0, load };
    run.visit(schema, value, "", &mut found);
    found
}

/// A run over a value: the document of the schema, and how deep the schema is entered.
#[derive(Clone, Copy)]
struct Run<'r> {
    root: &'r Value,
    depth: usize,
    load: Load<'r>,
}

impl Run<'_> {
    /// Returns whether a part is valid; its violations are not reported.
    fn is_valid(&self, schema: &Value, value: &Value, at: &str) -> bool {
        let mut found = Vec::new();
        self.visit(schema, value, at, &mut found);
        found.is_empty()
    }

    fn visit(&self, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let Some(keywords) = schema.as_object() else {
            if *schema != Value::Bool(true) {
                add(found, at, "no value is allowed here");
            }
            return;
        };
        let run = Run { depth: self.depth + 1, ..*self };
        if run.depth > MAX_DEPTH {
            let reason = format!("the schema is nested more than {MAX_DEPTH} levels deep");
            return add(found, at, &reason);
        }
        for (keyword, limit) in keywords {
            if UNCOVERED.contains(&keyword.as_str()) {
                add(found, at, &format!("`{keyword}` is not covered by this check"));
            }
            match is_within(keyword, limit, value) {
                Some(true) => {}
                Some(false) => add(found, at, &format!("{keyword} is {limit}")),
                None => {
                    let reason = format!("`{keyword}` has a form that this check does not cover");
                    add(found, at, &reason);
                }
            }
        }
        if let Some(reference) = keywords.get("$ref") {
            run.reference(reference, value, at, found);
        }
        run.combinations(keywords, value, at, found);
        if let Some(object) = value.as_object() {
            run.properties(keywords, object, value, at, found);
        }
        if let Some(list) = value.as_array() {
            run.items(keywords, list, at, found);
        }
    }

    fn reference(&self, reference: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
        let text = reference.as_str().unwrap_or_default();
        let (name, pointer) = text.split_once('#').unwrap_or((text, ""));
        let other = if name.is_empty() { None } else { (self.load)(name) };
        let root = match &other {
            Some(other) => other,
            None if name.is_empty() => self.root,
            None => &Value::Null,
        };
        match root.pointer(pointer).filter(|schema| !schema.is_null()) {
            Some(schema) => Run { root, ..*self }.visit(schema, value, at, found),
            None => {
                let reason = format!("`$ref` {reference} is not covered by this check");
                add(found, at, &reason);
            }
        }
    }

    fn combinations(&self, schema: &Map<String, Value>, value: &Value, at: &str, found: &mut Vec<String>) {
        for inner in list_at(schema, "allOf") {
            self.visit(inner, value, at, found);
        }
        for keyword in ["anyOf", "oneOf"] {
            let all = list_at(schema, keyword);
            let is_met = |inner: &&Value| self.is_valid(inner, value, at);
            let met = all.iter().filter(is_met).count();
            if !all.is_empty() && (met == 0 || keyword == "oneOf" && met > 1) {
                let reason = format!("{keyword} of {} schemas is violated", all.len());
                add(found, at, &reason);
            }
        }
        if schema.get("not").is_some_and(|inner| self.is_valid(inner, value, at)) {
            add(found, at, "`not` is violated");
        }
        if let Some(condition) = schema.get("if") {
            let is_met = self.is_valid(condition, value, at);
            if let Some(inner) = schema.get(if is_met { "then" } else { "else" }) {
                self.visit(inner, value, at, found);
            }
        }
    }

    fn properties(
        &self,
        schema: &Map<String, Value>,
        object: &Map<String, Value>,
        value: &Value,
        at: &str,
        found: &mut Vec<String>,
    ) {
        let known = object_at(schema, "properties");
        let patterns = object_at(schema, "patternProperties");
        for (name, inner) in object {
            let below = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            if let Some(names) = schema.get("propertyNames") {
                self.visit(names, &Value::from(name.as_str()), &below, found);
            }
            let mut schemas: Vec<&Value> = known.and_then(|map| map.get(name)).into_iter().collect();
            for (pattern, each) in patterns.into_iter().flatten() {
                match regex_lite::Regex::new(pattern) {
                    Ok(pattern) if pattern.is_match(name) => schemas.push(each),
                    Ok(_) => {}
                    Err(_) => add(found, at, &format!("the pattern {pattern} is not covered")),
                }
            }
            if schemas.is_empty() {
                schemas.extend(schema.get("additionalProperties"));
            }
            for each in schemas {
                self.visit(each, inner, &below, found);
            }
        }
        for (name, inner) in object_at(schema, "dependentSchemas").into_iter().flatten() {
            if object.contains_key(name) {
                self.visit(inner, value, at, found);
            }
        }
        for (name, needed) in object_at(schema, "dependentRequired").into_iter().flatten() {
            for other in listed(needed).iter().filter_map(Value::as_str) {
                if object.contains_key(name) && !object.contains_key(other) {
                    add(found, at, &format!("`{other}` is required, because of `{name}`"));
                }
            }
        }
    }

    fn items(&self, schema: &Map<String, Value>, list: &[Value], at: &str, found: &mut Vec<String>) {
        let first = list_at(schema, "prefixItems");
        let rest = schema.get("items").unwrap_or(&Value::Bool(true));
        if rest.is_array() {
            return add(found, at, "`items` has a form that this check does not cover");
        }
        for (place, inner) in list.iter().enumerate() {
            let each = first.get(place).unwrap_or(rest);
            self.visit(each, inner, &format!("{at}/{place}"), found);
        }
        if let Some(inner) = schema.get("contains") {
            let is_met = |each: &&Value| self.is_valid(inner, each, at);
            let met = list.iter().filter(is_met).count() as f64;
            let limit = |name, other| schema.get(name).and_then(Value::as_f64).unwrap_or(other);
            if met < limit("minContains", 1.0) || met > limit("maxContains", met) {
                add(found, at, &format!("{met} items are as `contains` requires"));
            }
        }
    }
}

fn add(found: &mut Vec<String>, at: &str, reason: &str) {
    let at = if at.is_empty() { "(root)" } else { at };
    found.push(format!("{at}: {reason}"));
}

/// Returns whether a value is within the limit of a keyword; `None` if the limit has an unknown form.
fn is_within(keyword: &str, limit: &Value, value: &Value) -> Option<bool> {
    let characters = value.as_str().map(|text| text.chars().count() as f64);
    let items = value.as_array().map(|list| list.len() as f64);
    let properties = value.as_object().map(|object| object.len() as f64);
    let compare = |value: Option<f64>, is_met: Relation| {
        let limit = limit.as_f64()?;
        Some(value.is_none_or(|value| is_met(value, limit)))
    };
    let (least, most): (Relation, Relation) = (|a, b| a >= b, |a, b| a <= b);
    match keyword {
        "type" => {
            let kinds: Option<Vec<bool>> = listed(limit).iter().map(|kind| is_of(kind, value)).collect();
            Some(kinds?.contains(&true))
        }
        "enum" => Some(limit.as_array()?.iter().any(|each| same(each, value))),
        "const" => Some(same(limit, value)),
        "required" => {
            let mut names = limit.as_array()?.iter().filter_map(Value::as_str);
            Some(!value.is_object() || names.all(|name| value.get(name).is_some()))
        }
        "minProperties" => compare(properties, least),
        "maxProperties" => compare(properties, most),
        "minItems" => compare(items, least),
        "maxItems" => compare(items, most),
        "uniqueItems" => {
            let list = value.as_array().filter(|_| limit.as_bool() == Some(true));
            Some(limit.is_boolean() && list.is_none_or(|list| is_unique(list)))
        }
        "minLength" => compare(characters, least),
        "maxLength" => compare(characters, most),
        "pattern" => {
            let pattern = regex_lite::Regex::new(limit.as_str()?).ok()?;
            Some(value.as_str().is_none_or(|text| pattern.is_match(text)))
        }
        "minimum" => compare(value.as_f64(), least),
        "maximum" => compare(value.as_f64(), most),
        "exclusiveMinimum" => compare(value.as_f64(), |value, limit| value > limit),
        "exclusiveMaximum" => compare(value.as_f64(), |value, limit| value < limit),
        "multipleOf" => compare(value.as_f64(), is_multiple),
        _ => Some(true),
    }
}

/// Returns whether a value is of a type; `None` if the type is unknown.
fn is_of(kind: &Value, value: &Value) -> Option<bool> {
    Some(match kind.as_str()? {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        _ => return None,
    })
}

/// Returns whether two JSON values are equal: 1 is 1.0.
fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            let is_there = |(name, a): (&String, &Value)| b.get(name).is_some_and(|b| same(a, b));
            a.len() == b.len() && a.iter().all(is_there)
        }
        _ => one == other,
    }
}

fn is_unique(list: &[Value]) -> bool {
    let is_new = |(place, one): (usize, &Value)| !list[..place].iter().any(|other| same(one, other));
    list.iter().enumerate().all(is_new)
}

/// Returns whether a number is a multiple of another, up to the rounding of a division.
fn is_multiple(value: f64, of: f64) -> bool {
    let ratio = value / of;
    (ratio - ratio.round()).abs() <= 1e-9 * ratio.abs().max(1.0)
}

fn list_at<'s>(schema: &'s Map<String, Value>, keyword: &str) -> &'s [Value] {
    schema.get(keyword).map_or(&[], listed)
}

fn object_at<'s>(schema: &'s Map<String, Value>, keyword: &str) -> Option<&'s Map<String, Value>> {
    schema.get(keyword)?.as_object()
}

/// Returns a list unchanged, and any other value as a list of one.
fn listed(value: &Value) -> &[Value] {
    value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
}
// END AUTO SECTION: schema_check
