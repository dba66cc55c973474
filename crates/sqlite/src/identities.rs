//! Rows from the registry: identities, their keys, and the history of those that the ledger does not contain.

use registry::{Entry, Exported};
use rusqlite::{Transaction, params};

/// Writes the identities and their keys.
pub(super) fn write(transaction: &Transaction<'_>, exported: &Exported) -> rusqlite::Result<()> {
    let contents = &exported.contents;
    let mut insert = transaction.prepare(
        "INSERT INTO identities VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)",
    )?;
    let has_ledger = contents.sources.ledger_size > 0;
    let is_recorded = |entry: &Entry| has_ledger && !entry.unrecorded;
    let filled = |text: String| Some(text).filter(|text| !text.is_empty());
    for (ulid, entry) in &contents.by_ulid {
        let details = exported.details(*ulid);
        // The date of a recorded deprecation comes from its line.
        let since = details.deprecated_since.filter(|_| !is_recorded(entry));
        // A card can name an identity that does not exist.
        let target = entry.merged_into.filter(|target| contents.by_ulid.contains_key(target));
        insert.execute(params![
            ulid.to_string(),
            entry.key,
            entry.kind,
            entry.path,
            entry.version,
            entry.status,
            entry.owner,
            exported.visibility(*ulid),
            filled(details.card.notes),
            filled(details.card.created_at),
            is_recorded(entry),
            target.map(|ulid| ulid.to_string()),
            entry.replaced_by,
            details.deprecated_reason,
            since,
            entry.tag,
            entry.sha256,
        ])?;
    }
    let mut insert = transaction.prepare("INSERT INTO keys VALUES (?1, ?2, ?3, NULL)")?;
    for (key, ulid) in &contents.by_key {
        let is_current = contents.by_ulid.get(ulid).is_some_and(|entry| entry.key == *key);
        insert.execute(params![key, ulid.to_string(), is_current])?;
    }
    let mut alias = transaction.prepare("INSERT OR IGNORE INTO aliases VALUES (?1, ?2, NULL)")?;
    let mut owner = transaction.prepare("INSERT INTO owner_history VALUES (?1, ?2, NULL, NULL)")?;
    let mut path = transaction.prepare("INSERT INTO path_history VALUES (?1, ?2, NULL, NULL)")?;
    for (ulid, entry) in contents.by_ulid.iter().filter(|(_, entry)| !is_recorded(entry)) {
        let ulid = ulid.to_string();
        for key in &entry.aliases {
            alias.execute(params![key, ulid])?;
        }
        if let Some(name) = &entry.owner {
            owner.execute(params![ulid, name])?;
        }
        path.execute(params![ulid, entry.path])?;
    }
    Ok(())
}
