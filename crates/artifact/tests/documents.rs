//! Documents of other people: what is accepted, what is rejected, and the messages.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up has failed")]

use artifact::{Fields, Kind, Limits, Syntax, Value, parse};
use proptest::prelude::*;

fn read(syntax: Syntax, text: &str) -> Value {
    parse(syntax, text.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

/// The message, and the text that it refers to.
fn rejected(syntax: Syntax, text: &[u8]) -> (String, String) {
    let error = parse(syntax, text, &Limits::default()).expect_err("the document is rejected");
    (error.message.clone(), String::from_utf8_lossy(&text[error.span.clone()]).into_owned())
}

#[test]
fn values_keep_their_positions() {
    let text = "schema_version: 1\nulid: 01JD4ZK3V8Q2W4X6Y8Z0A1B2C3\ncreated_at: \"2026-11-20T23:12:00Z\"\nlinks:\n  absorbs: [A, \"B\"]\nnotes: \"\"\n";
    let value = read(Syntax::Yaml, text);
    let at = |pointer: &str| &text[value.pointer(pointer).unwrap().span.clone()];
    assert_eq!(value.pointer("/schema_version").unwrap().as_integer(), Some(1));
    assert_eq!(at("/ulid"), "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3");
    assert_eq!(at("/created_at"), "\"2026-11-20T23:12:00Z\"");
    assert_eq!(at("/links/absorbs/1"), "\"B\"");
    assert_eq!(value.pointer("/notes").unwrap().as_str(), Some(""));
    assert!(value.pointer("/links/absorbs/2").is_none() && value.pointer("/links/absorbs/01").is_none());
}

#[test]
fn the_three_syntaxes_are_equivalent() {
    let json = read(Syntax::Json, r#"{"a/b": [1, true, null, "x"], "c": {"~": 1.5}}"#);
    let yaml = read(Syntax::Yaml, "c:\n  \"~\": 1.5\na/b: [1, true, null, x]\n");
    let matter = read(Syntax::FrontMatter, "---\nc: {\"~\": 1.5}\na/b: [1, true, null, x]\n---\n# text\n");
    assert!(json.same(&yaml) && yaml.same(&matter));
    assert_eq!(json.pointer("/a~1b/0").unwrap().as_integer(), Some(1));
    assert_eq!(json.pointer("/c/~0").unwrap().kind, Kind::Number("1.5".into()));
}

#[test]
fn ambiguous_yaml_is_rejected() {
    for (text, message, place) in [
        ("a: 1\na: 2\n", "duplicate key `a`", "a"),
        ("a: &x 1\n", "YAML anchors are not supported", "1"),
        ("a: !!str 1\n", "YAML tags are not supported", "1"),
        ("a: 1\n---\nb: 2\n", "multiple YAML documents in one file are not supported", "---"),
        ("a: NO\n", "ambiguous unquoted scalar `NO`: YAML 1.1 reads it as a boolean; quote it", "NO"),
        ("a:\tb\n", "unescaped tabs are not supported in YAML", "\t"),
        ("a:\n\tb: 1\n", "tabs are not allowed in YAML indentation", "\t"),
        (
            "a: 1\n<<<<<<< HEAD\nb: 2\n=======\nb: 3\n>>>>>>> topic\n",
            "unresolved merge conflict marker",
            "<<<<<<< HEAD",
        ),
        (
            "a: [:b]\n",
            "ambiguous unquoted scalar `:b`: YAML 1.1 reads it as the start of a key; quote it",
            ":b",
        ),
        (
            "a: [?b]\n",
            "ambiguous unquoted scalar `?b`: YAML 1.1 reads it as the start of a key; quote it",
            "?b",
        ),
        ("|\n#\n", "a document that is one block scalar is not supported", "#\n"),
        ("1: a\n", "expected a string as key, found an integer", "1"),
        (
            "<<: {a: 1}\n",
            "ambiguous unquoted scalar `<<`: YAML 1.1 reads it as a special key; quote it",
            "<<",
        ),
        ("a: 1\r\n", "carriage returns are not supported in YAML", "\r"),
    ] {
        let (found, at) = rejected(Syntax::Yaml, text.as_bytes());
        assert_eq!((found.as_str(), at.as_str()), (message, place), "{text:?}");
    }
    for text in ["a: *x\n", "%YAML 1.1\n---\na: 1\n", "a: [1\n", "", "a: b: c\n", "- a\nb: c\n"] {
        rejected(Syntax::Yaml, text.as_bytes());
    }
}

#[test]
fn invalid_json_is_rejected() {
    for text in [
        r#"{"a": 1, "a": 2}"#,
        "[1,]",
        r#"{"a" 1}"#,
        "[01]",
        "[+1]",
        "[.5]",
        "[NaN]",
        "[1] x",
        r#"["\x"]"#,
        r#"["\ud800"]"#,
        r#"["\ud800\u0041"]"#,
        "[\"\u{1}\"]",
        "",
        "[",
        "{",
        r#"{"a":}"#,
        r#"{"a":1,}"#,
        "'a'",
        "nul",
        r#"["\u12"]"#,
        "[1 2]",
        "]",
        "{]",
    ] {
        rejected(Syntax::Json, text.as_bytes());
    }
    assert_eq!(read(Syntax::Json, r#""\ud83d\ude00""#).as_str(), Some("\u{1f600}"));
}

#[test]
fn encoding_and_size_are_checked() {
    assert_eq!(rejected(Syntax::Json, b"\xef\xbb\xbf{}").0, "the document starts with a byte order mark");
    assert_eq!(rejected(Syntax::Yaml, b"a: \xff\n").0, "the document is not UTF-8");
    let limit = Limits::default();
    for syntax in [Syntax::Json, Syntax::Yaml] {
        let deep = "[".repeat(100_000);
        assert!(rejected(syntax, deep.as_bytes()).0.contains("nested deeper"), "{syntax:?}");
        let wide = format!("[{}1]", "1,".repeat(limit.nodes));
        assert!(rejected(syntax, wide.as_bytes()).0.contains("more than"), "{syntax:?}");
        assert!(rejected(syntax, &vec![b' '; limit.bytes + 1]).0.contains("limit"), "{syntax:?}");
    }
    for text in [
        "- ".repeat(200_000),
        "? ".repeat(200_000),
        "{a: ".repeat(100_000),
        format!("a: {}", " ".repeat(900_000)),
    ] {
        rejected(Syntax::Yaml, text.as_bytes());
    }
}

#[test]
fn front_matter_is_delimited() {
    assert_eq!(rejected(Syntax::FrontMatter, b"# no\n").0, "missing front matter");
    assert_eq!(rejected(Syntax::FrontMatter, b"---\na: 1\n").0, "front matter is not closed");
}

#[test]
fn fields_that_are_never_requested_are_unknown() {
    let value = read(Syntax::Yaml, "name: x\nversoin: \"1\"\nsize: 3\n");
    let mut problems = Vec::new();
    let mut fields = Fields::of(&value, "", &mut problems).unwrap();
    assert_eq!(fields.required_str("name").unwrap().0, "x");
    assert!(fields.required_str("version").is_none());
    assert!(fields.optional_str("size").is_none());
    fields.finish();
    let found: Vec<_> =
        problems.iter().map(|p| (p.pointer.as_str(), p.message.as_str(), p.help.as_deref())).collect();
    assert_eq!(
        found,
        [
            ("/version", "missing field `version`", None),
            ("/size", "expected a string, found an integer", Some("quote it: \"3\"")),
            ("/versoin", "unknown field `versoin`", Some("did you mean `version`?")),
        ]
    );
}

fn any_json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        (-1_000_000i64..1_000_000).prop_map(Into::into),
        any::<String>().prop_map(Into::into),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| map.into_iter().collect()),
        ]
    })
}

fn equal(ours: &Value, theirs: &serde_json::Value) -> bool {
    match (&ours.kind, theirs) {
        (Kind::Null, serde_json::Value::Null) => true,
        (Kind::Bool(a), serde_json::Value::Bool(b)) => a == b,
        (Kind::Integer(a), serde_json::Value::Number(b)) => Some(*a) == b.as_i64(),
        (Kind::String(a), serde_json::Value::String(b)) => a == b,
        (Kind::List(a), serde_json::Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Kind::Map(a), serde_json::Value::Object(b)) => {
            a.len() == b.len()
                && a.entries().all(|entry| b.get(&entry.key.name).is_some_and(|b| equal(&entry.value, b)))
        }
        _ => false,
    }
}

proptest! {
    #[test]
    fn json_agrees_with_serde_json(document in any_json()) {
        for text in [document.to_string(), serde_json::to_string_pretty(&document).unwrap()] {
            let value = parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap();
            prop_assert!(equal(&value, &document), "{}", text);
        }
    }

    #[test]
    fn readers_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[\\[\\]{}:,\"'&*!|>%#?\\- \nab0-9~\\\\]{0,80}") {
        for syntax in [Syntax::Json, Syntax::Yaml, Syntax::FrontMatter] {
            let _ = parse(syntax, &bytes, &Limits::default());
            if let Err(error) = parse(syntax, text.as_bytes(), &Limits::default()) {
                prop_assert!(error.span.end <= text.len());
            }
        }
    }
}
