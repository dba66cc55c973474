//! `$schema` selects the draft, each by its own rules.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use artifact::{Limits, Syntax, Value, parse};
use schema::{Schema, Variance, breaks};

fn read(text: &str) -> Value {
    parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap()
}

const DRAFTS: [&str; 5] = [
    "http://json-schema.org/draft-04/schema#",
    "http://json-schema.org/draft-06/schema#",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft/2019-09/schema",
    "https://json-schema.org/draft/2020-12/schema",
];

/// The drafts under which a document is accepted, of 4, 6, 7, 2019-09 and 2020-12; `-` where the schema is invalid.
fn accepted_by(keywords: &str, document: &str) -> String {
    let verdict =
        |draft: &&str| match Schema::compile(&read(&format!(r#"{{"$schema": "{draft}", {keywords}}}"#))) {
            Err(_) => '-',
            Ok(schema) if schema.accepts(&read(document)) => 'y',
            Ok(_) => 'n',
        };
    DRAFTS.iter().map(verdict).collect()
}

#[test]
fn each_draft_has_its_own_rules() {
    for (keywords, document, expected) in [
        (r#""maximum": 5, "exclusiveMaximum": true"#, "5", "n----"),
        (r#""maximum": 5, "exclusiveMaximum": false"#, "5", "y----"),
        (r#""minimum": 5, "exclusiveMinimum": true"#, "5", "n----"),
        (r#""exclusiveMaximum": 5"#, "5", "-nnnn"),
        (r#""const": 1"#, "2", "ynnnn"),
        (r#""const": 1"#, "1.0", "yyyyy"),
        (r#""enum": [1]"#, "1.0", "yyyyy"),
        (r#""type": "integer""#, "1.0", "nyyyy"),
        (r#""type": "integer""#, "1", "yyyyy"),
        (r#""uniqueItems": true"#, "[1, 1.0]", "nnnnn"),
        (r#""contains": {"const": 1}"#, "[2]", "ynnnn"),
        (r#""if": {"const": 1}, "then": {"type": "string"}"#, "1", "yynnn"),
        (r#""items": [{"type": "string"}]"#, "[1]", "nnnn-"),
        (r#""items": [{}], "additionalItems": false"#, "[1, 2]", "nnnn-"),
        (r#""prefixItems": [{"type": "string"}]"#, "[1]", "yyyyn"),
        (r#""dependencies": {"a": ["b"]}"#, r#"{"a": 1}"#, "nnnnn"),
        (r#""dependentRequired": {"a": ["b"]}"#, r#"{"a": 1}"#, "yyynn"),
        (
            r##""properties": {"a": {"$ref": "#/definitions/s", "minimum": 5}}, "definitions": {"s": {}}"##,
            r#"{"a": 1}"#,
            "yyynn",
        ),
        (
            r##""properties": {"c": {"$recursiveRef": "#"}}, "additionalProperties": false"##,
            r#"{"c": {"x": 1}}"#,
            "yyyny",
        ),
        (
            r##""properties": {"c": {"$dynamicRef": "#"}}, "additionalProperties": false"##,
            r#"{"c": {"x": 1}}"#,
            "yyyyn",
        ),
        (r#""unevaluatedProperties": false"#, r#"{"a": 1}"#, "yyynn"),
    ] {
        let found = accepted_by(keywords, document);
        assert_eq!(found, expected, "{keywords} {document}");
    }
}

#[test]
fn a_schema_without_a_draft_is_read_as_2020_12() {
    let schema = Schema::compile(&read(r#"{"prefixItems": [{"type": "string"}]}"#)).unwrap();
    assert!(!schema.accepts(&read("[1]")));
}

#[test]
fn other_dialects_are_refused() {
    for uri in [
        r#""https://example.org/no-such-dialect""#,
        r#""http://json-schema.org/schema#""#,
        r#""http://json-schema.org/draft-03/schema#""#,
        r#""https://json-schema.org/draft/2020-12/schema#x""#,
        r#""""#,
        "7",
        "null",
    ] {
        let problem = Schema::compile(&read(&format!(r#"{{"$schema": {uri}}}"#))).err().unwrap();
        assert_eq!(problem.pointer, "/$schema", "{uri}");
        assert!(problem.message.starts_with("unsupported JSON Schema dialect"), "{}", problem.message);
    }
    for uri in ["http://json-schema.org/draft-07/schema", "https://json-schema.org/draft/2020-12/schema#"] {
        assert!(Schema::compile(&read(&format!(r#"{{"$schema": "{uri}"}}"#))).is_ok(), "{uri}");
    }
}

fn compare(draft: &str, old: &str, new: &str) -> Vec<String> {
    let schema = |keywords: &str| read(&format!(r#"{{"$schema": "{draft}", {keywords}}}"#));
    let found = breaks(&schema(old), &schema(new), Variance::Widen);
    found.into_iter().map(|found| format!("{}: {}", found.pointer, found.message)).collect()
}

#[test]
fn schemas_of_one_draft_are_compared_by_its_rules() {
    let (six, seven, nineteen) = (DRAFTS[1], DRAFTS[2], DRAFTS[3]);
    for draft in [seven, nineteen] {
        let narrowed = compare(
            draft,
            r#""items": [{"type": ["string", "integer"]}], "additionalItems": {"minimum": 1}"#,
            r#""items": [{"type": "string"}], "additionalItems": {"minimum": 2}"#,
        );
        assert_eq!(narrowed.len(), 2, "{narrowed:?}");
        assert!(narrowed.iter().any(|one| one.starts_with("/items/0/type")), "{narrowed:?}");
        assert!(narrowed.iter().any(|one| one.starts_with("/additionalItems/minimum")), "{narrowed:?}");
        let same = compare(draft, r#""dependencies": {"a": ["b", "c"]}"#, r#""dependencies": {"a": ["b"]}"#);
        assert_eq!(same, [] as [&str; 0]);
        let more = compare(draft, r#""dependencies": {"a": ["b"]}"#, r#""dependencies": {"a": ["b", "c"]}"#);
        assert_eq!(more.len(), 1, "{more:?}");
    }
    // Draft 7 ignores what is beside a reference, and keywords that came later.
    let defs = r#""definitions": {"a": {"type": "string"}}"#;
    let (old, new) = (
        format!(r##""$ref": "#/definitions/a", {defs}"##),
        format!(r##""$ref": "#/definitions/a", "maxLength": 3, {defs}"##),
    );
    assert_eq!(compare(seven, &old, &new), [] as [&str; 0]);
    assert_eq!(compare(nineteen, &old, &new).len(), 1);
    assert_eq!(
        compare(seven, r#""type": "object""#, r#""type": "object", "unevaluatedProperties": false"#),
        [] as [&str; 0]
    );
    let recursive = r##""properties": {"c": {"$recursiveRef": "#"}}, "minProperties": "##;
    assert_eq!(compare(nineteen, &format!("{recursive}0"), &format!("{recursive}1")).len(), 1);
    assert!(
        compare(six, "\"minimum\": 1", "\"minimum\": 0")[0].contains("schemas of draft 6 are not compared")
    );
}

#[test]
fn schemas_of_two_drafts_are_not_compared() {
    let found = breaks(
        &read(r#"{"$schema": "http://json-schema.org/draft-07/schema#"}"#),
        &read("{}"),
        Variance::Widen,
    );
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].message,
        "`$schema` changed from draft 7 to 2020-12: schemas of two drafts are not compared"
    );
}
