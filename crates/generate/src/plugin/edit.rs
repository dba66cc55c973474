//! Edits of a JSON document that leave everything else of it as somebody wrote it: only the bytes of a value change.

use artifact::{Kind, Limits, Syntax, SyntaxError, Value as Read, parse};
use serde_json::Value;

/// Sets the value at a JSON pointer (RFC 6901); `-` as the last part adds to a list. Maps on the way are made.
///
/// # Errors
/// When the text is no JSON, or something on the way is neither map nor list.
pub fn set(text: &str, pointer: &str, value: &Value) -> Result<String, SyntaxError> {
    let read = parse(Syntax::Json, text.as_bytes(), &Limits::default())?;
    if let Some(standing) = read.pointer(pointer) {
        let indent = indent_of(text, standing.span.start);
        return Ok(splice(text, standing.span.clone(), &write(value, indent)));
    }
    let (parent, name) = pointer.rsplit_once('/').unwrap_or(("", pointer));
    let Some(holder) = read.pointer(parent) else {
        let made = match name {
            "-" => Value::Array(vec![value.clone()]),
            _ => Value::Object(
                [(name.replace("~1", "/").replace("~0", "~"), value.clone())].into_iter().collect(),
            ),
        };
        return set(text, parent, &made);
    };
    match &holder.kind {
        Kind::Map(map) => {
            let last = map.entries().last().map(|entry| (entry.key.span.start, entry.value.span.end));
            let name = name.replace("~1", "/").replace("~0", "~");
            Ok(add(text, holder, last, |indent| format!("{}: {}", Value::String(name), write(value, indent))))
        }
        Kind::List(list) if name == "-" => {
            let last = list.last().map(|value| (value.span.start, value.span.end));
            Ok(add(text, holder, last, |indent| write(value, indent)))
        }
        _ => Err(SyntaxError {
            message: format!("nothing can be set at `{pointer}`: what holds it is {}", holder.describe()),
            help: None,
            span: holder.span.clone(),
        }),
    }
}

/// Adds an entry behind the last one, on a line of its own where the last one has one, at the same indentation.
fn add(
    text: &str,
    holder: &Read,
    last: Option<(usize, usize)>,
    entry: impl FnOnce(usize) -> String,
) -> String {
    let outer = indent_of(text, holder.span.start);
    let Some((start, end)) = last else {
        let indent = outer + 2;
        let (open, close) =
            (&text[holder.span.start..=holder.span.start], &text[holder.span.end - 1..holder.span.end]);
        let whole = format!("{open}\n{}{}\n{}{close}", " ".repeat(indent), entry(indent), " ".repeat(outer));
        return splice(text, holder.span.clone(), &whole);
    };
    let own_line = text[..start].rfind('\n').is_some_and(|at| text[at..start].trim().is_empty());
    if own_line {
        let indent = indent_of(text, start);
        splice(text, end..end, &format!(",\n{}{}", " ".repeat(indent), entry(indent)))
    } else {
        splice(text, end..end, &format!(", {}", entry(outer)))
    }
}

/// A value in two-space steps, its further lines below `indent`.
fn write(value: &Value, indent: usize) -> String {
    match value {
        // Short lists read best in one line.
        Value::Array(list) if list.iter().all(|value| !value.is_object() && !value.is_array()) => {
            let parts: Vec<String> = list.iter().map(Value::to_string).collect();
            format!("[{}]", parts.join(", "))
        }
        _ => format!("{value:#}").replace('\n', &format!("\n{}", " ".repeat(indent))),
    }
}

/// The indentation of the line that a byte stands in.
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
