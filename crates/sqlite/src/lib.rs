//! Export of the registry as a SQLite database: identities, keys, and indexes for common queries.

use std::path::{Path, PathBuf};

use registry::{Contents, export};
use rusqlite::{Connection, params_from_iter};

/// The tables. `keys` contains all keys that were ever used; `is_current` is 1 if the key is the current key of its identity.
const SCHEMA: &str = "
CREATE TABLE sources (name TEXT PRIMARY KEY, value TEXT) STRICT;
CREATE TABLE identities (
    ulid TEXT PRIMARY KEY, key TEXT NOT NULL, kind TEXT NOT NULL, path TEXT NOT NULL, version TEXT, status TEXT NOT NULL,
    aliases TEXT NOT NULL, owner TEXT, tag TEXT, sha256 TEXT, replaced_by TEXT, merged_into TEXT, yanked TEXT NOT NULL,
    recorded TEXT NOT NULL
) STRICT;
CREATE TABLE keys (key TEXT PRIMARY KEY, ulid TEXT NOT NULL REFERENCES identities (ulid), is_current INTEGER NOT NULL) STRICT;
";

/// The indexes for common queries.
const INDEXES: &str = "
CREATE INDEX identities_by_key ON identities (key);
CREATE INDEX identities_by_path ON identities (path);
CREATE INDEX identities_by_status ON identities (status, kind);
CREATE INDEX identities_by_owner ON identities (owner);
CREATE INDEX keys_by_ulid ON keys (ulid);
";

/// Columns that are empty strings rather than NULL: lists, and required values.
const NEVER_NULL: [&str; 8] = ["ulid", "key", "kind", "path", "status", "aliases", "yanked", "recorded"];

/// Writes a registry into a new database.
///
/// # Errors
/// When the file cannot be written.
pub fn export(path: &Path, contents: &Contents) -> Result<(), Error> {
    write(path, contents).map_err(|source| Error { path: path.into(), source })
}

/// The database could not be written.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct Error {
    path: PathBuf,
    source: rusqlite::Error,
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
        let placeholders = ["?"; export::COLUMNS.len()].join(", ");
        let mut insert = transaction.prepare(&format!("INSERT INTO identities VALUES ({placeholders})"))?;
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
