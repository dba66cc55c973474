//! Rows from the ledger, written while its lines are read: events, versions, and periods of owners and paths.

use std::collections::BTreeSet;

use ledger::{Event, EventType, Json, Line};
use registry::{Exported, paths_in};
use rusqlite::{Statement, Transaction, params};

use super::{Error, number};

/// The statements of the rows that lines add or change.
pub(super) struct Events<'t> {
    exported: &'t Exported,
    /// The former keys and paths of identities that are left out, as far as the lines were read.
    former: BTreeSet<String>,
    event: Statement<'t>,
    key: Statement<'t>,
    alias: Statement<'t>,
    version: Statement<'t>,
    yank: Statement<'t>,
    deprecate: Statement<'t>,
    owner: Period<'t>,
    path: Period<'t>,
}

/// The statements of a table of periods.
struct Period<'t> {
    end: Statement<'t>,
    begin: Statement<'t>,
}

impl<'t> Period<'t> {
    fn new(transaction: &'t Transaction<'_>, table: &str) -> rusqlite::Result<Period<'t>> {
        let end = format!("UPDATE {table} SET until_line = ?2 WHERE ulid = ?1 AND until_line IS NULL");
        Ok(Period {
            end: transaction.prepare(&end)?,
            begin: transaction.prepare(&format!("INSERT INTO {table} VALUES (?1, ?2, ?3, NULL)"))?,
        })
    }

    /// Ends the last period of an identity, and begins one with this value, if there is one.
    fn change(&mut self, ulid: &str, value: Option<&str>, line: i64) -> rusqlite::Result<()> {
        self.end.execute(params![ulid, line])?;
        if let Some(value) = value {
            self.begin.execute(params![ulid, value, line])?;
        }
        Ok(())
    }
}

impl<'t> Events<'t> {
    pub(super) fn new(
        transaction: &'t Transaction<'_>,
        exported: &'t Exported,
    ) -> rusqlite::Result<Events<'t>> {
        Ok(Events {
            exported,
            former: BTreeSet::new(),
            event: transaction.prepare("INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")?,
            key: transaction
                .prepare("UPDATE keys SET since_line = ?3 WHERE key = ?1 AND ulid = ?2 AND since_line IS NULL")?,
            alias: transaction.prepare("INSERT INTO aliases VALUES (?1, ?2, ?3)")?,
            version: transaction
                .prepare("INSERT INTO versions VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL, NULL)")?,
            yank: transaction.prepare(
                "UPDATE versions SET yanked_line = ?3, yanked_reason = ?4 WHERE ulid = ?1 AND version = ?2",
            )?,
            deprecate: transaction.prepare(
                "UPDATE identities SET deprecated_at = ?2, deprecated_reason = coalesce(?3, deprecated_reason) WHERE ulid = ?1",
            )?,
            owner: Period::new(transaction, "owner_history")?,
            path: Period::new(transaction, "path_history")?,
        })
    }

    /// Writes the rows of a line; none for a line of an identity that is left out.
    pub(super) fn write(&mut self, line: &Line<'_>) -> Result<(), Error> {
        let Ok(event) = line.event else { return Ok(()) };
        let ulid = event.subject.map(|ulid| ulid.to_string());
        if ulid.as_deref().is_some_and(|ulid| self.exported.hides(ulid)) {
            let places = match event.kind {
                EventType::Create => &["key", "path"][..],
                EventType::Move => &["from", "to"],
                EventType::Rekey => &["new_key"],
                EventType::AliasAdd => &["alias"],
                _ => &[],
            };
            self.former
                .extend(places.iter().filter_map(|name| event.text(name)).map(|text| text.to_string()));
            return Ok(());
        }
        let at = number(line.number + 1);
        self.event.execute(params![
            at,
            event.kind.name(),
            ulid,
            event.time_text(),
            event.by.value(),
            event.src,
            event.event_ulid.to_string(),
            self.payload(event),
            line.leaf.hex(),
        ])?;
        Ok(ulid.map_or(Ok(()), |ulid| self.history(&ulid, event, at))?)
    }

    /// Writes what an event means for its identity.
    fn history(&mut self, ulid: &str, event: &Event<'_>, line: i64) -> rusqlite::Result<()> {
        let text = |name: &str| event.text(name);
        let reason = text("reason").filter(|reason| !self.is_revealed_by(reason.as_ref()));
        match event.kind {
            EventType::Create => {
                self.key.execute(params![text("key"), ulid, line])?;
                self.owner.change(ulid, text("owner").as_deref(), line)?;
                self.path.change(ulid, text("path").as_deref(), line)?;
            }
            EventType::Rekey => drop(self.key.execute(params![text("new_key"), ulid, line])?),
            EventType::AliasAdd => {
                self.alias.execute(params![text("alias"), ulid, line])?;
                self.key.execute(params![text("alias"), ulid, line])?;
            }
            EventType::Transfer => self.owner.change(ulid, text("to").as_deref(), line)?,
            EventType::Move => self.path.change(ulid, text("to").as_deref(), line)?,
            EventType::Publish => {
                let (version, sha256) = (text("version"), text("sha256"));
                let row = params![
                    ulid,
                    version,
                    line,
                    event.time_text(),
                    event.src,
                    text("tree"),
                    sha256,
                    text("tag")
                ];
                self.version.execute(row)?;
            }
            EventType::Yank => {
                self.yank.execute(params![ulid, text("version"), line, reason])?;
            }
            EventType::Deprecate => {
                self.deprecate.execute(params![ulid, event.time_text(), reason])?;
            }
            EventType::Consolidate
            | EventType::Retire
            | EventType::Waive
            | EventType::Genesis
            | EventType::RotateKey
            | EventType::Seal => {}
        }
        Ok(())
    }

    /// Returns whether a string names an identity that is left out, or a path below its present or former one.
    fn is_revealed_by(&self, text: &str) -> bool {
        let is_former = |name: &str| self.former.contains(name);
        self.exported.is_revealed_by(text)
            || text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(is_former)
            || paths_in(text).any(is_former)
    }

    /// Returns the payload as JSON, without the values that name identities that are left out or paths below theirs.
    fn payload(&self, event: &Event<'_>) -> String {
        let is_hidden = |value: &Json| matches!(value, Json::Text(text) if self.is_revealed_by(text));
        // The keys, paths and owners of an identity that is exported are its own, even where another one had them before.
        let is_own = |name: &str| match event.kind {
            EventType::Create
            | EventType::Rekey
            | EventType::AliasAdd
            | EventType::Move
            | EventType::Transfer
            | EventType::Publish => name != "reason",
            _ => false,
        };
        let members = event.payload().into_iter().filter_map(|(name, value)| match (name, value) {
            (name, value) if is_own(name) => Some((name, value)),
            (name, Json::List(list)) => {
                Some((name, Json::List(list.into_iter().filter(|value| !is_hidden(value)).collect())))
            }
            (_, value) if is_hidden(&value) => None,
            (name, value) => Some((name, value)),
        });
        Json::object(members).to_string()
    }
}
