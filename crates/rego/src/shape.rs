//! What a rule gives, read as conftest reads it: texts, objects with `msg`, or a plain yes.

use regorus::Value;

/// One thing that a rule says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    /// None where the rule gives a plain `true` or an empty text.
    pub(crate) message: Option<String>,
    /// Keys and indexes from the input's root.
    pub(crate) pointer: Option<Vec<String>>,
    /// The path of the input that it speaks of.
    pub(crate) file: Option<String>,
    /// How to put it right.
    pub(crate) help: Option<String>,
}

/// Reads the value of a rule: what it says, in the order of the value.
///
/// # Errors
/// When the value is none that a rule may give; conftest would take it for silence.
pub(crate) fn read(value: &Value) -> Result<Vec<Said>, String> {
    match value {
        Value::Undefined | Value::Bool(false) => Ok(Vec::new()),
        Value::Bool(true) => Ok(vec![Said::default()]),
        Value::Set(items) => items.iter().map(item).collect(),
        Value::Array(items) => items.iter().map(item).collect(),
        one => Ok(vec![item(one)?]),
    }
}

fn item(value: &Value) -> Result<Said, String> {
    match value {
        Value::String(text) => Ok(Said { message: words(text), ..Said::default() }),
        Value::Object(_) => match &value["msg"] {
            Value::String(text) => Ok(Said { message: words(text), ..more(value) }),
            Value::Undefined => Err("gives an object without `msg`".into()),
            _ => Err("gives an object whose `msg` is no text".into()),
        },
        _ => Err(format!("gives {value}, which is neither a text nor an object with `msg`")),
    }
}

fn words(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_string())
}

/// Reads what an object says besides its message, there or under `details`. conftest passes such fields on without a meaning,
/// so what is not understood is no error.
fn more(object: &Value) -> Said {
    let field = |names: &[&str], read: &dyn Fn(&Value) -> Option<Vec<String>>| {
        let rooms = [object, &object["details"]];
        rooms.into_iter().flat_map(|room| names.iter().map(|name| &room[*name])).find_map(read)
    };
    let text = |value: &Value| value.as_string().ok().map(|text| vec![text.to_string()]);
    Said {
        message: None,
        pointer: field(&["pointer", "path"], &keys),
        file: field(&["file", "path"], &text).and_then(|mut texts| texts.pop()),
        help: field(&["help"], &text).and_then(|mut texts| texts.pop()),
    }
}

/// Reads where something is: a list of keys and indexes, or an RFC 6901 pointer.
fn keys(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) if text.is_empty() => Some(Vec::new()),
        Value::String(text) => {
            let keys = text.strip_prefix('/')?.split('/');
            Some(keys.map(|key| key.replace("~1", "/").replace("~0", "~")).collect())
        }
        Value::Array(items) => items
            .iter()
            .map(|item| match item {
                Value::String(key) => Some(key.to_string()),
                Value::Number(_) => item.as_u64().ok().map(|index| index.to_string()),
                _ => None,
            })
            .collect(),
        _ => None,
    }
}

/// Writes keys as a pointer (RFC 6901 §3).
pub(crate) fn pointer(keys: &[String]) -> String {
    keys.iter().map(|key| format!("/{}", key.replace('~', "~0").replace('/', "~1"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(json: &str) -> Result<Vec<Said>, String> {
        read(&Value::from_json_str(json).unwrap())
    }

    #[test]
    fn what_rules_give() {
        let plain = |text: &str| Said { message: Some(text.into()), ..Said::default() };
        assert_eq!(said("false"), Ok(vec![]));
        assert_eq!(said("true"), Ok(vec![Said::default()]));
        assert_eq!(said(r#""a""#), Ok(vec![plain("a")]));
        assert_eq!(said(r#"["b", {"msg": "a"}]"#), Ok(vec![plain("b"), plain("a")]));
        assert_eq!(said(r#"[""]"#), Ok(vec![Said::default()]));
        for wrong in ["1", "[1]", "[[]]", "[true]", "{}", r#"{"a": "b"}"#, r#"[{"msg": 1}]"#, "null"] {
            assert!(said(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn places_are_keys_or_pointers() {
        let of = |json: &str| {
            let said = said(json).unwrap().pop().unwrap();
            (said.pointer.as_deref().map(pointer), said.file, said.help)
        };
        assert_eq!(of(r#"{"msg": "a", "path": ["x/y", 0, "~"]}"#), (Some("/x~1y/0/~0".into()), None, None));
        assert_eq!(of(r#"{"msg": "a", "pointer": "/x~1y/0", "help": "h"}"#).0, Some("/x~1y/0".into()));
        assert_eq!(of(r#"{"msg": "a", "details": {"path": ["x"], "help": "h"}}"#).2, Some("h".into()));
        assert_eq!(of(r#"{"msg": "a", "path": "b.yaml"}"#), (None, Some("b.yaml".into()), None));
        assert_eq!(
            of(r#"{"msg": "a", "pointer": {"odd": 1}, "path": [{}], "details": 7}"#),
            (None, None, None)
        );
        assert_eq!(of(r#"{"msg": "a", "pointer": ""}"#).0, Some(String::new()));
    }
}
