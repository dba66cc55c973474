//! Checks the difference of two trees against every discipline that matches it.

use std::collections::{BTreeMap, HashMap};

use artifact::{Limits, Syntax, Value, parse};
use policy::{Discipline, Kind, Policy, Subject, When};
use repo::Appended;
use snapshot::{Change, Fault, Kind as FileKind, Mode, Object, ObjectId, RepoPath, Result};

use super::contents::{Contents, MAX_DOCUMENT_BYTES};
use super::prior_state::{PriorState, Removal};
use super::{Breach, BreachKind, Detail};

/// What an edge changed.
pub(crate) struct TreeDiff<'e> {
    /// The differing paths in byte order; at least all governed ones.
    pub(crate) changes: &'e [Change],
    /// What is wrong with the new tree objects.
    pub(crate) faults: &'e [(RepoPath, Fault)],
    /// Whether the parent is the second or a later one of a merge: lines that a branch appended may be elsewhere in the merge.
    pub(crate) secondary: bool,
}

/// Checks the difference of two trees; the breaches are in the order of the paths.
pub(crate) fn check_disciplines(
    policy: &Policy,
    diff: &TreeDiff<'_>,
    contents: &mut dyn Contents,
    prior: &mut dyn PriorState,
) -> Result<Vec<Breach>> {
    let mut checker = DisciplineChecker {
        diff,
        contents,
        prior,
        breaches: Vec::new(),
        units: BTreeMap::new(),
        units_existed: BTreeMap::new(),
        additions: None,
        looks: MAX_SIMILARITY_COMPARISONS,
    };
    for change in diff.changes {
        for discipline in &policy.disciplines {
            checker.check_replaces_governed_directory(discipline, change);
        }
        for discipline in policy.disciplines.iter().filter(|discipline| discipline.concerns(&change.path)) {
            checker.check_discipline(discipline, change)?;
        }
    }
    checker.close_units()?;
    let mut breaches = checker.breaches;
    breaches.extend(diff.faults.iter().map(|(directory, fault)| Breach {
        kind: BreachKind::of_fault(fault.kind),
        subject: Subject::Path,
        path: directory.join(&fault.name),
        before: None,
        after: None,
        detail: Detail::None,
        origin: None,
    }));
    // Two disciplines may find the same on one path: it is reported once, for the more specific subject.
    breaches.sort_by(|a, b| (&a.path, a.kind, b.subject).cmp(&(&b.path, b.kind, a.subject)));
    breaches.dedup_by(|later, first| {
        later.path == first.path && later.kind == first.kind && later.detail == first.detail
    });
    Ok(breaches)
}

struct DisciplineChecker<'j, 'e> {
    diff: &'j TreeDiff<'e>,
    contents: &'j mut dyn Contents,
    prior: &'j mut dyn PriorState,
    breaches: Vec<Breach>,
    /// Sealed units that changed: one finding a unit and kind, however many files.
    units: BTreeMap<(RepoPath, BreachKind), (Breach, u32)>,
    /// Whether a unit existed before: looked up once, however many files it has.
    units_existed: BTreeMap<RepoPath, bool>,
    /// The first path that was added with each content, once something is gone.
    additions: Option<HashMap<ObjectId, RepoPath>>,
    /// How many more pairs of files are looked at to explain where something went.
    looks: usize,
}

impl DisciplineChecker<'_, '_> {
    fn check_discipline(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        let path = change.path.as_bytes();
        let raw = match discipline.kind {
            Kind::Sealed => discipline.pattern.identity_of(path).is_some(),
            Kind::Burned => discipline.pattern.identity_of(path).is_some(),
            _ => discipline.pattern.matches(path),
        };
        if change.before.is_none() {
            self.twins(discipline, change)?;
        }
        if !raw {
            return Ok(());
        }
        match &discipline.kind {
            Kind::Frozen { when: None } => self.frozen(discipline, change),
            Kind::Frozen { when: Some(when) } => self.frozen_when(discipline, change, when),
            Kind::Versioned => self.versioned(discipline, change),
            Kind::AppendOnly => self.append_only(discipline, change),
            Kind::Sealed => self.sealed(discipline, change),
            Kind::Burned => self.burned(discipline, change),
            Kind::Fields(fields) => self.fields(discipline, change, fields),
        }
    }

    /// A link or a submodule replaced a directory with governed files: reading its paths then gives other content.
    fn check_replaces_governed_directory(&mut self, discipline: &Discipline, change: &Change) {
        let elsewhere = |mode: Mode| matches!(mode.kind(), FileKind::Link | FileKind::Submodule);
        if !change.after.is_some_and(|after| elsewhere(after.mode)) {
            return;
        }
        let inside = change.path.join(b"");
        let from = self.diff.changes.partition_point(|other| other.path.as_bytes() < inside.as_bytes());
        let below = self.diff.changes[from..]
            .iter()
            .take_while(|other| other.path.as_bytes().starts_with(inside.as_bytes()));
        let gone = below.filter(|other| other.before.is_some() && other.after.is_none());
        if gone.into_iter().any(|other| discipline.concerns(&other.path)) {
            self.breach(discipline, change, BreachKind::NotAFile, Detail::None);
        }
    }

    fn breach(&mut self, discipline: &Discipline, change: &Change, kind: BreachKind, detail: Detail) {
        self.breaches.push(Breach {
            kind,
            subject: discipline.subject,
            path: change.path.clone(),
            before: change.before,
            after: change.after,
            detail,
            origin: Some(discipline.origin.clone()),
        });
    }

    /// A path was added that some file system takes for another.
    fn twins(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        let Some(twin) = self.prior.twin(&change.path)? else { return Ok(()) };
        let unit = matches!(discipline.kind, Kind::Sealed)
            && discipline.pattern.unit_of_folded(change.path.as_bytes()).is_some();
        let kind = if unit { BreachKind::UnitTwin } else { BreachKind::CaseTwin };
        let detail = Detail::Twin { part: twin.part, of: twin.of };
        // A directory that collides is reported once, at its first file.
        if !self.breaches.iter().any(|breach| breach.kind == kind && breach.detail == detail) {
            self.breach(discipline, change, kind, detail);
        }
        Ok(())
    }

    fn frozen(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        let Some(before) = change.before else {
            return self.added(discipline, change);
        };
        if self.kind_changed(discipline, change)? {
            return Ok(());
        }
        let Some(after) = change.after else { return Ok(()) };
        if before.id != after.id {
            let restored = self.prior.original(&change.path)? == Some(after);
            let kind = if restored { BreachKind::Restored } else { BreachKind::Changed };
            self.breach(discipline, change, kind, Detail::None);
        }
        self.mode_changed(discipline, change)
    }

    fn mode_changed(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        if let (Some(before), Some(after)) = (change.before, change.after)
            && before.mode != after.mode
        {
            let original = self.prior.original(&change.path)?;
            let restored = original.is_some_and(|original| original == after && original != before);
            match (restored, before.id == after.id) {
                (true, true) => self.breach(discipline, change, BreachKind::Restored, Detail::None),
                (true, false) => {}
                (false, _) => self.breach(discipline, change, BreachKind::ModeChanged, Detail::None),
            }
        }
        Ok(())
    }

    /// An addition under a frozen path: a regular file, and no name that was removed.
    fn added(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        let Some(after) = change.after else { return Ok(()) };
        if after.mode.kind() != FileKind::File {
            self.breach(discipline, change, BreachKind::NotAFile, Detail::None);
        }
        if let Some(removal) = self.prior.removed(change.path.as_bytes())? {
            self.report_reintroduced(
                discipline,
                change,
                change.path.clone(),
                &removal,
                removal.object == Some(after),
            );
        }
        Ok(())
    }

    fn report_reintroduced(
        &mut self,
        discipline: &Discipline,
        change: &Change,
        identity: RepoPath,
        removal: &Removal,
        equal: bool,
    ) {
        let kind = if equal { BreachKind::Restored } else { BreachKind::Reused };
        let detail = Detail::Removed { identity, by: removal.by };
        if !self.breaches.iter().any(|breach| breach.kind == kind && breach.detail == detail) {
            self.breach(discipline, change, kind, detail);
        }
    }

    /// Checks a removal or a change of the file type; `true` when nothing else needs a check.
    fn kind_changed(&mut self, discipline: &Discipline, change: &Change) -> Result<bool> {
        let Some(before) = change.before else { return Ok(false) };
        let kind = match change.after {
            None => {
                let (kind, detail) = self.removed(change, before)?;
                self.breach(discipline, change, kind, detail);
                return Ok(true);
            }
            Some(after) if after.mode.kind() == before.mode.kind() => return Ok(false),
            Some(after) => match after.mode.kind() {
                FileKind::Link => BreachKind::BecameLink,
                FileKind::Submodule => BreachKind::BecameSubmodule,
                FileKind::Directory => BreachKind::BecameDirectory,
                FileKind::File if self.prior.original(&change.path)? == Some(after) => BreachKind::Restored,
                FileKind::File => BreachKind::Changed,
            },
        };
        self.breach(discipline, change, kind, Detail::None);
        Ok(true)
    }

    /// A fixed path is gone: into a directory, to another place, or altogether.
    fn removed(&mut self, change: &Change, before: Object) -> Result<(BreachKind, Detail)> {
        let inside = change.path.join(b"");
        let added = |change: &&Change| change.before.is_none() && change.after.is_some();
        let from = self.diff.changes.partition_point(|other| other.path.as_bytes() < inside.as_bytes());
        if self
            .diff
            .changes
            .get(from)
            .is_some_and(|other| other.path.as_bytes().starts_with(inside.as_bytes()))
        {
            return Ok((BreachKind::BecameDirectory, Detail::None));
        }
        let diff = self.diff;
        let additions = self.additions.get_or_insert_with(|| {
            let mut by_content = HashMap::new();
            for other in diff.changes.iter().filter(added) {
                if let Some(id) = other.after.and_then(|after| after.id) {
                    by_content.entry(id).or_insert_with(|| other.path.clone());
                }
            }
            by_content
        });
        if let Some(to) = before.id.and_then(|id| additions.get(&id)) {
            return Ok((BreachKind::Moved, Detail::Moved { to: to.clone(), equal: true }));
        }
        if before.mode.kind() != FileKind::File {
            return Ok((BreachKind::Deleted, Detail::None));
        }
        // It only explains, so it may give up: a change of thousands of files explains itself.
        let candidates = diff.changes.iter().filter(added).take(MAX_MOVE_CANDIDATES.min(self.looks));
        let mut old = None;
        for other in candidates {
            self.looks -= 1;
            let Some(after) = other.after.filter(|after| after.mode.kind() == FileKind::File) else {
                continue;
            };
            let old = match &old {
                Some(old) => old,
                None => old.insert(self.contents.before(&change.path, before)?),
            };
            let new = self.contents.after(&other.path, after)?;
            if is_similar(old, &new) {
                return Ok((BreachKind::Moved, Detail::Moved { to: other.path.clone(), equal: false }));
            }
        }
        Ok((BreachKind::Deleted, Detail::None))
    }

    fn frozen_when(&mut self, discipline: &Discipline, change: &Change, when: &When) -> Result<()> {
        let Some(before) = change.before.filter(|before| before.mode.kind() == FileKind::File) else {
            return Ok(());
        };
        let text = match self.document(&change.path, before, true)?.and_then(std::result::Result::ok) {
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
        if text != when.equals || self.kind_changed(discipline, change)? {
            return Ok(());
        }
        if before.id != change.after.and_then(|after| after.id) {
            let detail = Detail::Final { field: when.field.clone(), value: text };
            self.breach(discipline, change, BreachKind::FinalChanged, detail);
        }
        self.mode_changed(discipline, change)
    }

    /// A card is edited by its own rules, and goes away by none.
    fn versioned(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
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
            for (kind, detail) in super::fields::check_card(&old, &new) {
                self.breach(discipline, change, kind, detail);
            }
        }
        self.mode_changed(discipline, change)
    }

    fn append_only(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        let (Some(before), Some(after)) = (change.before, change.after) else {
            match (change.before, change.after) {
                (Some(_), _) => drop(self.kind_changed(discipline, change)?),
                (None, Some(after)) if after.mode.kind() != FileKind::File => {
                    self.breach(discipline, change, BreachKind::NotAFile, Detail::None);
                }
                _ => {}
            }
            return Ok(());
        };
        if self.kind_changed(discipline, change)? {
            return Ok(());
        }
        if before.id != after.id && before.mode.kind() == FileKind::File && self.diff.secondary {
            // A merge combines two histories: no line of either may be lost, but lines may move.
            let old = self.contents.before(&change.path, before)?;
            let new = self.contents.after(&change.path, after)?;
            if !keeps_lines(&old, &new) {
                self.breach(discipline, change, BreachKind::NotAppended, Detail::None);
            }
        } else if before.id != after.id && before.mode.kind() == FileKind::File {
            let (kind, at) = match self.contents.appended(change)? {
                Appended::Whole => return self.mode_changed(discipline, change),
                Appended::Differs { at } => (BreachKind::NotAppended, Some(at)),
                Appended::Shorter => (BreachKind::NotAppended, None),
                Appended::Unterminated => (BreachKind::LastLineChanged, None),
            };
            let detail = at.map_or(Detail::None, |at| Detail::Bytes { at });
            self.breach(discipline, change, kind, detail);
        }
        self.mode_changed(discipline, change)
    }

    fn sealed(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        // A unit is a directory; whatever replaces it is checked as well.
        let Some(unit) = discipline.pattern.identity_of(change.path.as_bytes()).map(RepoPath::new) else {
            return Ok(());
        };
        let is_file = |object: Object| object.mode.kind() == FileKind::File;
        let kind = match (change.before, change.after) {
            // A file beside the units is none of them.
            (Some(before), _) if unit == change.path && is_file(before) => return Ok(()),
            (Some(_), _) => BreachKind::UnitChanged,
            (None, Some(after)) if unit == change.path && after.mode.kind() != FileKind::File => {
                self.breach(discipline, change, BreachKind::NotAFile, Detail::None);
                return Ok(());
            }
            _ if unit == change.path => return Ok(()),
            _ => {
                let existed = match self.units_existed.get(&unit) {
                    Some(existed) => *existed,
                    None => self.prior.existed(unit.as_bytes())?,
                };
                self.units_existed.insert(unit.clone(), existed);
                if existed { BreachKind::UnitLateAddition } else { return Ok(()) }
            }
        };
        let detail = Detail::Unit { unit: unit.clone(), files: 0, gone: false };
        let breach = Breach {
            kind,
            subject: discipline.subject,
            path: change.path.clone(),
            before: change.before,
            after: change.after,
            detail,
            origin: Some(discipline.origin.clone()),
        };
        self.units.entry((unit, kind)).or_insert((breach, 0)).1 += 1;
        Ok(())
    }

    fn close_units(&mut self) -> Result<()> {
        for ((unit, _), (mut breach, count)) in std::mem::take(&mut self.units) {
            breach.detail = Detail::Unit { unit, files: count, gone: breach.after.is_none() };
            self.breaches.push(breach);
        }
        Ok(())
    }

    fn burned(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        let (None, Some(after)) = (change.before, change.after) else { return Ok(()) };
        let path = change.path.as_bytes();
        let Some(identity) = discipline.pattern.identity_of(path).map(RepoPath::new) else { return Ok(()) };
        if self.prior.existed(identity.as_bytes())? {
            return Ok(());
        }
        if let Some(removal) = self.prior.removed(identity.as_bytes())? {
            // A directory comes back unchanged when each of its files does.
            let same = match identity == change.path {
                true => removal.object == Some(after),
                false => self.prior.removed(path)?.is_some_and(|removal| removal.object == Some(after)),
            };
            self.report_reintroduced(discipline, change, identity, &removal, same);
        }
        Ok(())
    }

    fn fields(
        &mut self,
        discipline: &Discipline,
        change: &Change,
        fields: &[policy::FieldRule],
    ) -> Result<()> {
        let Some(after) = change.after else { return Ok(()) };
        let Some(before) = change.before else {
            // A document that enters unreadable could never be checked.
            if after.mode.kind() == FileKind::File
                && let Some(Err(detail)) = self.document(&change.path, after, false)?
            {
                self.breach(discipline, change, BreachKind::Unreadable, detail);
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
            let found = super::fields::check_field(&field.pointer, &field.discipline, &old, &new);
            if let Some((kind, detail)) = found {
                // The line of the field, not that of the pattern.
                let discipline = Discipline { origin: field.origin.clone(), ..discipline.clone() };
                self.breach(&discipline, change, kind, detail);
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
        let old = match self.document(&change.path, before, true)? {
            Some(old) => old,
            None => {
                let reason = "only YAML, JSON and Markdown with front matter have fields".into();
                self.breach(discipline, change, BreachKind::Unreadable, Detail::Unknown { reason });
                return Ok(None);
            }
        };
        match (old, self.document(&change.path, after, false)?) {
            (Ok(old), Some(Ok(new))) => return Ok(Some((old, new))),
            (_, Some(Err(detail))) => self.breach(discipline, change, BreachKind::Unreadable, detail),
            // This change fixes the syntax, and its values cannot be compared with those before: a warning reports that.
            (Err(Detail::Syntax { reason, .. }), _) => {
                self.breach(discipline, change, BreachKind::Unreadable, Detail::Base { reason });
            }
            _ => {}
        }
        Ok(None)
    }

    /// Reads one side's document; `None` for a file of no syntax that is known.
    fn document(
        &mut self,
        path: &RepoPath,
        object: Object,
        before: bool,
    ) -> Result<Option<std::result::Result<Value, Detail>>> {
        let Some(syntax) = Syntax::of_path(path) else { return Ok(None) };
        let bytes = match before {
            true => self.contents.before(path, object)?,
            false => self.contents.after(path, object)?,
        };
        Ok(Some(parse(syntax, &bytes, &document_limits()).map_err(|error| Detail::Syntax {
            start: error.span.start,
            end: error.span.end,
            reason: error.message,
        })))
    }
}

/// Returns whether the new text contains every line of the old one, in the same order.
fn keeps_lines(old: &[u8], new: &[u8]) -> bool {
    let mut new = new.split(|&byte| byte == b'\n');
    old.split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .all(|line| new.any(|other| other == line))
}

/// Returns whether a line contains the field with the value, in any quoting.
fn matches_condition(text: &[u8], when: &When) -> bool {
    let field = when.field.rsplit('/').next().unwrap_or_default();
    let text = String::from_utf8_lossy(&text[..text.len().min(1 << 16)]);
    text.lines().any(|line| {
        let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
        let rest = line.strip_prefix(field).map(|rest| rest.trim_start_matches(['"', '\'']).trim_start());
        let value = rest.and_then(|rest| rest.strip_prefix([':', '=']));
        value.is_some_and(|value| value.contains(&when.equals))
    })
}

/// The limits of a governed document.
pub(crate) fn document_limits() -> Limits {
    Limits { bytes: MAX_DOCUMENT_BYTES as usize, ..Limits::default() }
}

/// How many added files are looked at to explain where a removed one went.
const MAX_MOVE_CANDIDATES: usize = 64;
/// How many pairs of files one edge looks at for such explanations.
const MAX_SIMILARITY_COMPARISONS: usize = 512;

/// Returns whether two files share more than half of their lines. The result only explains and allows nothing.
fn is_similar(old: &[u8], new: &[u8]) -> bool {
    if old.len() > 1 << 16 || new.len() > 1 << 16 {
        return false;
    }
    let mut counts: BTreeMap<&[u8], i32> = BTreeMap::new();
    let mut total = 0;
    for line in old.split(|&byte| byte == b'\n').filter(|line| !line.is_empty()) {
        *counts.entry(line).or_default() += 1;
        total += 1;
    }
    let mut shared = 0;
    for line in new.split(|&byte| byte == b'\n') {
        if let Some(count) = counts.get_mut(line).filter(|count| **count > 0) {
            *count -= 1;
            shared += 1;
        }
    }
    total > 0 && shared * 2 > total
}

/// Returns whether a mode is that of a regular file.
pub(crate) fn is_file(mode: Mode) -> bool {
    mode.kind() == FileKind::File
}
