//! The database contains the data of the registry.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use std::collections::BTreeMap;

use artifact::Ulid;
use registry::{Contents, Entry, Sources};
use rusqlite::Connection;
use tlog::Hash;

#[test]
fn the_database_contains_the_registry() {
    let ulid = Ulid::parse("01JD4ZK3V8Q2W4X6Y8Z0A1B2C3").unwrap();
    let entry = Entry {
        key: "PLG_ALEPH".into(),
        kind: "plugin".into(),
        path: "plugins/aleph".into(),
        version: Some("1.0.0".into()),
        status: "active".into(),
        aliases: vec!["PLG_A".into(), "PLG_B".into()],
        owner: Some("it's \"A\"; DROP TABLE identities; --".into()),
        yanked: vec!["0.9.0".into()],
        ..Entry::default()
    };
    let contents = Contents {
        sources: Sources { cards: None, plugins: None, ledger_size: 3, ledger_root: Hash::empty() },
        by_ulid: BTreeMap::from([(ulid, entry.clone())]),
        by_key: ["PLG_A", "PLG_ALEPH", "PLG_ALPHA", "PLG_B"].map(|key| (key.to_string(), ulid)).into(),
    };
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("registry.db");
    sqlite::export(&path, &contents).unwrap();
    let database = Connection::open(&path).unwrap();
    let row: (String, String, Option<String>, Option<String>, String) = database
        .query_row(
            "SELECT key, owner, version, tag, aliases FROM identities WHERE path = 'plugins/aleph'",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?)),
        )
        .unwrap();
    let expected = (entry.key, entry.owner.unwrap(), entry.version, None, "PLG_A PLG_B".to_string());
    assert_eq!(row, expected);
    let mut query = database.prepare("SELECT key, is_current FROM keys ORDER BY key").unwrap();
    let keys: Vec<(String, bool)> =
        query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect();
    let expected = [("PLG_A", false), ("PLG_ALEPH", true), ("PLG_ALPHA", false), ("PLG_B", false)];
    assert_eq!(keys, expected.map(|(key, current)| (key.to_string(), current)));
    let size: String = database
        .query_row("SELECT value FROM sources WHERE name = 'ledger_size'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(size, "3");
    assert!(sqlite::export(&path, &contents).is_err(), "an existing file is not overwritten");
}
