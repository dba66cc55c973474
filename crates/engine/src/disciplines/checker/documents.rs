//! Disciplines that read a document: its fields, cards that may be edited, and documents that become final.

use artifact::{Syntax, SyntaxError, Value, parse};
use policy::{Discipline, FieldRule, When};
use snapshot::{Change, Kind as FileKind, Object, RepoPath, Result};

use super::DisciplineChecker;
use crate::disciplines::breach::Breach;
use crate::disciplines::contents::document_limits;
use crate::disciplines::fields::{check_card, check_field};

/// How much of a document is searched for a condition as a plain line.
const MAX_CONDITION_BYTES: usize = 1 << 16;

/// A version of a change.
#[derive(Clone, Copy)]
enum Side {
    Before,
    After,
}

/// A document, or why it cannot be read.
type Document = std::result::Result<Value, SyntaxError>;

impl DisciplineChecker<'_, '_> {
    pub(super) fn frozen_when(
        &mut self,
        discipline: &Discipline,
        change: &Change,
        when: &When,
    ) -> Result<()> {
        let Some(before) = change.before.filter(|before| before.mode.kind() == FileKind::File) else {
            return Ok(());
        };
        let value = match self.document(&change.path, before, Side::Before)?.and_then(Document::ok) {
            Some(document) => match document.pointer(&when.field) {
                Some(value) => value.as_str().map_or_else(|| value.show(), String::from),
                None => return Ok(()),
            },
            // A document that the strict reader refuses may still contain the condition as a plain line: then the condition applies.
            None if matches_condition(&self.contents.before(&change.path, before)?, when) => {
                when.equals.clone()
            }
            None => return Ok(()),
        };
        if value != when.equals || self.kind_changed(discipline, change)? {
            return Ok(());
        }
        if before.id != change.after.and_then(|after| after.id) {
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
            && let Some((old, new)) = self.both(discipline, change, before, after)?
        {
            for breach in check_card(&old, &new) {
                self.breach(discipline, change, breach);
            }
        }
        self.mode_changed(discipline, change)
    }

    pub(super) fn fields(
        &mut self,
        discipline: &Discipline,
        change: &Change,
        fields: &[FieldRule],
    ) -> Result<()> {
        let Some(after) = change.after else { return Ok(()) };
        let Some(before) = change.before else {
            // A document that is added unreadable could never be checked.
            if after.mode.kind() == FileKind::File
                && let Some(Err(error)) = self.document(&change.path, after, Side::After)?
            {
                self.breach(discipline, change, unreadable(error));
            }
            return Ok(());
        };
        if before.mode.kind() != FileKind::File || before.id == after.id {
            return Ok(());
        }
        if after.mode.kind() != FileKind::File {
            self.kind_changed(discipline, change)?;
            return Ok(());
        }
        let Some((old, new)) = self.both(discipline, change, before, after)? else { return Ok(()) };
        for field in fields {
            if let Some(breach) = check_field(&field.pointer, &field.discipline, &old, &new) {
                // The line of the field, not that of the pattern.
                let discipline = Discipline { origin: field.origin.clone(), ..discipline.clone() };
                self.breach(&discipline, change, breach);
            }
        }
        Ok(())
    }

    /// Reads both sides of a document that changed; that the new one cannot be read is a breach.
    fn both(
        &mut self,
        discipline: &Discipline,
        change: &Change,
        before: Object,
        after: Object,
    ) -> Result<Option<(Value, Value)>> {
        let old = self.document(&change.path, before, Side::Before)?;
        let breach = match (old, self.document(&change.path, after, Side::After)?) {
            (Some(Ok(old)), Some(Ok(new))) => return Ok(Some((old, new))),
            (_, Some(Err(error))) => unreadable(error),
            // This change fixes the syntax, and its values cannot be compared with those before: a warning reports that.
            (Some(Err(error)), _) => Breach::BaseUnreadable { reason: error.message },
            (None, _) | (_, None) => Breach::NoFields,
        };
        self.breach(discipline, change, breach);
        Ok(None)
    }

    /// Reads one side's document; `None` for a file whose syntax is not known.
    fn document(&mut self, path: &RepoPath, object: Object, side: Side) -> Result<Option<Document>> {
        let Some(syntax) = Syntax::of_path(path) else { return Ok(None) };
        let bytes = match side {
            Side::Before => self.contents.before(path, object)?,
            Side::After => self.contents.after(path, object)?,
        };
        Ok(Some(parse(syntax, &bytes, &document_limits())))
    }
}

fn unreadable(error: SyntaxError) -> Breach {
    Breach::Unreadable { start: error.span.start, end: error.span.end, reason: error.message }
}

/// Returns whether a line contains the field with the value, in any quoting.
fn matches_condition(text: &[u8], when: &When) -> bool {
    let field = when.field.rsplit('/').next().unwrap_or_default();
    let text = String::from_utf8_lossy(&text[..text.len().min(MAX_CONDITION_BYTES)]);
    text.lines().any(|line| {
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
        let rest = line.strip_prefix(field).map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
        let value = rest.and_then(|rest| rest.strip_prefix([':', '=']));
        value.is_some_and(|value| value.contains(&when.equals))
    })
}
