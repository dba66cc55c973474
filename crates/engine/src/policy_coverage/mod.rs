//! What a policy governs: the files that each discipline matches, the documents that have its pointers, and what matches nothing.

mod documents;
mod gaps;
mod near_pattern;
mod near_pointer;
mod walk;

use std::collections::BTreeMap;

use diagnostic::Diagnostic;
use policy::{Date, Discipline, Policy, PolicyPointer};
use snapshot::{Change, Kind, Node, Result, Snapshot};

use documents::{Presence, read};
pub(crate) use gaps::{GapSearch, is_same};
use walk::{Visitor, walk};

use crate::levels::finish_existing;
use crate::rule::Rule;
use crate::rule_set::RuleSet;

pub use gaps::{Gap, PolicyGap};
pub use near_pattern::NearPattern;

/// What the disciplines of a policy govern in a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyCoverage {
    /// The number of files that at least one discipline governs.
    pub governed: u64,
    /// One for each discipline, in the order of the policy.
    pub disciplines: Vec<DisciplineCoverage>,
}

/// What one discipline governs in a tree.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DisciplineCoverage {
    /// The number of files.
    pub files: u64,
    /// The number of units or identities, where it governs those.
    pub units: u64,
    /// The number of documents that have each pointer, in the order of [`Discipline::pointers`].
    pub documents: Vec<u64>,
    /// The number of documents that cannot be read.
    pub unreadable: u64,
}

/// Counts what each discipline governs in a tree, and reads every document to find its pointers.
///
/// # Errors
/// When a directory or a document cannot be read from the repository.
pub fn policy_coverage(snapshot: &dyn Snapshot, policy: &Policy) -> Result<PolicyCoverage> {
    let pointers: Vec<Vec<PolicyPointer<'_>>> = policy.disciplines.iter().map(Discipline::pointers).collect();
    let presence = pointers.iter().map(|pointers| Presence::new(pointers.len())).collect();
    let coverage =
        PolicyCoverage { governed: 0, disciplines: vec![DisciplineCoverage::default(); pointers.len()] };
    let mut counter = Counter { snapshot, policy, pointers: &pointers, presence, coverage };
    walk(snapshot, &policy.disciplines, &|_| true, &mut counter)?;
    let Counter { presence, mut coverage, .. } = counter;
    for (discipline, presence) in coverage.disciplines.iter_mut().zip(presence) {
        discipline.unreadable = presence.unreadable;
        discipline.documents = presence.found;
    }
    Ok(coverage)
}

/// Reports what of a policy matches nothing in a tree, and no file of the base branch either.
///
/// # Errors
/// When a directory cannot be read.
pub fn check_policy_coverage(
    rules: &[&'static Rule],
    snapshot: &dyn Snapshot,
    base: Option<&dyn Snapshot>,
    policy: &Policy,
    today: Date,
) -> Result<Vec<Diagnostic>> {
    let gaps = policy_gaps(snapshot, base, policy)?;
    let mut findings = gaps.iter().filter_map(|gap| RuleSet(rules).describe_gap(gap)).collect();
    finish_existing(policy, today, &mut findings);
    Ok(findings)
}

/// Finds what of a policy matches nothing; an optional entry may.
fn policy_gaps(
    snapshot: &dyn Snapshot,
    base: Option<&dyn Snapshot>,
    policy: &Policy,
) -> Result<Vec<PolicyGap>> {
    let search = GapSearch {
        policy,
        head: snapshot,
        base,
        existed: &|_| false,
        documents: &|_| GapSearch::MANY_DOCUMENTS,
        changes: &[],
        is_present: &|_| true,
    };
    Ok(search.run()?.unwrap_or_default())
}

/// Counts the files of a tree that a discipline governs.
///
/// # Errors
/// When a directory cannot be read.
pub fn count_governed(snapshot: &dyn Snapshot, policy: &Policy) -> Result<u64> {
    let mut files = Files(0);
    walk(snapshot, &policy.disciplines, &|_| true, &mut files)?;
    Ok(files.0)
}

/// Returns how many governed files changes add, less those that they remove.
#[must_use]
pub fn count_governed_changes(changes: &[Change], policy: &Policy) -> i64 {
    let is_governed = |change: &&Change| policy.disciplines.iter().any(|entry| entry.governs(&change.path));
    let count = |change: &Change| i64::from(change.after.is_some()) - i64::from(change.before.is_some());
    changes.iter().filter(is_governed).map(count).sum()
}

/// Counts, for each discipline of a policy, the files of a tree that it governs and no discipline of a proposed policy does.
///
/// # Errors
/// When a directory cannot be read.
pub fn count_released(snapshot: &dyn Snapshot, policy: &Policy, proposed: &Policy) -> Result<Vec<u64>> {
    let mut released = Released { proposed, files: vec![0; policy.disciplines.len()] };
    walk(snapshot, &policy.disciplines, &|_| true, &mut released)?;
    Ok(released.files)
}

struct Released<'p> {
    proposed: &'p Policy,
    files: Vec<u64>,
}

impl Visitor for Released<'_> {
    fn file(&mut self, file: &Node, disciplines: &[usize]) -> Result<()> {
        if !self.proposed.disciplines.iter().any(|entry| entry.governs(&file.path)) {
            for at in disciplines {
                self.files[*at] += 1;
            }
        }
        Ok(())
    }
}

struct Files(u64);

impl Visitor for Files {
    fn file(&mut self, _: &Node, _: &[usize]) -> Result<()> {
        self.0 += 1;
        Ok(())
    }
}

struct Counter<'c> {
    snapshot: &'c dyn Snapshot,
    policy: &'c Policy,
    pointers: &'c [Vec<PolicyPointer<'c>>],
    presence: Vec<Presence>,
    coverage: PolicyCoverage,
}

impl Visitor for Counter<'_> {
    fn unit(&mut self, discipline: usize) {
        self.coverage.disciplines[discipline].units += 1;
    }

    fn file(&mut self, file: &Node, disciplines: &[usize]) -> Result<()> {
        self.coverage.governed += 1;
        // Several entries may read one document, usually in one format.
        let mut documents = BTreeMap::new();
        for &at in disciplines {
            self.coverage.disciplines[at].files += 1;
            let discipline = &self.policy.disciplines[at];
            if file.object.mode.kind() != Kind::File || !discipline.reads_documents() {
                continue;
            }
            let format = discipline.format_of(&file.path);
            if let std::collections::btree_map::Entry::Vacant(entry) = documents.entry(format) {
                entry.insert(read(self.snapshot, file, format)?);
            }
            self.presence[at].note(&self.pointers[at], documents[&format].as_ref());
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
