//! Shared code of the tests: documents, the process, and a small schema validator.
#![allow(dead_code, reason = "each test uses what it needs")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

/// Reads a JSON document of the plugin.
pub fn document(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads the canonical request or response of an operation.
pub fn example(operation: &str, end: &str) -> Value {
    document(&format!("examples/{operation}_{end}.json"))
}

/// Runs the process; `events` is the file that its events go to.
pub fn run(words: &[&str], request: &str, events: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handler"));
    command.args(words).env("ID_GUARD_EVENTS", events);
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A process that refuses its arguments does not read: the pipe may be closed.
    child
        .stdin
        .take()
        .unwrap()
        .write_all(request.as_bytes())
        .ok();
    child.wait_with_output().unwrap()
}

/// Returns the violations of a schema in a value.
///
/// It checks the common keywords and ignores the others, such as patterns: the gate validates every
/// example against the whole schema.
pub fn problems(schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    find(schema, value, "/", &mut found);
    found
}

fn find(schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    if *schema == json!(false) {
        found.push(format!("{at}: no value is allowed here"));
    }
    let Some(keywords) = schema.as_object() else {
        return;
    };
    for (keyword, set) in keywords {
        if !is_valid(keyword, set, value) {
            found.push(format!("{at}: {keyword} is {set}"));
        }
    }
    if let Some(object) = value.as_object() {
        let any = !schema["patternProperties"].is_null();
        let others = if any {
            &Value::Null
        } else {
            &schema["additionalProperties"]
        };
        for (name, inner) in object {
            let inner_schema = schema["properties"].get(name).unwrap_or(others);
            find(inner_schema, inner, &format!("{at}{name}/"), found);
        }
    }
    if let Some(array) = value.as_array().filter(|_| schema["prefixItems"].is_null()) {
        for (place, inner) in array.iter().enumerate() {
            find(&schema["items"], inner, &format!("{at}{place}/"), found);
        }
    }
}

fn is_valid(keyword: &str, set: &Value, value: &Value) -> bool {
    let length = value.as_str().map(|text| text.chars().count() as f64);
    match keyword {
        "type" => listed(set).iter().any(|kind| is_of(kind, value)),
        "enum" => listed(set).contains(value),
        "const" => set == value,
        "required" => {
            let present = |name: &Value| name.as_str().is_none_or(|name| value.get(name).is_some());
            !value.is_object() || listed(set).iter().all(present)
        }
        "minLength" => length.is_none_or(|length| Some(length) >= set.as_f64()),
        "maxLength" => length.is_none_or(|length| Some(length) <= set.as_f64()),
        "minimum" => !value.is_number() || value.as_f64() >= set.as_f64(),
        "maximum" => !value.is_number() || value.as_f64() <= set.as_f64(),
        _ => true,
    }
}

fn is_of(kind: &Value, value: &Value) -> bool {
    match kind.as_str() {
        Some("array") => value.is_array(),
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        Some("null") => value.is_null(),
        Some("number") => value.is_number(),
        Some("object") => value.is_object(),
        Some("string") => value.is_string(),
        _ => false,
    }
}

/// Returns a list unchanged, and any other value as a list of one.
fn listed(value: &Value) -> &[Value] {
    value
        .as_array()
        .map_or(std::slice::from_ref(value), Vec::as_slice)
}
