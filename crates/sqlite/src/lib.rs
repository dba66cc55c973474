//! SQLite databases: the registry and the ledger with their history, and the index of the plugins of other systems.

mod events;
mod identities;
mod plugins;

use std::path::Path;

use ledger::files::Files;
use ledger::{LoadedLedger, ReadOptions};
use registry::Exported;
use rusqlite::{Connection, Transaction};

pub use plugins::{has_plugins, is_plugin_index, write_plugins};

/// The tables and views. `user_version` rises with every change of them.
const SCHEMA: &str = include_str!("schema.sql");
/// The indexes for common queries, created when the tables are full.
const INDEXES: &str = include_str!("indexes.sql");

/// Writes an export of a registry and the ledger of the same tree into a new database. Equal sources give equal bytes.
///
/// # Errors
/// When the ledger is invalid, or the file exists or cannot be written.
pub fn export(path: &Path, exported: &Exported, ledger: &dyn Files) -> Result<(), Error> {
    write(path, exported, ledger).map_err(|error| match error {
        Error::Database(source) => Error::File { path: path.display().to_string(), source },
        other => other,
    })
}

/// Why the database could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be written.
    #[error("{path}: {source}")]
    File {
        /// The file.
        path: String,
        /// The error of SQLite.
        source: rusqlite::Error,
    },
    /// A statement failed.
    #[error(transparent)]
    Database(#[from] rusqlite::Error),
    /// The ledger cannot be read.
    #[error(transparent)]
    Read(#[from] snapshot::Error),
    /// The ledger is invalid.
    #[error(".ledger/{file}: {message}")]
    Ledger {
        /// The file of the ledger.
        file: String,
        /// The fault.
        message: String,
    },
}

fn write(path: &Path, exported: &Exported, ledger: &dyn Files) -> Result<(), Error> {
    let mut database = Connection::open(path)?;
    database.execute_batch("PRAGMA foreign_keys = ON")?;
    let transaction = database.transaction()?;
    transaction.execute_batch(SCHEMA)?;
    identities::write(&transaction, exported)?;
    let mut result = Ok(());
    let read = {
        let mut events = events::Events::new(&transaction, exported)?;
        ReadOptions::default().read(ledger, &mut |line, _| {
            if result.is_ok() {
                result = events.write(line);
            }
        })?
    };
    // A fault explains a refused row better than the row.
    if let Some(fault) = read.faults.first() {
        return Err(Error::Ledger { file: fault.file.clone(), message: fault.message.clone() });
    }
    result?;
    write_log(&transaction, &read)?;
    transaction.execute_batch(INDEXES)?;
    Ok(transaction.commit()?)
}

/// Writes which lines the database contains, and whose signature covers them.
fn write_log(transaction: &Transaction<'_>, read: &LoadedLedger) -> rusqlite::Result<()> {
    let Some(log) = read.machine.log() else { return Ok(()) };
    // Reading verified the signature of this key.
    let signer = log.key.as_ref().map(|key| format!("{}+{:08x}", key.name(), key.id()));
    let row = (&log.origin, number(read.size()), read.frontier.root().to_string(), signer);
    transaction.execute("INSERT INTO log VALUES (?, ?, ?, ?)", row).map(drop)
}

/// Converts a count to an integer of SQLite.
fn number(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
