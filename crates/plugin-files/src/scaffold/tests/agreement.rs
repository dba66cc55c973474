//! The schema check of each language agrees with the gate's, and reports what it does not cover.

use schema::Schema;

use super::running::{OnDisk, assert_success, has, node, skip};
use super::*;

/// Schemas and values; the gate's validator decides which are valid.
const CASES: [(&str, &[&str]); 30] = [
    ("true", &["1", "null"]),
    ("false", &["1", "{}"]),
    (r#"{"type": "integer"}"#, &["1", "1.0", "1.5", "true", "\"1\"", "-0", "1e3"]),
    (r#"{"type": ["string", "null"]}"#, &["\"a\"", "null", "1", "[]"]),
    (r#"{"type": "boolean"}"#, &["true", "0", "1"]),
    (r#"{"enum": [1, "a", null, [true]]}"#, &["1", "1.0", "true", "\"a\"", "null", "[true]", "[1]", "0"]),
    (r#"{"const": {"a": [1, 2]}}"#, &[r#"{"a": [1, 2.0]}"#, r#"{"a": [2, 1]}"#, r#"{"a": [1, 2], "b": 0}"#]),
    (r#"{"const": false}"#, &["false", "0", "null"]),
    (r#"{"minLength": 2, "maxLength": 3}"#, &["\"a\"", "\"ab\"", "\"日本語\"", "\"😀😀😀😀\"", "1"]),
    (r#"{"pattern": "^[a-z]+$"}"#, &["\"abc\"", "\"aBc\"", "\"\"", "\"abc\\n\"", "7"]),
    (r#"{"pattern": "b{2}"}"#, &["\"abba\"", "\"aba\""]),
    (r#"{"minimum": 1, "exclusiveMaximum": 2}"#, &["1", "0.99", "1.5", "2", "\"0\""]),
    (r#"{"exclusiveMinimum": 0, "maximum": 7}"#, &["0", "0.1", "7", "8"]),
    (r#"{"multipleOf": 0.1}"#, &["0.3", "0.35", "12", "-0.7"]),
    (r#"{"multipleOf": 4}"#, &["8", "6", "0"]),
    (r#"{"minItems": 1, "maxItems": 2}"#, &["[]", "[1]", "[1, 2, 3]", "{}"]),
    (
        r#"{"uniqueItems": true}"#,
        &["[1, 2]", "[1, 1.0]", "[1, true]", "[[1], [1]]", r#"[{"a": 1}, {"a": 1}]"#],
    ),
    (
        r#"{"items": {"type": "string"}, "prefixItems": [{"type": "number"}]}"#,
        &["[1, \"a\"]", "[\"a\"]", "[1, 2]"],
    ),
    (
        r#"{"contains": {"const": 1}, "minContains": 2, "maxContains": 3}"#,
        &["[1]", "[1, 1]", "[1, 1, 1, 1]", "[]"],
    ),
    (
        r#"{"required": ["a"], "minProperties": 1, "maxProperties": 2}"#,
        &["{}", r#"{"a": 1}"#, r#"{"a": 1, "b": 2, "c": 3}"#, "[]"],
    ),
    (
        r#"{"properties": {"a": {"type": "string"}}, "patternProperties": {"^x": {"type": "number"}}, "additionalProperties": false}"#,
        &[r#"{"a": "b", "x1": 2}"#, r#"{"a": 1}"#, r#"{"x1": "2"}"#, r#"{"b": 1}"#],
    ),
    (r#"{"propertyNames": {"maxLength": 2}}"#, &[r#"{"ab": 1}"#, r#"{"abc": 1}"#]),
    (r#"{"dependentRequired": {"a": ["b"]}}"#, &[r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#, "{}"]),
    (r#"{"dependentSchemas": {"a": {"required": ["b"]}}}"#, &[r#"{"a": 1}"#, r#"{"a": 1, "b": 2}"#, "{}"]),
    (r#"{"allOf": [{"minimum": 1}, {"maximum": 2}]}"#, &["0", "1", "3"]),
    (r#"{"anyOf": [{"type": "string"}, {"minimum": 2}]}"#, &["\"a\"", "1", "2"]),
    (r#"{"oneOf": [{"type": "integer"}, {"minimum": 2}]}"#, &["1", "2", "2.5", "1.5"]),
    (r#"{"not": {"type": "null"}}"#, &["null", "1"]),
    (
        r#"{"if": {"type": "string"}, "then": {"minLength": 2}, "else": {"minimum": 0}}"#,
        &["\"a\"", "\"ab\"", "-1", "0"],
    ),
    (
        r##"{"$defs": {"a/b": {"type": "string"}, "list": {"items": {"$ref": "#/$defs/a~1b"}}}, "$ref": "#/$defs/list", "maxItems": 2}"##,
        &["[\"a\"]", "[1]", "[\"a\", \"b\", \"c\"]"],
    ),
];

/// Schemas that the checks do not cover, each with a value: it is never valid.
const UNCOVERED: [(&str, &str); 6] = [
    (r#"{"unevaluatedProperties": false}"#, "{}"),
    (r##"{"$dynamicRef": "#a"}"##, "1"),
    (r#"{"items": [{"type": "string"}]}"#, "[\"a\"]"),
    (r#"{"exclusiveMinimum": true, "minimum": 1}"#, "2"),
    (r#"{"type": "text"}"#, "\"a\""),
    (r#"{"$ref": "https://example.org/other.schema.json"}"#, "1"),
];

/// Another file, `page.schema.json`, and schemas that refer to it, each with a value and whether it is valid.
const OTHER: &str = r##"{"$defs": {"title": {"$ref": "#/$defs/text"}, "text": {"type": "string"}}}"##;
const REFERENCES: [(&str, &str, bool); 4] = [
    (r##"{"$ref": "page.schema.json#/$defs/title", "$defs": {"title": {"type": "null"}}}"##, "\"a\"", true),
    (r##"{"$ref": "page.schema.json#/$defs/title", "$defs": {"title": {"type": "null"}}}"##, "null", false),
    (r#"{"$ref": "page.schema.json"}"#, "7", true),
    (r##"{"$ref": "page.schema.json#/$defs/missing"}"##, "7", false),
];

/// Returns every schema and value as a JSON array of pairs, and which pairs are valid.
fn pairs() -> (String, String) {
    let mut valid = Vec::new();
    let mut pairs = Vec::new();
    for (schema, values) in CASES {
        let compiled = Schema::compile(&read(schema)).unwrap();
        for value in values {
            valid.push(compiled.check(&read(value)).is_empty().to_string());
            pairs.push(format!("[{schema}, {value}]"));
        }
    }
    for (schema, value) in UNCOVERED {
        valid.push("false".into());
        pairs.push(format!("[{schema}, {value}]"));
    }
    for (schema, value, is_valid) in REFERENCES {
        valid.push(is_valid.to_string());
        pairs.push(format!("[{schema}, {value}]"));
    }
    (format!("[{}]", pairs.join(",\n")), format!("[{}]", valid.join(",")))
}

/// Compares the answers of a program, which reads the pairs and prints a JSON array, with the gate's.
fn compare(plugin: &OnDisk, words: &[&str]) {
    let (pairs, expected) = pairs();
    plugin.write("pairs.json", &pairs);
    let output = plugin.run(words);
    assert_success(&output);
    let answers: Vec<bool> = serde_json::from_slice(&output.stdout).unwrap();
    let expected: Vec<bool> = serde_json::from_str(&expected).unwrap();
    assert_eq!(answers.len(), expected.len());
    let lines = pairs.lines().zip(answers.iter().zip(&expected));
    let wrong: Vec<&str> = lines.filter(|(_, (one, other))| one != other).map(|(line, _)| line).collect();
    assert!(wrong.is_empty(), "the gate decides otherwise: {wrong:#?}");
}

#[test]
fn the_check_in_python_agrees_with_the_gate() {
    if has(&["python3", "--version"]) {
        let program = format!(
            "import json, sys\nsys.path.insert(0, 'src')\nfrom schema_check import problems\nfiles = {{'page.schema.json': json.loads('{OTHER}')}}\nprint(json.dumps([not problems(schema, value, files.__getitem__) for schema, value in json.load(open('pairs.json'))]))"
        );
        compare(&OnDisk::new(Language::Python, "Echo Test", &[]), &["python3", "-c", &program]);
    }
}

/// Returns a program that answers with the check of a file.
fn node_program(path: &str) -> String {
    format!(
        "import {{ readFileSync }} from 'node:fs';\nimport {{ problems }} from './{path}';\nconst pairs = JSON.parse(readFileSync('pairs.json', 'utf8'));\nconst files = {{ 'page.schema.json': {OTHER} }};\nconst load = (name) => files[name];\nconsole.log(JSON.stringify(pairs.map(([schema, value]) => problems(schema, value, load).length === 0)));\n"
    )
}

#[test]
fn the_checks_in_javascript_and_typescript_agree_with_the_gate() {
    let Some(version) = node() else { return skip("node is not installed") };
    for (language, path, needs) in [
        (Language::JavaScript, "src/schema_check.js", vec![18]),
        (Language::TypeScript, "src/schema_check.ts", vec![22, 18]),
    ] {
        if version >= needs {
            let plugin = OnDisk::new(language, "Echo Test", &[]);
            plugin.write("agree.mjs", &node_program(path));
            compare(&plugin, &["node", "agree.mjs"]);
        } else {
            skip(&format!("node {needs:?} or later is not installed"));
        }
    }
}

/// The template itself, compiled into this test.
#[allow(clippy::pedantic, unreachable_pub, reason = "the text of a template, which other lints check")]
mod rust_check {
    include!("../templates/rust/schema_check.section");
}

#[test]
fn the_check_in_rust_agrees_with_the_gate() {
    let (pairs, expected) = pairs();
    let pairs: Vec<(serde_json::Value, serde_json::Value)> = serde_json::from_str(&pairs).unwrap();
    let expected: Vec<bool> = serde_json::from_str(&expected).unwrap();
    assert_eq!(pairs.len(), expected.len());
    let load = |name: &str| (name == "page.schema.json").then(|| serde_json::from_str(OTHER).unwrap());
    for ((schema, value), expected) in pairs.iter().zip(expected) {
        let found = rust_check::problems(schema, value, &load);
        assert_eq!(found.is_empty(), expected, "{schema} {value}: {found:?}");
    }
}
