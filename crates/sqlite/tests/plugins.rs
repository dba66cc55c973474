//! The index of plugins: equal indexes give equal databases, and other files are not an index.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use artifact::tolerant;
use dialect::{CapabilityRow, DiagnosticRow, PluginIndex, PluginRow, document_json};
use rusqlite::Connection;

fn index(version: &str) -> PluginIndex {
    let (dialect, path) = ("porters".to_string(), "plugins/a.yaml".to_string());
    PluginIndex {
        plugins: vec![PluginRow {
            dialect: dialect.clone(),
            path: path.clone(),
            identity: Some("alpha".into()),
            version: Some(version.into()),
            kind: None,
            mode: None,
            trust: Some("low".into()),
            is_valid: false,
            json: Some("{}".into()),
            blob: "0".repeat(40),
        }],
        capabilities: vec![CapabilityRow {
            dialect: dialect.clone(),
            path: path.clone(),
            name: "carry".into(),
        }],
        diagnostics: vec![DiagnosticRow {
            dialect,
            path,
            line: Some(3),
            pointer: Some("/kind".into()),
            code: "SCH006".into(),
            rule: "pack-schema-violated".into(),
            message: "expected a bag".into(),
        }],
    }
}

fn read(path: &std::path::Path) -> Vec<u8> {
    #[expect(clippy::disallowed_methods, reason = "a test reads what was written")]
    std::fs::read(path).unwrap()
}

#[test]
fn an_index_is_written_compared_and_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("plugins.sqlite");
    sqlite::write_plugins(&path, &index("1.0.0")).unwrap();
    assert!(sqlite::is_plugin_index(&read(&path)));
    assert!(sqlite::has_plugins(&path, &index("1.0.0")).unwrap());
    assert!(!sqlite::has_plugins(&path, &index("1.1.0")).unwrap());
    sqlite::write_plugins(&path, &index("1.1.0")).unwrap();
    assert!(sqlite::has_plugins(&path, &index("1.1.0")).unwrap());
    let database = Connection::open(&path).unwrap();
    let number = |query: &str| database.query_row(query, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!((number("PRAGMA user_version"), number("PRAGMA application_id")), (1, 0x6964_6764));
    assert_eq!(number("SELECT count(*) FROM plugin JOIN diagnostic USING (dialect, path)"), 1);
    assert_eq!(
        number(
            "SELECT count(*) FROM pragma_table_list WHERE name IN ('plugin', 'capability', 'diagnostic') AND strict = 1"
        ),
        3
    );
}

#[test]
fn an_index_with_other_rows_or_tables_is_out_of_date() {
    for statement in [
        "DELETE FROM capability",
        "DROP TABLE diagnostic",
        "CREATE TABLE more (x)",
        "UPDATE plugin SET valid = 1",
    ] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("plugins.sqlite");
        sqlite::write_plugins(&path, &index("1.0.0")).unwrap();
        Connection::open(&path).unwrap().execute_batch(statement).unwrap();
        assert!(!sqlite::has_plugins(&path, &index("1.0.0")).unwrap(), "{statement}");
    }
}

#[test]
fn another_database_is_no_index() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("other.sqlite");
    Connection::open(&path).unwrap().execute_batch("CREATE TABLE plugin (x)").unwrap();
    assert!(!sqlite::is_plugin_index(&read(&path)));
    assert!(sqlite::is_plugin_index(b"") && !sqlite::is_plugin_index(b"text"));
    let mut almost = b"SQLite format 3\0".to_vec();
    assert!(!sqlite::is_plugin_index(&almost));
    almost.resize(100, 0);
    almost[68..72].copy_from_slice(b"idgd");
    assert!(!sqlite::is_plugin_index(&almost), "another version of the tables");
}

#[test]
fn the_document_of_each_manifest_is_valid_json() {
    let huge = format!("a: 1{}", "0".repeat(2000));
    let cases = [
        ("safe: yes", r#"{"safe":"yes"}"#),
        ("a: [on, n, Off]", r#"{"a":["on","n","Off"]}"#),
        ("a: 2026-01-01", r#"{"a":"2026-01-01"}"#),
        ("a: 2026-01-01T10:00:00Z", r#"{"a":"2026-01-01T10:00:00Z"}"#),
        ("a: [0x1F, 0o17, 017, +12]", r#"{"a":[31,15,17,12]}"#),
        (
            "a: [.inf, -.inf, .nan, 22:22, 1_000, 0b1]",
            r#"{"a":[".inf","-.inf",".nan","22:22","1_000","0b1"]}"#,
        ),
        ("a: [1e5, .5, 5., 1.10]", r#"{"a":[100000,0.5,5,1.1]}"#),
        ("a: 340282366920938463463374607431768211457", r#"{"a":340282366920938463463374607431768211457}"#),
        ("a: [~, null, ]", r#"{"a":[null,null]}"#),
        ("a: !local yes", r#"{"a":"yes"}"#),
        ("a: \"one\\ntwo \\u0001 \\\" \\\\\"", r#"{"a":"one\ntwo \u0001 \" \\"}"#),
        ("yes: 1\n~: 2", r#"{"yes":1,"~":2}"#),
        ("", "null"),
        (huge.as_str(), r#"{"a":null}"#),
    ];
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("plugins.sqlite");
    let mut all = index("1.0.0");
    let first = all.plugins.remove(0);
    for (at, (text, expected)) in cases.iter().enumerate() {
        let format = artifact::Format::Yaml;
        let document = tolerant::read(format, text.as_bytes(), &tolerant::LIMITS).unwrap();
        let json = document_json(&document);
        assert_eq!(&json, expected, "{text}");
        let name = if at == 0 { first.path.clone() } else { format!("plugins/{at}.yaml") };
        all.plugins.push(PluginRow {
            path: name,
            json: Some(json),
            dialect: first.dialect.clone(),
            blob: first.blob.clone(),
            identity: None,
            version: None,
            kind: None,
            mode: None,
            trust: None,
            is_valid: true,
        });
    }
    sqlite::write_plugins(&path, &all).unwrap();
    let database = Connection::open(&path).unwrap();
    let valid = "SELECT count(*) FROM plugin WHERE json_valid(json)";
    let count = database.query_row(valid, [], |row| row.get::<_, i64>(0)).unwrap();
    assert_eq!(count, cases.len() as i64);
}
