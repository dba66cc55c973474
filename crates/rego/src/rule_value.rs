//! Reads the value of a rule like conftest: strings, objects with `msg`, or `true`.

use regorus::Value;

/// The length of the name that a result gives its rule: findings show it.
const MAX_RULE_NAME_BYTES: usize = 64;

/// One result, as the rule wrote it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct RawResult {
    /// None if the value is `true` or an empty string.
    pub(crate) message: Option<String>,
    /// Keys and indexes from the root of the input.
    pub(crate) pointer: Option<Vec<String>>,
    /// The path of the input that it is about.
    pub(crate) file: Option<String>,
    /// How to fix it.
    pub(crate) help: Option<String>,
    /// The name of the rule, where the object has one.
    pub(crate) rule: Option<String>,
}

/// Reads the results in the value of a rule, in the order of the value.
///
/// # Errors
/// When the value has an unsupported type; conftest would ignore it.
pub(crate) fn read(value: &Value) -> Result<Vec<RawResult>, String> {
    match value {
        Value::Undefined | Value::Bool(false) => Ok(Vec::new()),
        Value::Bool(true) => Ok(vec![RawResult::default()]),
        Value::Set(items) => items.iter().map(item).collect(),
        Value::Array(items) => items.iter().map(item).collect(),
        one => Ok(vec![item(one)?]),
    }
}

fn item(value: &Value) -> Result<RawResult, String> {
    match value {
        Value::String(text) => Ok(RawResult { message: non_blank(text), ..RawResult::default() }),
        Value::Object(_) => match &value["msg"] {
            Value::String(text) => Ok(RawResult { message: non_blank(text), ..more(value) }),
            Value::Undefined => Err("returns an object without `msg`".into()),
            _ => Err("returns an object whose `msg` is not a string".into()),
        },
        _ => Err(format!("returns {value}, which is neither a string nor an object with `msg`")),
    }
}

fn non_blank(text: &str) -> Option<String> {
    (!text.trim().is_empty()).then(|| text.to_string())
}

/// Reads the further fields of an object, directly or in `details`. They have no meaning in conftest,
/// so unsupported values are ignored.
fn more(object: &Value) -> RawResult {
    let field = |names: &[&str], read: &dyn Fn(&Value) -> Option<Vec<String>>| {
        let objects = [object, &object["details"]];
        objects.into_iter().flat_map(|object| names.iter().map(|name| &object[*name])).find_map(read)
    };
    let text = |value: &Value| value.as_string().ok().map(|text| vec![text.to_string()]);
    RawResult {
        message: None,
        pointer: field(&["pointer", "path"], &keys),
        file: field(&["file", "path"], &text).and_then(|mut texts| texts.pop()),
        help: field(&["help"], &text).and_then(|mut texts| texts.pop()),
        rule: field(&["rule"], &text).and_then(|mut texts| texts.pop()).filter(|name| is_rule_name(name)),
    }
}

/// Returns whether text can be the name of a rule: lower-case letters, digits and `-`.
fn is_rule_name(name: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !name.is_empty() && name.len() <= MAX_RULE_NAME_BYTES && name.bytes().all(is_part)
}

/// Reads a location: a list of keys and indexes, or an RFC 6901 pointer.
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

    fn results(json: &str) -> Result<Vec<RawResult>, String> {
        read(&Value::from_json_str(json).unwrap())
    }

    #[test]
    fn values_of_rules_are_read() {
        let plain = |text: &str| RawResult { message: Some(text.into()), ..RawResult::default() };
        assert_eq!(results("false"), Ok(vec![]));
        assert_eq!(results("true"), Ok(vec![RawResult::default()]));
        assert_eq!(results(r#""a""#), Ok(vec![plain("a")]));
        assert_eq!(results(r#"["b", {"msg": "a"}]"#), Ok(vec![plain("b"), plain("a")]));
        assert_eq!(results(r#"[""]"#), Ok(vec![RawResult::default()]));
        for wrong in ["1", "[1]", "[[]]", "[true]", "{}", r#"{"a": "b"}"#, r#"[{"msg": 1}]"#, "null"] {
            assert!(results(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_result_can_name_its_rule() {
        let name = |json: &str| results(json).unwrap().pop().unwrap().rule;
        assert_eq!(name(r#"{"msg": "a", "rule": "review-required"}"#).as_deref(), Some("review-required"));
        for other in
            [r#"{"msg": "a", "rule": "a b"}"#, r#"{"msg": "a", "rule": 1}"#, r#"{"msg": "a", "rule": ""}"#]
        {
            assert_eq!(name(other), None, "{other}");
        }
    }

    #[test]
    fn locations_are_keys_or_pointers() {
        let of = |json: &str| {
            let result = results(json).unwrap().pop().unwrap();
            (result.pointer.as_deref().map(pointer), result.file, result.help)
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
