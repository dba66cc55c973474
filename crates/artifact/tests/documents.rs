//! Documents as strangers write them: what is read, what is refused and in which words.
#![allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "a test that cannot be set up has failed")]

use artifact::{Fields, Kind, Limits, Syntax, Value, parse};
use proptest::prelude::*;

fn read(syntax: Syntax, text: &str) -> Value {
    parse(syntax, text.as_bytes(), &Limits::default()).unwrap_or_else(|error| panic!("{text:?}: {error}"))
}

/// What is wrong, and the text it points at.
fn refused(syntax: Syntax, text: &[u8]) -> (String, String) {
    let error = parse(syntax, text, &Limits::default()).expect_err("the document is refused");
    (error.message.clone(), String::from_utf8_lossy(&text[error.span.clone()]).into_owned())
}

#[test]
fn a_card_is_read_with_its_places() {
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
fn the_three_syntaxes_say_the_same() {
    let json = read(Syntax::Json, r#"{"a/b": [1, true, null, "x"], "c": {"~": 1.5}}"#);
    let yaml = read(Syntax::Yaml, "c:\n  \"~\": 1.5\na/b: [1, true, null, x]\n");
    let matter = read(Syntax::FrontMatter, "---\nc: {\"~\": 1.5}\na/b: [1, true, null, x]\n---\n# text\n");
    assert!(json.same(&yaml) && yaml.same(&matter));
    assert_eq!(json.pointer("/a~1b/0").unwrap().as_integer(), Some(1));
    assert_eq!(json.pointer("/c/~0").unwrap().kind, Kind::Number("1.5".into()));
}

#[test]
fn yaml_that_readers_differ_on_is_refused() {
    for (text, message, place) in [
        ("a: 1\na: 2\n", "the key `a` stands twice in one map", "a"),
        ("a: &x 1\n", "an anchor stands here", "1"),
        ("a: !!str 1\n", "a tag stands here", "1"),
        ("a: 1\n---\nb: 2\n", "a second document begins", "---"),
        ("a: NO\n", "`NO` without quotes is a truth value to some readers and a text to others", "NO"),
        ("a:\tb\n", "a tab stands bare in YAML", "\t"),
        ("1: a\n", "a key is a whole number, not a text", "1"),
        ("<<: {a: 1}\n", "`<<` without quotes is a special key to some readers and a text to others", "<<"),
        ("a: 1\r\n", "a carriage return stands bare in YAML", "\r"),
    ] {
        let (found, at) = refused(Syntax::Yaml, text.as_bytes());
        assert_eq!((found.as_str(), at.as_str()), (message, place), "{text:?}");
    }
    for text in ["a: *x\n", "%YAML 1.1\n---\na: 1\n", "a: [1\n", "", "a: b: c\n", "- a\nb: c\n"] {
        refused(Syntax::Yaml, text.as_bytes());
    }
}

#[test]
fn json_that_readers_differ_on_is_refused() {
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
        refused(Syntax::Json, text.as_bytes());
    }
    assert_eq!(read(Syntax::Json, r#""\ud83d\ude00""#).as_str(), Some("\u{1f600}"));
}

#[test]
fn encodings_and_sizes_are_bounded() {
    assert_eq!(refused(Syntax::Json, b"\xef\xbb\xbf{}").0, "the document begins with a byte order mark");
    assert_eq!(refused(Syntax::Yaml, b"a: \xff\n").0, "the document is not UTF-8");
    let limit = Limits::default();
    for syntax in [Syntax::Json, Syntax::Yaml] {
        let deep = "[".repeat(100_000);
        assert!(refused(syntax, deep.as_bytes()).0.contains("nested deeper"), "{syntax:?}");
        let wide = format!("[{}1]", "1,".repeat(limit.nodes));
        assert!(refused(syntax, wide.as_bytes()).0.contains("more than"), "{syntax:?}");
        assert!(refused(syntax, &vec![b' '; limit.bytes + 1]).0.contains("limit"), "{syntax:?}");
    }
    for text in [
        "- ".repeat(200_000),
        "? ".repeat(200_000),
        "{a: ".repeat(100_000),
        format!("a: {}", " ".repeat(900_000)),
    ] {
        refused(Syntax::Yaml, text.as_bytes());
    }
}

#[test]
fn front_matter_is_marked() {
    assert_eq!(refused(Syntax::FrontMatter, b"# no\n").0, "the document has no front matter");
    assert_eq!(refused(Syntax::FrontMatter, b"---\na: 1\n").0, "the front matter does not end");
}

#[test]
fn fields_are_asked_for_and_the_rest_is_unknown() {
    let value = read(Syntax::Yaml, "name: x\nversoin: \"1\"\nsize: 3\n");
    let mut problems = Vec::new();
    let mut fields = Fields::of(&value, "", &mut problems).unwrap();
    assert_eq!(fields.required_str("name").unwrap().0, "x");
    assert!(fields.required_str("version").is_none());
    assert!(fields.optional_str("size").is_none());
    fields.finish();
    let told: Vec<_> =
        problems.iter().map(|p| (p.pointer.as_str(), p.message.as_str(), p.help.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("/version", "the field `version` is missing", None),
            ("/size", "expected a text, found a whole number", Some("quote it: \"3\"")),
            ("/versoin", "the field `versoin` is not known here", Some("did you mean `version`?")),
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
    fn json_is_read_as_serde_json_writes_it(document in any_json()) {
        for text in [document.to_string(), serde_json::to_string_pretty(&document).unwrap()] {
            let value = parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap();
            prop_assert!(equal(&value, &document), "{}", text);
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[\\[\\]{}:,\"'&*!|>%#?\\- \nab0-9~\\\\]{0,80}") {
        for syntax in [Syntax::Json, Syntax::Yaml, Syntax::FrontMatter] {
            let _ = parse(syntax, &bytes, &Limits::default());
            if let Err(error) = parse(syntax, text.as_bytes(), &Limits::default()) {
                prop_assert!(error.span.end <= text.len());
            }
        }
    }
}
