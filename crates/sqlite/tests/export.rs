//! The database contains the data of the registry and of the ledger.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;
use std::path::Path;

use artifact::Ulid;
use artifact::layout::Layout;
use ledger::files::{EmptyLedger, Files, InSnapshot};
use registry::{Contents, Entry, Exported, Sources, Tree};
use rusqlite::Connection;
use snapshot::Memory;
use tlog::Hash;

const ONE: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3";
const OTHER: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C4";

fn contents() -> Contents {
    let [one, other] = [ONE, OTHER].map(|ulid| Ulid::parse(ulid).unwrap());
    let entry = Entry {
        key: "PLG_ALEPH".into(),
        kind: "plugin".into(),
        path: "plugins/aleph".into(),
        version: Some("1.0.0".into()),
        status: "consolidated".into(),
        aliases: vec!["PLG_A".into(), "PLG_B".into()],
        owner: Some("it's \"A\"; DROP TABLE identities; --".into()),
        replaced_by: Some("PLG_OTHER".into()),
        merged_into: Some(other),
        ..Entry::default()
    };
    let target =
        Entry { key: "PLG_OTHER".into(), status: "active".into(), aliases: Vec::new(), ..entry.clone() };
    let keys = ["PLG_A", "PLG_ALEPH", "PLG_ALPHA", "PLG_B"].map(|key| (key.to_string(), one));
    let mut by_key = BTreeMap::from(keys);
    by_key.insert("PLG_OTHER".into(), other);
    Contents {
        sources: Sources { cards: None, plugins: None, ledger_size: 0, ledger_root: Hash::empty() },
        by_ulid: BTreeMap::from([(one, entry), (other, target)]),
        by_key,
    }
}

/// A tree with the cards of both, of these visibilities.
fn cards(one: &str, other: &str) -> Memory {
    let card = |visibility: &str| {
        format!("created_at: \"2026-01-01T00:00:00Z\"\nnotes: \"a note\"\nvisibility: {visibility}\n")
    };
    Memory::new()
        .with(&format!("ids/cards/{ONE}.yaml"), card(one))
        .with(&format!("ids/cards/{OTHER}.yaml"), card(other))
        .with(
            "plugins/aleph/plugin.spec.json",
            format!(
                "{{\"ulid\":\"{ONE}\",\"deprecation\":{{\"reason\":\"too old\",\"since\":\"2026-02-01\"}}}}"
            ),
        )
}

fn exported(snapshot: &Memory, include_private: bool) -> Exported {
    let layout = Layout::default();
    Exported::new(contents(), &Tree { snapshot, ledger: &EmptyLedger, layout: &layout }, include_private)
        .unwrap()
}

fn database(path: &Path, exported: &Exported, ledger: &dyn Files) -> Connection {
    sqlite::export(path, exported, ledger).unwrap();
    Connection::open(path).unwrap()
}

/// Returns the rows of a query, cells separated by `|`.
fn rows(database: &Connection, sql: &str) -> Vec<String> {
    let mut query = database.prepare(sql).unwrap();
    let columns = query.column_count();
    let cell = |row: &rusqlite::Row<'_>, at: usize| match row.get_ref(at).unwrap() {
        rusqlite::types::ValueRef::Null => String::new(),
        rusqlite::types::ValueRef::Integer(number) => number.to_string(),
        other => other.as_str().unwrap().to_string(),
    };
    let found = query
        .query_map([], |row| Ok((0..columns).map(|at| cell(row, at)).collect::<Vec<_>>().join("|")))
        .unwrap();
    found.map(Result::unwrap).collect()
}

#[test]
fn identities_without_a_ledger_have_all_their_rows() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("registry.db");
    let snapshot = cards("public", "public");
    let database = database(&path, &exported(&snapshot, false), &EmptyLedger);
    for (sql, expected) in [
        (
            "SELECT key, owner, version, tag, recorded, visibility, notes, created_at, merged_into, deprecated_reason, deprecated_at FROM identities WHERE path = 'plugins/aleph' AND key = 'PLG_ALEPH'",
            &[
                "PLG_ALEPH|it's \"A\"; DROP TABLE identities; --|1.0.0||0|public|a note|2026-01-01T00:00:00Z|01JD4ZK3V8Q2W4X6Y8Z0A1B2C4|too old|2026-02-01",
            ][..],
        ),
        (
            "SELECT key, is_current, since_line FROM keys ORDER BY key",
            &["PLG_A|0|", "PLG_ALEPH|1|", "PLG_ALPHA|0|", "PLG_B|0|", "PLG_OTHER|1|"],
        ),
        ("SELECT alias, since_line FROM aliases", &["PLG_A|", "PLG_B|"]),
        ("SELECT count(*), count(since_line) FROM path_history", &["2|0"]),
        ("SELECT key, published_at FROM current", &["PLG_OTHER|"]),
        ("SELECT * FROM published", &[]),
        ("SELECT * FROM log", &[]),
        ("PRAGMA user_version", &["2"]),
        ("PRAGMA foreign_key_check", &[]),
    ] {
        assert_eq!(rows(&database, sql), expected, "{sql}");
    }
    let again = sqlite::export(&path, &exported(&snapshot, false), &EmptyLedger);
    assert!(again.is_err(), "an existing file is not overwritten");
}

#[test]
fn a_private_identity_and_what_names_it_are_left_out() {
    let directory = tempfile::tempdir().unwrap();
    let names = "SELECT ulid FROM identities UNION SELECT key FROM keys UNION SELECT merged_into FROM identities WHERE merged_into IS NOT NULL UNION SELECT replaced_by FROM identities WHERE replaced_by IS NOT NULL";
    for (visibility, include_private, is_shown) in [
        ("public", false, true),
        ("private", false, false),
        ("secret", false, false),
        ("private", true, true),
    ] {
        let snapshot = cards("public", visibility);
        let exported = exported(&snapshot, include_private);
        assert_eq!(exported.left_out, usize::from(!is_shown));
        let path = directory.path().join(format!("{visibility}-{include_private}.db"));
        let found = rows(&database(&path, &exported, &EmptyLedger), names);
        assert!(found.contains(&ONE.to_string()));
        for name in [OTHER, "PLG_OTHER"] {
            assert_eq!(found.contains(&name.to_string()), is_shown, "{visibility} {include_private} {name}");
        }
    }
}

#[test]
fn a_text_reveals_a_private_identity_by_its_names_and_by_paths_below_it() {
    let hidden = exported(&cards("public", "private"), false);
    let path = contents().by_ulid[&Ulid::parse(OTHER).unwrap()].path.clone();
    for text in [
        OTHER.to_string(),
        "PLG_OTHER".into(),
        "PLG_OTHER@1.0.0".into(),
        "merged into PLG_OTHER.".into(),
        path.clone(),
        format!("{path}/"),
        format!("./{path}/src/main.rs"),
        format!("{path}/**"),
        format!("see `{path}/run`, line 3"),
    ] {
        assert!(hidden.is_revealed_by(&text), "{text}");
        assert!(!exported(&cards("public", "public"), false).is_revealed_by(&text), "{text}");
    }
    for text in
        ["PLG_OTHERS".into(), format!("{path}s/x"), format!("x/{path}"), "too old".into(), String::new()]
    {
        assert!(!hidden.is_revealed_by(&text), "{text}");
    }
}

#[test]
fn an_invalid_ledger_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let snapshot = cards("public", "public");
    let altered = Memory::new()
        .with(".ledger/ids.jsonl", "{}\n")
        .with(".ledger/checkpoint", format!("example.org/p\n1\n{}\n", Hash::leaf(b"{ }")));
    let error =
        sqlite::export(&directory.path().join("x.db"), &exported(&snapshot, false), &InSnapshot(&altered));
    assert!(error.unwrap_err().to_string().starts_with(".ledger/"));
}
