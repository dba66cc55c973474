//! Checks the difference of two trees against every discipline that matches it.

mod collections;
mod documents;
mod moves;
mod units;

use std::cmp::Reverse;
use std::collections::HashMap;

use artifact::Format;
use ledger::files::{FOLDER, InSnapshot, covered_bytes, read_checkpoint, segment_number};
use policy::{Discipline, Kind, Policy, Subject};
use repo::Appended;
use snapshot::{Change, Fault, Kind as FileKind, Mode, ObjectId, RepoPath, Result, Snapshot};

use self::documents::Side;
use self::moves::MAX_SIMILARITY_COMPARISONS;
use self::units::SealedUnits;
use super::breach::{Breach, PathBreach, RemovedName};
use super::contents::Contents;
use super::documents::{Document, Documents};
use super::prior_state::{PriorState, Removal};

/// What an edge changed.
pub(crate) struct TreeDiff<'e> {
    /// The differing paths in byte order; at least all governed ones.
    pub(crate) changes: &'e [Change],
    /// What is wrong with the new tree objects.
    pub(crate) faults: &'e [(RepoPath, Fault)],
    /// Whether the parent is the second or a later one of a merge: lines that a branch appended may be elsewhere in the merge.
    pub(crate) secondary: bool,
    /// The tree before the change, where there is one.
    pub(crate) before: Option<&'e dyn Snapshot>,
}

/// Checks the difference of two trees; the breaches are in the order of the paths.
pub(crate) fn check_disciplines(
    policy: &Policy,
    diff: &TreeDiff<'_>,
    contents: &mut dyn Contents,
    prior: &mut dyn PriorState,
    parsed: &mut Documents,
) -> Result<Vec<PathBreach>> {
    let mut checker = DisciplineChecker {
        policy,
        diff,
        contents,
        prior,
        breaches: Vec::new(),
        units: SealedUnits::default(),
        additions: None,
        looks: MAX_SIMILARITY_COMPARISONS,
        documents: HashMap::new(),
        parsed,
    };
    for change in diff.changes {
        checker.documents.clear();
        for discipline in &policy.disciplines {
            checker.check_replaces_governed_directory(discipline, change);
        }
        for discipline in policy.disciplines.iter().filter(|discipline| discipline.concerns(&change.path)) {
            checker.check_discipline(discipline, change)?;
        }
    }
    let mut breaches = checker.breaches;
    breaches.extend(checker.units.into_breaches());
    breaches.extend(diff.faults.iter().map(|(directory, fault)| PathBreach {
        kind: Breach::of_fault(fault.kind),
        subject: Subject::Path,
        path: directory.join(&fault.name),
        before: None,
        after: None,
        origin: None,
        format: None,
        element: None,
        identity: None,
    }));
    // Two disciplines may find the same on one path: it is reported once, for the more specific subject.
    let rank = |breach: &PathBreach| Reverse(breach.subject);
    breaches.sort_by(|a, b| (&a.path, &a.kind, rank(a)).cmp(&(&b.path, &b.kind, rank(b))));
    breaches.dedup_by(|later, first| later.path == first.path && later.kind == first.kind);
    Ok(breaches)
}

struct DisciplineChecker<'j, 'e> {
    policy: &'j Policy,
    diff: &'j TreeDiff<'e>,
    contents: &'j mut dyn Contents,
    prior: &'j mut dyn PriorState,
    breaches: Vec<PathBreach>,
    units: SealedUnits,
    /// The first path that was added with each content, once something is gone.
    additions: Option<HashMap<ObjectId, RepoPath>>,
    /// How many more pairs of files may be compared to find where removed files went.
    looks: usize,
    /// The documents of the current change, by the version and how they are read.
    documents: HashMap<(Side, Option<Format>), Document>,
    /// The documents of this change and of the ones before it.
    parsed: &'j mut Documents,
}

impl DisciplineChecker<'_, '_> {
    fn check_discipline(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        let path = change.path.as_bytes();
        let raw = match discipline.kind {
            Kind::Sealed | Kind::Burned => discipline.pattern.identity_of(path).is_some(),
            _ => discipline.pattern.matches(path),
        };
        if change.before.is_none() {
            self.twins(discipline, change)?;
        }
        if !raw || !self.governs_manifest(discipline, change)? {
            return Ok(());
        }
        match &discipline.kind {
            Kind::Frozen { when: None } => self.frozen(discipline, change),
            Kind::Frozen { when: Some(when) } => self.frozen_when(discipline, change, when),
            Kind::Versioned => self.versioned(discipline, change),
            Kind::AppendOnly => self.append_only(discipline, change),
            Kind::Sealed => self.sealed(discipline, change),
            Kind::Burned => self.burned(discipline, change),
            Kind::Fields(rules) => self.document_rules(discipline, change, rules),
        }
    }

    /// Returns whether a discipline of a dialect governs a change: on the base, the file is a manifest of that dialect.
    fn governs_manifest(&self, discipline: &Discipline, change: &Change) -> Result<bool> {
        let Some(pack) = &discipline.of_dialect else { return Ok(true) };
        // What is wrong with a new manifest, the schema of its dialect reports.
        let (Some(_), Some(before)) = (change.before, self.diff.before) else { return Ok(false) };
        Ok(dialect::dialect_of(before, self.policy, &change.path)?
            .is_some_and(|dialect| dialect.pack == *pack))
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
            self.breach(discipline, change, Breach::NotAFile);
        }
    }

    fn breach(&mut self, discipline: &Discipline, change: &Change, kind: Breach) {
        self.breaches.push(PathBreach {
            kind,
            subject: discipline.subject,
            path: change.path.clone(),
            before: change.before,
            after: change.after,
            origin: Some(discipline.origin.clone()),
            format: discipline.format,
            element: None,
            identity: None,
        });
    }

    /// Records a breach of a collection, with the element and what identifies it.
    pub(super) fn breach_of_element(
        &mut self,
        discipline: &Discipline,
        change: &Change,
        kind: Breach,
        (element, identity): (Option<String>, Option<String>),
    ) {
        self.breach(discipline, change, kind);
        if let Some(breach) = self.breaches.last_mut() {
            (breach.element, breach.identity) = (element, identity);
        }
    }

    /// Records a breach that several files of a directory share: it is reported once, at the first file.
    fn breach_once(&mut self, discipline: &Discipline, change: &Change, breach: Breach) {
        match self.breaches.iter_mut().find(|other| other.kind == breach) {
            Some(known) => known.add_file(change),
            None => self.breach(discipline, change, breach),
        }
    }

    /// A path was added that some file system takes for another.
    fn twins(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        let Some(twin) = self.prior.twin(&change.path)? else { return Ok(()) };
        let unit = matches!(discipline.kind, Kind::Sealed)
            && discipline.pattern.unit_of_folded(change.path.as_bytes()).is_some();
        let (part, of) = (twin.part, twin.of);
        let breach = if unit { Breach::UnitTwin { part, of } } else { Breach::CaseTwin { part, of } };
        self.breach_once(discipline, change, breach);
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
            let breach = if restored { Breach::Restored { removed: None } } else { Breach::Changed };
            self.breach(discipline, change, breach);
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
                (true, true) => self.breach(discipline, change, Breach::Restored { removed: None }),
                (true, false) => {}
                (false, _) => self.breach(discipline, change, Breach::ModeChanged),
            }
        }
        Ok(())
    }

    /// An addition under a frozen path: a regular file, and no name that was removed.
    fn added(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        let Some(after) = change.after else { return Ok(()) };
        if after.mode.kind() != FileKind::File {
            self.breach(discipline, change, Breach::NotAFile);
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
        let removed = RemovedName { identity, by: removal.by };
        let breach =
            if equal { Breach::Restored { removed: Some(removed) } } else { Breach::Reused { removed } };
        self.breach_once(discipline, change, breach);
    }

    /// Checks a removal or a change of the file type; `true` when nothing else needs a check.
    fn kind_changed(&mut self, discipline: &Discipline, change: &Change) -> Result<bool> {
        let Some(before) = change.before else { return Ok(false) };
        let breach = match change.after {
            None => self.removed(change, before)?,
            Some(after) if after.mode.kind() == before.mode.kind() => return Ok(false),
            Some(after) => match after.mode.kind() {
                FileKind::Link => Breach::BecameLink,
                FileKind::Submodule => Breach::BecameSubmodule,
                FileKind::Directory => Breach::BecameDirectory,
                FileKind::File if self.prior.original(&change.path)? == Some(after) => {
                    Breach::Restored { removed: None }
                }
                FileKind::File => Breach::Changed,
            },
        };
        self.breach(discipline, change, breach);
        Ok(true)
    }

    fn append_only(&mut self, discipline: &Discipline, change: &Change) -> Result<()> {
        let (Some(before), Some(after)) = (change.before, change.after) else {
            match (change.before, change.after) {
                (Some(_), _) => drop(self.kind_changed(discipline, change)?),
                (None, Some(after)) if after.mode.kind() != FileKind::File => {
                    self.breach(discipline, change, Breach::NotAFile);
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
                self.breach(discipline, change, Breach::NotAppended { at: None });
            }
        } else if before.id != after.id && before.mode.kind() == FileKind::File {
            let breach = match self.contents.appended(change)? {
                Appended::Whole => return self.mode_changed(discipline, change),
                _ if discipline.subject == Subject::Ledger && self.cuts_a_tail(change)? => {
                    return self.mode_changed(discipline, change);
                }
                Appended::Differs { at } => Breach::NotAppended { at: Some(at) },
                Appended::Shorter => Breach::NotAppended { at: None },
                Appended::Unterminated => Breach::LastLineChanged,
            };
            self.breach(discipline, change, breach);
        }
        self.mode_changed(discipline, change)
    }

    /// Returns whether a change of a ledger's segment keeps all bytes that the checkpoint covers: what came after them was never recorded.
    fn cuts_a_tail(&mut self, change: &Change) -> Result<bool> {
        let segment = std::str::from_utf8(change.path.name()).ok().and_then(segment_number);
        let is_of_ledger = change.path.parent() == RepoPath::from(FOLDER);
        let (Some(segment), Some(before), true) = (segment, self.diff.before, is_of_ledger) else {
            return Ok(false);
        };
        let checkpoint = read_checkpoint(&InSnapshot(before))?.and_then(|bytes| tlog::open(&bytes).ok());
        let (Some(opened), Some(old), Some(new)) = (checkpoint, change.before, change.after) else {
            return Ok(false);
        };
        let old = self.contents.before(&change.path, old)?;
        let new = self.contents.after(&change.path, new)?;
        let covered = covered_bytes(segment, &old, opened.checkpoint.size);
        Ok(covered.is_some_and(|covered| new.starts_with(&old[..covered])))
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
            let same = if identity == change.path {
                removal.object == Some(after)
            } else {
                self.prior.removed(path)?.is_some_and(|removal| removal.object == Some(after))
            };
            self.report_reintroduced(discipline, change, identity, &removal, same);
        }
        Ok(())
    }
}

/// Returns whether the new text contains every line of the old one, in the same order.
fn keeps_lines(old: &[u8], new: &[u8]) -> bool {
    let mut new = new.split(|&byte| byte == b'\n');
    old.split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .all(|line| new.any(|other| other == line))
}

/// Returns whether a mode is that of a regular file.
pub(crate) fn is_file(mode: Mode) -> bool {
    mode.kind() == FileKind::File
}
