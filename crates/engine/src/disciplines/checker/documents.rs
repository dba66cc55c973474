//! Disciplines that read a document: its fields and collections, cards that may be edited, and documents that become final.

use std::rc::Rc;

use artifact::{Format, Kind, Syntax, SyntaxError, Value, parse, tolerant};
use policy::{Discipline, DocumentRules, When};
use snapshot::{Change, Kind as FileKind, Object, RepoPath, Result};

use super::DisciplineChecker;
use crate::disciplines::breach::Breach;
use crate::disciplines::contents::document_limits;
use crate::disciplines::documents::{Document, Reading};
use crate::disciplines::fields::{check_card, check_fields};

/// A version of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Side {
    Before,
    After,
}

impl DisciplineChecker<'_, '_> {
    /// A document that its own field declares final never changes.
    pub(super) fn frozen_when(
        &mut self,
        discipline: &Discipline,
        change: &Change,
        when: &When,
    ) -> Result<()> {
        let Some(format) = self.format(discipline, change) else { return Ok(()) };
        let Some(before) = change.before.filter(is_regular) else {
            return self.added_document(discipline, change, format);
        };
        let is_same = before.id == change.after.and_then(|after| after.id);
        let old = self.document(&change.path, before, Side::Before, Some(format))?;
        let value = match &old {
            Ok(old) => when.matched(old),
            Err(_) if is_same => return Ok(()),
            Err(error) => {
                let fault = self.fault_after(change, Some(format))?;
                let reason = error.message.clone();
                let breach = match fault {
                    Some(error) => Breach::StillUnreadable { fault: error.into() },
                    None => Breach::BaseUnreadable { reason },
                };
                self.breach(discipline, change, breach);
                return Ok(());
            }
        };
        if !is_same && let Some(error) = self.fault_after(change, Some(format))? {
            self.breach(discipline, change, Breach::Unreadable { fault: error.into() });
        }
        let Some(value) = value else { return Ok(()) };
        if self.kind_changed(discipline, change)? {
            return Ok(());
        }
        if !is_same {
            self.breach(discipline, change, Breach::FinalChanged { field: when.field.clone(), value });
        }
        self.mode_changed(discipline, change)
    }

    /// A card is edited by its own rules and is never removed.
    pub(super) fn versioned(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        let Some(before) = change.before else {
            return self.added(discipline, change);
        };
        if self.kind_changed(discipline, change)? {
            return Ok(());
        }
        let Some(after) = change.after else { return Ok(()) };
        if before.id != after.id
            && let Some((old, new)) = self.both(discipline, change, (before, after), None)?
        {
            for breach in check_card(&old, &new) {
                self.breach(discipline, change, breach);
            }
        }
        self.mode_changed(discipline, change)
    }

    /// Fields of a document change only as declared.
    pub(super) fn document_rules(
        &mut self,
        discipline: &Discipline,
        change: &Change,
        rules: &DocumentRules,
    ) -> Result<()> {
        let Some(after) = change.after else {
            return self.removed_document(discipline, change, rules);
        };
        let Some(before) = change.before else {
            let Some(format) = self.format(discipline, change) else { return Ok(()) };
            self.added_document(discipline, change, format)?;
            return self.added_collections(discipline, change, rules, format);
        };
        if !is_regular(&before) || before.id == after.id {
            return Ok(());
        }
        if !is_regular(&after) {
            self.kind_changed(discipline, change)?;
            return Ok(());
        }
        let Some(format) = self.format(discipline, change) else { return Ok(()) };
        let both = self.both(discipline, change, (before, after), Some(format))?;
        let Some((old, new)) = both else { return Ok(()) };
        for (rule, breach) in check_fields(&rules.fields, &old, &new) {
            // The line of the field, not that of the pattern.
            let discipline = Discipline { origin: rule.origin.clone(), ..discipline.clone() };
            self.breach(&discipline, change, breach);
        }
        rules
            .collections
            .iter()
            .try_for_each(|collection| self.collection(discipline, change, collection, (&old, &new)))
    }

    /// A document that is removed: it may have to stay, and its elements may not return.
    fn removed_document(
        &mut self,
        discipline: &Discipline,
        change: &Change,
        rules: &DocumentRules,
    ) -> Result<()> {
        let Some(before) = change.before.filter(is_regular) else { return Ok(()) };
        if !rules.may_be_removed {
            self.breach(discipline, change, Breach::Deleted);
        }
        if let Some(format) = discipline.format_of(&change.path).filter(|_| !rules.collections.is_empty())
            && let Ok(old) = self.document(&change.path, before, Side::Before, Some(format))?
        {
            let nothing = Value::new(Kind::Null, 0..0);
            for collection in &rules.collections {
                self.note_removed_elements(&change.path, collection, &old, &nothing);
            }
        }
        Ok(())
    }

    /// A document that is added has collections whose elements need keys, and may not be those of a removed document.
    fn added_collections(
        &mut self,
        discipline: &Discipline,
        change: &Change,
        rules: &DocumentRules,
        format: Format,
    ) -> Result<()> {
        let Some(after) = change.after.filter(|after| is_regular(after) && !rules.collections.is_empty())
        else {
            return Ok(());
        };
        let Ok(new) = self.document(&change.path, after, Side::After, Some(format))? else { return Ok(()) };
        let nothing = Value::new(Kind::Null, 0..0);
        rules
            .collections
            .iter()
            .try_for_each(|collection| self.collection(discipline, change, collection, (&nothing, &new)))
    }

    /// Returns the format of a governed document. That it is not known is a breach, never a file without fields.
    fn format(&mut self, discipline: &Discipline, change: &Change) -> Option<Format> {
        let format = discipline.format_of(&change.path);
        if format.is_none() && change.after.is_some_and(|after| is_regular(&after)) {
            self.breach(discipline, change, Breach::FormatUnknown);
        }
        format
    }

    /// A document that is added unreadable could never be checked.
    fn added_document(&mut self, discipline: &Discipline, change: &Change, format: Format) -> Result<()> {
        if let Some(error) = self.fault_after(change, Some(format))? {
            self.breach(discipline, change, Breach::NewUnreadable { fault: error.into() });
        }
        Ok(())
    }

    /// Returns why the new version cannot be read; nothing where it can, or does not exist.
    fn fault_after(&mut self, change: &Change, format: Option<Format>) -> Result<Option<SyntaxError>> {
        let Some(after) = change.after.filter(is_regular) else { return Ok(None) };
        Ok(self.document(&change.path, after, Side::After, format)?.err())
    }

    /// Reads both sides of a document that changed; where one cannot be read, that is the breach.
    fn both(
        &mut self,
        discipline: &Discipline,
        change: &Change,
        (before, after): (Object, Object),
        format: Option<Format>,
    ) -> Result<Option<(Rc<Value>, Rc<Value>)>> {
        let old = self.document(&change.path, before, Side::Before, format)?;
        let new = self.document(&change.path, after, Side::After, format)?;
        let breach = match (old, new) {
            (Ok(old), Ok(new)) => return Ok(Some((old, new))),
            (Ok(_), Err(error)) => Breach::Unreadable { fault: error.into() },
            // A change is not refused for a fault of its base: a warning reports that its fields were not checked.
            (Err(_), Err(error)) => Breach::StillUnreadable { fault: error.into() },
            (Err(error), Ok(_)) => Breach::BaseUnreadable { reason: error.message },
        };
        self.breach(discipline, change, breach);
        Ok(None)
    }

    /// Reads one side's document: without a format, one of our own by its extension, strictly.
    fn document(
        &mut self,
        path: &RepoPath,
        object: Object,
        side: Side,
        format: Option<Format>,
    ) -> Result<Document> {
        if let Some(known) = self.documents.get(&(side, format)) {
            return Ok(known.clone());
        }
        let reading = match format {
            Some(format) => Reading::Tolerant(format),
            None => Reading::Strict(Syntax::of_path(path).unwrap_or(Syntax::Yaml)),
        };
        let known = object.id.and_then(|id| self.parsed.get(id, reading));
        let document = match known {
            Some(document) => document,
            None => self.parse(path, object, side, reading)?,
        };
        self.documents.insert((side, format), document.clone());
        Ok(document)
    }

    fn parse(&mut self, path: &RepoPath, object: Object, side: Side, reading: Reading) -> Result<Document> {
        let bytes = match side {
            Side::Before => self.contents.before(path, object)?,
            Side::After => self.contents.after(path, object)?,
        };
        let value = match reading {
            Reading::Tolerant(format) => tolerant::read(format, &bytes, &tolerant::LIMITS),
            Reading::Strict(syntax) => parse(syntax, &bytes, &document_limits()),
        };
        let document = value.map(Rc::new);
        if let Some(id) = object.id {
            self.parsed.keep(id, reading, &document);
        }
        Ok(document)
    }
}

fn is_regular(object: &Object) -> bool {
    object.mode.kind() == FileKind::File
}
