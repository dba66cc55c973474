//! The vectors of RFC 8785: what our writer and scanner say of them, beside an independent implementation.
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a test reads files, and says what it skips"
)]

use std::path::Path;

use ledger::{Json, canonical};
use serde_json::Value;

/// Takes a value for one of ours; `None` where ledger lines know no such value: other numbers, other keys.
fn ours(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => return None,
        Value::Bool(truth) => Json::Bool(*truth),
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
fn the_vectors_of_rfc_8785() {
    let folder = std::env::var_os("ID_GUARD_CORPUS")
        .map(|corpus| Path::new(&corpus).with_file_name("vectors").join("rfc8785-jcs/testdata"))
        .filter(|folder| folder.is_dir());
    let Some(folder) = folder else {
        println!("skipped: ID_GUARD_CORPUS names no folder beside which vectors lie");
        return;
    };
    let mut counted = 0;
    for entry in std::fs::read_dir(folder.join("input")).unwrap() {
        let input = entry.unwrap().path();
        let expected =
            std::fs::read_to_string(folder.join("output").join(input.file_name().unwrap())).unwrap();
        let value: Value = serde_json::from_slice(&std::fs::read(&input).unwrap()).unwrap();
        assert_eq!(serde_json_canonicalizer::to_string(&value).unwrap(), expected, "{}", input.display());
        // Ledger lines are a part of what RFC 8785 writes: objects of plain keys and whole numbers.
        let of_ledger = ours(&value).filter(|_| value.is_object());
        assert_eq!(canonical::check(expected.as_bytes()).is_ok(), of_ledger.is_some(), "{}", input.display());
        if let Some(json) = ours(&value) {
            assert_eq!(json.to_string(), expected, "{}", input.display());
        }
        // Every text of the vectors is written as they write it.
        texts(&value, &mut |text| {
            let line = Json::object([("a", Json::text(text))]).to_string();
            assert_eq!(line, serde_json_canonicalizer::to_string(&serde_json::json!({"a": text})).unwrap());
            assert_eq!(canonical::check(line.as_bytes()), Ok(()));
        });
        counted += 1;
    }
    assert_eq!(counted, 6);
}

fn texts(value: &Value, each: &mut dyn FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(list) => list.iter().for_each(|value| texts(value, each)),
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            each(key);
            texts(value, each);
        }),
        _ => {}
    }
}
