//! The index of the plugins of other systems as a SQLite database, which only this program writes.

use std::path::Path;

use dialect::PluginIndex;
use rusqlite::{Connection, OpenFlags, Transaction};

use crate::Error;

/// The tables and indexes.
const SCHEMA: &str = include_str!("plugins.sql");
/// The `application_id` of the index, "idgd".
const APPLICATION_ID: u32 = 0x6964_6764;
/// Rises with every change of the tables.
const USER_VERSION: u32 = 1;
/// The tables, those that others refer to last.
const TABLES: [&str; 3] = ["diagnostic", "capability", "plugin"];
/// The first bytes of a database (SQLite file format §1.3).
const MAGIC: &[u8] = b"SQLite format 3\0";
/// Where a database contains its `user_version` and its `application_id`, in big-endian order (SQLite file format §1.3).
const USER_VERSION_AT: usize = 60;
const APPLICATION_ID_AT: usize = 68;

/// Returns whether a file may be replaced by the index: it is empty, or an index. Its bytes decide, so that nothing opens another database.
#[must_use]
pub fn is_plugin_index(bytes: &[u8]) -> bool {
    let number = |at: usize| {
        bytes.get(at..at + 4).map(|bytes| u32::from_be_bytes([bytes[0], bytes[1], bytes[2], bytes[3]]))
    };
    bytes.is_empty()
        || bytes.starts_with(MAGIC)
            && number(APPLICATION_ID_AT) == Some(APPLICATION_ID)
            && number(USER_VERSION_AT) == Some(USER_VERSION)
}

/// Writes the index into a new database, or replaces the content of an index, in one transaction. Equal indexes give equal dumps.
///
/// # Errors
/// When the file cannot be written.
pub fn write_plugins(path: &Path, index: &PluginIndex) -> Result<(), Error> {
    let write = || -> rusqlite::Result<()> {
        let mut database = Connection::open(path)?;
        let transaction = database.transaction()?;
        for table in TABLES {
            transaction.execute_batch(&format!("DROP TABLE IF EXISTS {table}"))?;
        }
        fill(&transaction, index)?;
        transaction.commit()
    };
    write().map_err(|source| Error::File { path: path.display().to_string(), source })
}

/// Returns whether an index contains exactly this.
///
/// # Errors
/// When the file cannot be read.
pub fn has_plugins(path: &Path, index: &PluginIndex) -> Result<bool, Error> {
    let compare = || -> rusqlite::Result<bool> {
        let own = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
        let mut wanted = Connection::open_in_memory()?;
        let transaction = wanted.transaction()?;
        fill(&transaction, index)?;
        let same = contents(&own)? == contents(&transaction)?;
        Ok(same)
    };
    compare().map_err(|source| Error::File { path: path.display().to_string(), source })
}

fn fill(transaction: &Transaction<'_>, index: &PluginIndex) -> rusqlite::Result<()> {
    transaction.execute_batch(SCHEMA)?;
    let mut plugin = transaction.prepare("INSERT INTO plugin VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")?;
    for row in &index.plugins {
        let values = (
            &row.dialect,
            &row.path,
            &row.identity,
            &row.version,
            &row.kind,
            &row.mode,
            &row.trust,
            row.is_valid,
            &row.json,
            &row.blob,
        );
        plugin.execute(values)?;
    }
    let mut capability = transaction.prepare("INSERT INTO capability VALUES (?, ?, ?)")?;
    for row in &index.capabilities {
        capability.execute((&row.dialect, &row.path, &row.name))?;
    }
    let mut diagnostic = transaction.prepare("INSERT INTO diagnostic VALUES (?, ?, ?, ?, ?, ?, ?)")?;
    for row in &index.diagnostics {
        let place = (&row.dialect, &row.path, &row.code, &row.rule);
        diagnostic.execute((place.0, place.1, place.2, place.3, &row.pointer, row.line, &row.message))?;
    }
    transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    transaction.pragma_update(None, "user_version", USER_VERSION)
}

/// Returns the tables and every row, as text.
fn contents(database: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut found = Vec::new();
    let mut queries = vec!["SELECT name, sql FROM sqlite_schema ORDER BY name".to_string()];
    queries.extend(TABLES.iter().map(|table| format!("SELECT * FROM {table} ORDER BY rowid")));
    for query in queries {
        let Ok(mut statement) = database.prepare(&query) else {
            // A table that is missing differs from every other one.
            found.push(format!("no result: {query}"));
            continue;
        };
        let columns = statement.column_count();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let values: rusqlite::Result<Vec<rusqlite::types::Value>> =
                (0..columns).map(|at| row.get(at)).collect();
            found.push(format!("{:?}", values?));
        }
    }
    Ok(found)
}
