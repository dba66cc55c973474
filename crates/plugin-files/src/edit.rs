//! Edits of a JSON document that change only the bytes of one value and preserve all other formatting.

use artifact::{Kind, Limits, Syntax, SyntaxError, Value as Read, parse};
use serde_json::Value;

/// Sets the value at a JSON pointer (RFC 6901); `-` as the last part appends to an array. Missing parent objects are created.
///
/// # Errors
/// When the text is invalid JSON, or a parent is neither an object nor an array.
pub fn set(text: &str, pointer: &str, value: &Value) -> Result<String, SyntaxError> {
    let read = parse(Syntax::Json, text.as_bytes(), &Limits::default())?;
    if let Some(old) = read.pointer(pointer) {
        let indent = indent_of(text, old.span.start);
        return Ok(splice(text, old.span.clone(), &write(value, indent)));
    }
    let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    let Some(container) = read.pointer(parent) else {
        let value = match name {
            "-" => Value::Array(vec![value.clone()]),
            _ => Value::Object(
                [(name.replace("~1", "/").replace("~0", "~"), value.clone())].into_iter().collect(),
            ),
        };
        return set(text, parent, &value);
    };
    match &container.kind {
        Kind::Map(map) => {
            let last = map.entries().last().map(|entry| (entry.key.span.start, entry.value.span.end));
            let name = name.replace("~1", "/").replace("~0", "~");
            Ok(add(text, container, last, |indent| {
                format!("{}: {}", Value::String(name), write(value, indent))
            }))
        }
        Kind::List(list) if name == "-" => {
            let last = list.last().map(|value| (value.span.start, value.span.end));
            Ok(add(text, container, last, |indent| write(value, indent)))
        }
        _ => Err(SyntaxError::new(
            container.span.clone(),
            format!("cannot set `{pointer}`: its parent is {}", container.describe()),
        )),
    }
}

/// Appends an entry; if the last entry is on its own line, so is the new one, with the same indentation.
fn add(
    text: &str,
    container: &Read,
    last: Option<(usize, usize)>,
    entry: impl FnOnce(usize) -> String,
) -> String {
    let outer = indent_of(text, container.span.start);
    let Some((start, end)) = last else {
        let indent = outer + 2;
        let (open, close) = (
            &text[container.span.start..=container.span.start],
            &text[container.span.end - 1..container.span.end],
        );
        let whole = format!("{open}\n{}{}\n{}{close}", " ".repeat(indent), entry(indent), " ".repeat(outer));
        return splice(text, container.span.clone(), &whole);
    };
    let own_line = text[..start].rfind('\n').is_some_and(|at| text[at..start].trim().is_empty());
    if own_line {
        let indent = indent_of(text, start);
        splice(text, end..end, &format!(",\n{}{}", " ".repeat(indent), entry(indent)))
    } else {
        splice(text, end..end, &format!(", {}", entry(outer)))
    }
}

/// Formats a value with two-space indentation, below `indent`.
fn write(value: &Value, indent: usize) -> String {
    match value {
        // Arrays of scalars stay on one line.
        Value::Array(list) if list.iter().all(|value| !value.is_object() && !value.is_array()) => {
            let parts: Vec<String> = list.iter().map(Value::to_string).collect();
            format!("[{}]", parts.join(", "))
        }
        _ => format!("{value:#}").replace('\n', &format!("\n{}", " ".repeat(indent))),
    }
}

/// Returns the indentation of the line that contains a byte.
fn indent_of(text: &str, at: usize) -> usize {
    let start = text[..at].rfind('\n').map_or(0, |at| at + 1);
    text[start..].bytes().take_while(|&byte| byte == b' ').count()
}

fn splice(text: &str, span: std::ops::Range<usize>, with: &str) -> String {
    format!("{}{with}{}", &text[..span.start], &text[span.end..])
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const SPEC: &str = "{\n  \"version\": \"1.0.0\",\n  \"core\": { \"api\": \"a\" },\n  \"operations\": [\n    { \"name\": \"x\" }\n  ],\n  \"aliases\": []\n}\n";

    #[test]
    fn only_the_value_changes() {
        assert_eq!(set(SPEC, "/version", &json!("2.0.0")).unwrap(), SPEC.replace("1.0.0", "2.0.0"));
        let added = set(SPEC, "/operations/-", &json!({"name": "y"})).unwrap();
        assert!(added.contains("{ \"name\": \"x\" },\n    {\n      \"name\": \"y\"\n    }\n  ],"), "{added}");
        let added = set(SPEC, "/core/range", &json!(">=1")).unwrap();
        assert!(added.contains("{ \"api\": \"a\", \"range\": \">=1\" }"), "{added}");
        let added = set(SPEC, "/links/absorbs", &json!(["A", "B"])).unwrap();
        assert!(added.ends_with("\"aliases\": [],\n  \"links\": {\n    \"absorbs\": [\n      \"A\",\n      \"B\"\n    ]\n  }\n}\n"), "{added}");
        let added = set(SPEC, "/aliases/-", &json!("A")).unwrap();
        assert!(added.contains("\"aliases\": [\n    \"A\"\n  ]"), "{added}");
        for text in ["{\n}\n", "{}"] {
            assert_eq!(set(text, "/a", &json!(1)).unwrap().trim_end(), "{\n  \"a\": 1\n}");
        }
        assert!(set(SPEC, "/version/x", &json!(1)).is_err());
    }
}
