//! The registry as a SQLite database that a person can open: identities, keys, and indexes over what is asked for.

use std::path::Path;

use generate::registry::{Contents, export};
use rusqlite::{Connection, params_from_iter};

/// The tables. `keys` holds every key that was ever taken; `is_current` tells whether it is the identity's key of today.
const SCHEMA: &str = "
CREATE TABLE sources (name TEXT PRIMARY KEY, value TEXT) STRICT;
CREATE TABLE identities (
    ulid TEXT PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL, version TEXT, status TEXT NOT NULL,
    aliases TEXT NOT NULL, owner TEXT, tag TEXT, sha256 TEXT, replaced_by TEXT, merged_into TEXT, yanked TEXT NOT NULL,
    recorded TEXT NOT NULL
) STRICT;
CREATE TABLE keys (key TEXT PRIMARY KEY, ulid TEXT NOT NULL REFERENCES identities (ulid), is_current INTEGER NOT NULL) STRICT;
";

/// What is asked for.
const INDEXES: &str = "
CREATE INDEX identities_by_key ON identities (key);
CREATE INDEX identities_by_path ON identities (path);
CREATE INDEX identities_by_status ON identities (status, kind);
CREATE INDEX identities_by_owner ON identities (owner);
CREATE INDEX keys_by_ulid ON keys (ulid);
";

/// Columns that are empty texts rather than NULL: lists, and what is always told.
const NEVER_NULL: [&str; 8] = ["ulid", "key", "kind", "path", "status", "aliases", "yanked", "recorded"];

/// Writes a registry into a new database.
///
/// # Errors
/// When the file cannot be written.
pub fn export(path: &Path, contents: &Contents) -> Result<(), String> {
    write(path, contents).map_err(|error| format!("{}: {error}", path.display()))
}

fn write(path: &Path, contents: &Contents) -> rusqlite::Result<()> {
    let mut database = Connection::open(path)?;
    let transaction = database.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    {
        let mut insert = transaction.prepare("INSERT INTO sources VALUES (?, ?)")?;
        let sources = &contents.sources;
        let tree = |id: &Option<_>| id.as_ref().map(ToString::to_string);
        let rows = [
            ("cards", tree(&sources.cards)),
            ("plugins", tree(&sources.plugins)),
            ("ledger_size", Some(sources.ledger_size.to_string())),
            ("ledger_root", Some(sources.ledger_root.to_string())),
        ];
        for (name, value) in rows {
            insert.execute((name, value))?;
        }
        let holes = ["?"; export::COLUMNS.len()].join(", ");
        let mut insert = transaction.prepare(&format!("INSERT INTO identities VALUES ({holes})"))?;
        for (ulid, entry) in &contents.by_ulid {
            let cells = export::COLUMNS.into_iter().zip(export::cells(*ulid, entry));
            insert.execute(params_from_iter(
                cells.map(|(name, cell)| (!cell.is_empty() || NEVER_NULL.contains(&name)).then_some(cell)),
            ))?;
        }
        let mut insert = transaction.prepare("INSERT INTO keys VALUES (?, ?, ?)")?;
        for (key, ulid) in &contents.by_key {
            let is_current = contents.by_ulid.get(ulid).is_some_and(|entry| entry.key == *key);
            insert.execute((key, ulid.to_string(), is_current))?;
        }
    }
    transaction.execute_batch(INDEXES)?;
    transaction.commit()
}
