//! The vectors of RFC 8785: our writer and scanner agree with an independent implementation.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test reads its own files")]

use std::path::Path;

use ledger::{Json, canonical};
use serde_json::Value;

/// Converts a value; `None` if ledger lines cannot contain it, such as other numbers or keys.
fn ours(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => Json::Integer(number.as_i64().filter(|number| number.abs() < 1 << 53)?),
        Value::String(text) => Json::text(text.as_str()),
        Value::Array(list) => Json::List(list.iter().map(ours).collect::<Option<_>>()?),
        Value::Object(map) => {
            let plain = |key: &str| {
                let first = key.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
                first
                    && key
                        .bytes()
                        .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
            };
            let members =
                map.iter().map(|(key, value)| Some((key.clone(), ours(value).filter(|_| plain(key))?)));
            Json::Object(members.collect::<Option<_>>()?)
        }
    })
}

#[test]
fn the_vectors_of_rfc_8785_are_written_identically() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/jcs");
    let mut counted = 0;
    for entry in std::fs::read_dir(folder.join("input")).unwrap() {
        let input = entry.unwrap().path();
        let expected =
            std::fs::read_to_string(folder.join("output").join(input.file_name().unwrap())).unwrap();
        let value: Value = serde_json::from_slice(&std::fs::read(&input).unwrap()).unwrap();
        assert_eq!(serde_json_canonicalizer::to_string(&value).unwrap(), expected, "{}", input.display());
        // Ledger lines are a subset of RFC 8785: objects with plain keys and integers.
        let of_ledger = ours(&value).filter(|_| value.is_object());
        assert_eq!(canonical::check(expected.as_bytes()).is_ok(), of_ledger.is_some(), "{}", input.display());
        if let Some(json) = ours(&value) {
            assert_eq!(json.to_string(), expected, "{}", input.display());
        }
        // Every string of the vectors is written as in the vectors.
        for_each_string(&value, &mut |text| {
            let line = Json::object([("a", Json::text(text))]).to_string();
            assert_eq!(line, serde_json_canonicalizer::to_string(&serde_json::json!({"a": text})).unwrap());
            assert_eq!(canonical::check(line.as_bytes()), Ok(()));
        });
        counted += 1;
    }
    assert_eq!(counted, 6);
}

fn for_each_string(value: &Value, each: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(list) => list.iter().for_each(|value| for_each_string(value, each)),
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            each(key);
            for_each_string(value, each);
        }),
        _ => {}
    }
}
