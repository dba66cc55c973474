//! Schemas that refer to other files of their folder.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;

use artifact::{Limits, Syntax, Value, parse};
use schema::{Bundle, FileProblem, Schema, SchemaFiles, Variance, breaks};

fn read(text: &str) -> Value {
    parse(Syntax::Json, text.as_bytes(), &Limits::default()).unwrap()
}

/// Bundles the first file of a folder.
fn bundle(files: &[(&str, &str)]) -> Result<Bundle, FileProblem> {
    let values: BTreeMap<&str, Value> = files.iter().map(|(path, text)| (*path, read(text))).collect();
    let files_of_folder =
        SchemaFiles::new("the files", values.iter().map(|(path, value)| ((*path).to_string(), Some(value))));
    Bundle::new(files[0].0, &values[files[0].0], &files_of_folder)
}

fn compile(files: &[(&str, &str)]) -> Schema {
    let compiled = bundle(files).and_then(|bundle| bundle.compile());
    compiled.map_err(|problem| panic!("{files:?}: {problem:?}")).unwrap()
}

/// Returns file, pointer and message of what refuses a schema.
fn refusal(files: &[(&str, &str)]) -> String {
    let problem = bundle(files).and_then(|bundle| bundle.compile()).err().expect("refused");
    let source = files.iter().find(|(path, _)| *path == problem.path).unwrap().1;
    let span = &source[problem.problem.span.clone()];
    format!("{}{} {span}: {}", problem.path, problem.problem.pointer, problem.problem.message)
}

const COMMON: (&str, &str) = (
    "schemas/common.json",
    r##"{"$defs": {"x": {"type": "string"}, "list": {"items": {"$ref": "#/$defs/x"}}, "a/b %": {"type": "null"}}}"##,
);

#[test]
fn references_lead_to_other_files() {
    for reference in [
        "common.json#/$defs/x",
        "./common.json#/$defs/x",
        "../schemas/common.json#/$defs/x",
        "/schemas/common.json#/$defs/x",
        "common.json#/%24defs/x",
        "common.json#/$defs/list/items",
    ] {
        let root = format!(r#"{{"properties": {{"a": {{"$ref": "{reference}"}}}}}}"#);
        let schema = compile(&[("schemas/render.json", &root), COMMON]);
        assert!(schema.accepts(&read(r#"{"a": "b"}"#)), "{reference}");
        assert!(!schema.accepts(&read(r#"{"a": 1}"#)), "{reference}");
    }
    let odd = r#"{"$ref": "common.json#/$defs/a~1b%20%25"}"#;
    let schema = compile(&[("schemas/render.json", odd), COMMON]);
    assert!(schema.accepts(&read("null")) && !schema.accepts(&read("1")));
}

#[test]
fn references_are_relative_to_the_file_or_its_id() {
    let part = r#"{"$ref": "../common.json#/$defs/x"}"#;
    let with_id = r##"{"$id": "https://example.org/s/common.json", "$defs": {"x": {"type": "string"}}, "$ref": "#/$defs/x"}"##;
    let folders: [&[(&str, &str)]; 6] = [
        &[("schemas/a.json", r#"{"$ref": "parts/b.json"}"#), ("schemas/parts/b.json", part), COMMON],
        &[
            ("schemas/a.json", r#"{"$ref": "https://example.org/s/common.json"}"#),
            ("schemas/other.json", with_id),
        ],
        &[
            ("schemas/a.json", r#"{"$id": "https://example.org/s/a.json", "$ref": "common.json#/$defs/x"}"#),
            ("schemas/other.json", with_id),
        ],
        // The file beside it has no `$id` of its own.
        &[
            ("schemas/a.json", r#"{"$id": "https://example.org/s/a.json", "$ref": "common.json#/$defs/x"}"#),
            COMMON,
        ],
        &[
            (
                "schemas/a.json",
                r#"{"$id": "https://example.org/s/a.json", "$ref": "https://example.org/s/common.json#/$defs/x"}"#,
            ),
            COMMON,
        ],
        // An inner `$id` changes what its references are relative to.
        &[
            ("schemas/a.json", r#"{"allOf": [{"$id": "parts/b.json", "$ref": "../common.json#/$defs/x"}]}"#),
            COMMON,
        ],
    ];
    for files in folders {
        let schema = compile(files);
        assert!(schema.accepts(&read("\"a\"")) && !schema.accepts(&read("1")), "{files:?}");
    }
}

#[test]
fn anchors_and_definitions_of_two_files_do_not_collide() {
    let schema = compile(&[
        (
            "a.json",
            r##"{"$defs": {"x": {"$anchor": "n", "type": "integer"}, "b.json": {"type": "null"}}, "properties": {"own": {"$ref": "#n"}, "other": {"$ref": "b.json#n"}, "null": {"$ref": "#/$defs/b.json"}}}"##,
        ),
        ("b.json", r##"{"$defs": {"x": {"$anchor": "n", "type": "string"}}}"##),
    ]);
    assert!(schema.accepts(&read(r#"{"own": 1, "other": "a", "null": null}"#)));
    for wrong in [r#"{"own": "a"}"#, r#"{"other": 1}"#, r#"{"null": 1}"#] {
        assert!(!schema.accepts(&read(wrong)), "{wrong}");
    }
}

#[test]
fn files_may_refer_to_each_other() {
    let tree = r##"{"type": "object", "properties": {"leaves": {"items": {"$ref": "leaf.json"}}}}"##;
    let leaf =
        r##"{"type": "object", "properties": {"tree": {"$ref": "tree.json"}, "name": {"type": "string"}}}"##;
    let schema = compile(&[("tree.json", tree), ("leaf.json", leaf)]);
    assert!(schema.accepts(&read(r#"{"leaves": [{"tree": {"leaves": [{"name": "a"}]}}]}"#)));
    assert!(!schema.accepts(&read(r#"{"leaves": [{"tree": {"leaves": [{"name": 1}]}}]}"#)));
    let endless = [("a.json", r#"{"$ref": "b.json"}"#), ("b.json", r#"{"$ref": "a.json"}"#)];
    assert!(refusal(&endless).contains("refers to itself without end"));
}

#[test]
fn older_drafts_and_dynamic_references_work_across_files() {
    let seven = r##"{"$schema": "http://json-schema.org/draft-07/schema#", "$id": "a.json", "properties": {"p": {"$ref": "b.json#/definitions/p", "type": "null"}}}"##;
    let schema = compile(&[
        ("a.json", seven),
        ("b.json", r##"{"definitions": {"p": {"items": [{"type": "string"}]}}}"##),
    ]);
    assert!(schema.accepts(&read(r#"{"p": ["a", 1]}"#)) && !schema.accepts(&read(r#"{"p": [1]}"#)));
    let four = r##"{"$schema": "http://json-schema.org/draft-04/schema#", "id": "http://x.example/a.json", "properties": {"p": {"$ref": "b.json#/definitions/p"}, "id": {"type": "string"}}}"##;
    let schema = compile(&[
        ("a.json", four),
        ("b.json", r##"{"definitions": {"p": {"minimum": 1, "exclusiveMinimum": true}}}"##),
    ]);
    assert!(schema.accepts(&read(r#"{"p": 2}"#)) && !schema.accepts(&read(r#"{"p": 1}"#)));
    assert!(!schema.accepts(&read(r#"{"id": 2}"#)));
    let dynamic = r##"{"$dynamicAnchor": "node", "properties": {"next": {"$dynamicRef": "#node"}, "name": {"type": "string"}}}"##;
    let schema = compile(&[("a.json", r#"{"$ref": "b.json"}"#), ("b.json", dynamic)]);
    assert!(!schema.accepts(&read(r#"{"next": {"next": {"name": 1}}}"#)));
    let two = refusal(&[("a.json", r#"{"$dynamicAnchor": "node", "$ref": "b.json"}"#), ("b.json", dynamic)]);
    assert_eq!(
        two,
        "b.json/properties/next/$dynamicRef \"#node\": dynamic references are not supported in a schema of several files"
    );
}

#[test]
fn data_is_not_a_reference() {
    let text = r##"{"$defs": {"u": {"$ref": "b.json"}}, "enum": [{"$ref": "nowhere.json"}], "default": {"$id": "x"}, "properties": {"$ref": {"type": "string"}}}"##;
    let schema = compile(&[("a.json", text), ("b.json", "true")]);
    assert!(schema.accepts(&read(r#"{"$ref": "nowhere.json"}"#)));
}

#[test]
fn references_never_leave_the_folder() {
    let refused = |reference: &str| {
        refusal(&[("schemas/a.json", &format!(r#"{{"items": {{"$ref": "{reference}"}}}}"#)), COMMON])
    };
    for (reference, reason) in [
        ("https://example.org/x.json", " inside this schema"),
        ("http://127.0.0.1/common.json#/$defs/x", " inside this schema"),
        ("//example.org/x.json", " inside this schema"),
        ("file:///etc/passwd", " inside this schema"),
        ("urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6", " inside this schema"),
        ("../../other/schemas/common.json", ": it leads outside, and only the files are read"),
        ("../../../../../etc/passwd", ": it leads outside, and only the files are read"),
        ("missing.json", ": schemas/missing.json is not one of the files"),
        ("..%2f..%2fother/common.json", ": schemas/../../other/common.json is not one of the files"),
        ("common.json#/$defs/y", ": schemas/common.json has no value at /$defs/y"),
        ("common.json#y", ": schemas/common.json has no anchor y"),
        ("common.json#/%zz", ": its fragment is invalid"),
        ("#/$defs/y", " inside this schema"),
    ] {
        let message = refused(reference);
        let expected = if reference.starts_with('#') {
            format!("reference {reference} has no target inside this schema")
        } else {
            format!("schemas/a.json/items/$ref \"{reference}\": reference {reference} has no target{reason}")
        };
        assert!(message.ends_with(&expected), "{message}");
    }
}

#[test]
fn a_problem_is_in_the_file_that_contains_it() {
    let invalid = r#"{"type": "object", "$defs": {"x": {"type": "strin"}}}"#;
    let found = refusal(&[("a.json", r#"{"$ref": "b.json#/$defs/x"}"#), ("b.json", invalid)]);
    assert!(found.starts_with("b.json/$defs/x/type \"strin\": invalid JSON Schema"), "{found}");
    let chain = [("a.json", r#"{"$ref": "b.json"}"#), ("b.json", r#"{"not": {"$ref": "c.json"}}"#)];
    assert!(refusal(&chain).starts_with("b.json/not/$ref \"c.json\": reference c.json has no target"));
    let drafts = [
        ("a.json", r#"{"$ref": "b.json"}"#),
        ("b.json", r#"{"$schema": "http://json-schema.org/draft-07/schema#"}"#),
    ];
    assert!(refusal(&drafts).contains("leads to a schema of draft 7, but this one is of 2020-12"));
}

#[test]
fn files_and_bytes_are_bounded() {
    let chain = |count: usize| -> Vec<(String, String)> {
        let file = |at: usize| (format!("{at}.json"), format!(r#"{{"$ref": "{}.json"}}"#, at + 1));
        (0..count).map(file).chain([(format!("{count}.json"), "{}".into())]).collect()
    };
    let of = |files: &[(String, String)]| {
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        bundle(&files)
            .and_then(|bundle| bundle.compile())
            .map(|_| ())
            .map_err(|problem| problem.problem.message)
    };
    assert_eq!(of(&chain(63)), Ok(()));
    assert_eq!(of(&chain(64)), Err("the schema refers to more than 63 other files".into()));
    let large = format!(r#"{{"description": "{}"}}"#, "x".repeat(600_000));
    let files: Vec<(String, String)> = [
        ("a.json", r#"{"allOf": [{"$ref": "b.json"}, {"$ref": "c.json"}]}"#),
        ("b.json", &large),
        ("c.json", &large),
    ]
    .map(|(path, text)| (path.to_string(), text.to_string()))
    .into();
    assert_eq!(
        of(&files),
        Err("the schema and the files that it refers to are larger than 1048576 bytes".into())
    );
}

#[test]
fn a_change_of_another_file_is_found_there() {
    let root = r##"{"$schema": "http://json-schema.org/draft-07/schema#", "$id": "https://example.org/a.json", "items": [{"$ref": "b.json#/definitions/x"}], "definitions": {"own": {}}, "properties": {"p": {"$ref": "#/definitions/own"}}}"##;
    let of = |kind: &str| {
        let other = format!(r#"{{"definitions": {{"y": {{}}, "x": {{"type": {kind}}}}}}}"#);
        bundle(&[("a.json", root), ("b.json", &other)]).unwrap()
    };
    let (old, new) = (of(r#"["string", "null"]"#), of(r#""string""#));
    let found = breaks(&old.schema, &new.schema, Variance::Widen);
    assert_eq!(found.len(), 1);
    assert_eq!(new.locate(&found[0].pointer), ("b.json", "/definitions/x/type".into()));
    assert_eq!(old.locate(&found[0].old_pointer).0, "b.json");
    assert!(breaks(&old.schema, &new.schema, Variance::Narrow).is_empty());
}
