//! The parts of a policy that govern nothing: patterns without a file, pointers without a document.

use std::collections::BTreeSet;

use artifact::Value;
use diagnostic::Location;
use policy::{Discipline, Policy, PolicyPointer};
use snapshot::{Change, Kind, Node, Object, RepoPath, Result, Snapshot};

use super::documents::{Presence, elements_of, read};
use super::near_pattern::{NearPattern, nearest_pattern};
use super::near_pointer::nearest_pointer;
use super::walk::{Visitor, walk};
use crate::breach_context::place_of;

/// The documents in which a pointer is looked for that nobody finds: enough to know what is usual in them.
const MAX_COMPARED_DOCUMENTS: usize = 20;

/// A part of a policy that governs nothing.
#[derive(Debug, Clone, PartialEq)]
pub struct PolicyGap {
    /// The position of the discipline in the policy.
    pub discipline: usize,
    /// What it is.
    pub gap: Gap,
    /// The line of the policy.
    pub location: Location,
}

/// What governs nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// The pattern of an entry matches no file.
    Pattern {
        /// The key of the pattern: `match`, `unit` or `identity`.
        selector: &'static str,
        /// The pattern.
        pattern: String,
        /// The nearest pattern that matches.
        nearest: Option<NearPattern>,
    },
    /// No document has a pointer.
    Pointer {
        /// The pattern of the entry.
        pattern: String,
        /// The number of documents in which it was looked for.
        documents: u64,
        /// The pointer, or the alternatives.
        pointer: String,
        /// The pointer of the collection whose elements should have it.
        elements_of: Option<String>,
        /// The nearest pointer that a document has.
        nearest: Option<String>,
    },
}

/// What to search for gaps.
pub(crate) struct GapSearch<'g> {
    /// The policy.
    pub(crate) policy: &'g Policy,
    /// The tree that it governs.
    pub(crate) head: &'g dyn Snapshot,
    /// Another tree in which a file is enough.
    pub(crate) base: Option<&'g dyn Snapshot>,
    /// Returns whether the discipline governed a file in an earlier tree.
    pub(crate) existed: &'g dyn Fn(&Discipline) -> bool,
    /// Returns how many documents of a discipline are read at most; without a result within them, nothing is reported.
    pub(crate) documents: &'g dyn Fn(&Discipline) -> usize,
    /// The changed files, which are read first.
    pub(crate) changes: &'g [Change],
    /// Returns whether an object can be read without fetching it.
    pub(crate) is_present: &'g dyn Fn(&Object) -> bool,
}

impl GapSearch<'_> {
    /// The documents that are read where a policy is new: registries have some ten thousand.
    pub(crate) const MANY_DOCUMENTS: usize = 50_000;
    /// The documents that are read where a change leaves the policy alone: its cost follows the change.
    pub(crate) const FEW_DOCUMENTS: usize = 500;

    /// Searches; `None` where a directory would have to be fetched first.
    ///
    /// # Errors
    /// When a directory cannot be read.
    pub(crate) fn run(&self) -> Result<Option<Vec<PolicyGap>>> {
        let disciplines = &self.policy.disciplines;
        let limits = disciplines
            .iter()
            .map(|discipline| if discipline.is_optional { 0 } else { (self.documents)(discipline) });
        let mut collector = Collector {
            disciplines,
            limits: limits.collect(),
            files: vec![0; disciplines.len()],
            documents: vec![Vec::new(); disciplines.len()],
        };
        if !walk(self.head, disciplines, self.is_present, &mut collector)? {
            return Ok(None);
        }
        let mut found = Vec::new();
        let without_files = self.without_files(&collector.files)?;
        for (at, discipline) in disciplines.iter().enumerate() {
            if without_files.contains(&at) {
                let gap = Gap::Pattern {
                    selector: discipline.selector(),
                    pattern: discipline.pattern.as_str().into(),
                    nearest: nearest_pattern(self.head, discipline)?,
                };
                let location = place_of(&discipline.pattern_origin);
                found.push(PolicyGap { discipline: at, gap, location });
            } else if !discipline.is_optional {
                let documents = std::mem::take(&mut collector.documents[at]);
                found.extend(self.missing_pointers(at, documents, collector.limits[at]));
            }
        }
        Ok(Some(found))
    }

    /// Returns the disciplines that must govern a file, and govern none.
    fn without_files(&self, files: &[u64]) -> Result<BTreeSet<usize>> {
        let disciplines = &self.policy.disciplines;
        // The patterns of a dialect are alternatives: one of them is enough.
        let is_met = |entry: &Discipline| {
            let is_sibling = |other: &Discipline| {
                entry.of_dialect.is_some()
                    && (&other.of_dialect, &other.origin) == (&entry.of_dialect, &entry.origin)
            };
            disciplines.iter().zip(files).any(|(other, files)| *files > 0 && is_sibling(other))
        };
        let lacks = |at: &usize| {
            let entry = &disciplines[*at];
            files[*at] == 0 && !entry.is_optional && !is_met(entry) && !(self.existed)(entry)
        };
        let mut without: BTreeSet<usize> = (0..disciplines.len()).filter(lacks).collect();
        let Some(base) = self.base.filter(|_| !without.is_empty()) else { return Ok(without) };
        let selected: Vec<usize> = without.iter().copied().collect();
        let own: Vec<Discipline> = selected.iter().map(|at| disciplines[*at].clone()).collect();
        let mut matched = Matched(BTreeSet::new());
        walk(base, &own, self.is_present, &mut matched)?;
        for at in matched.0 {
            without.remove(&selected[at]);
        }
        Ok(without)
    }

    /// Returns the pointers of a discipline that no document has; none where not every document could be read.
    fn missing_pointers(&self, at: usize, mut documents: Vec<Node>, limit: usize) -> Vec<PolicyGap> {
        let discipline = &self.policy.disciplines[at];
        let pointers = discipline.pointers();
        if pointers.is_empty() || documents.is_empty() {
            return Vec::new();
        }
        if documents.len() > limit {
            return Vec::new();
        }
        let is_changed =
            |path: &RepoPath| self.changes.binary_search_by(|change| change.path.cmp(path)).is_ok();
        documents.sort_by_key(|node| !is_changed(&node.path));
        let mut presence = Presence::new(pointers.len());
        let mut compared = Vec::new();
        for node in &documents {
            // What cannot be read here, as in a partial clone, may have any pointer.
            let format = discipline.format_of(&node.path);
            let is_present = (self.is_present)(&node.object);
            let Some(Ok(document)) = is_present.then(|| read(self.head, node, format)) else {
                return Vec::new();
            };
            presence.note(&pointers, document.as_ref());
            if presence.is_complete() {
                return Vec::new();
            }
            compared.extend(document.filter(|_| compared.len() < MAX_COMPARED_DOCUMENTS));
        }
        let is_missing = |index: &usize| presence.found[*index] == 0 && presence.possible[*index] > 0;
        let describe = |index: usize| PolicyGap {
            discipline: at,
            gap: pointer_gap(discipline, &pointers[index], presence.possible[index], &compared),
            location: place_of(pointers[index].origin),
        };
        (0..pointers.len()).filter(is_missing).map(describe).collect()
    }
}

fn pointer_gap(
    discipline: &Discipline,
    pointer: &PolicyPointer<'_>,
    documents: u64,
    compared: &[Value],
) -> Gap {
    let values: Vec<&Value> = match pointer.elements_of {
        None => compared.iter().collect(),
        Some(collection) => compared
            .iter()
            .flat_map(|document| elements_of(collection, document).take(MAX_COMPARED_DOCUMENTS))
            .collect(),
    };
    Gap::Pointer {
        pattern: discipline.pattern.as_str().into(),
        documents,
        pointer: pointer.shown(),
        elements_of: pointer.elements_of.map(|collection| collection.at.clone()),
        nearest: pointer.any_of.iter().find_map(|text| nearest_pointer(text, &values)),
    }
}

/// Returns whether two disciplines govern the same, possibly declared on another line.
pub(crate) fn is_same(a: &Discipline, b: &Discipline) -> bool {
    let pointers = |discipline: &Discipline| -> Vec<(String, String)> {
        discipline.pointers().into_iter().map(|pointer| (pointer.shown(), pointer.role)).collect()
    };
    (a.pattern.as_str(), a.kind.name(), a.format) == (b.pattern.as_str(), b.kind.name(), b.format)
        && pointers(a) == pointers(b)
}

/// Finds a file of each discipline, and the documents that a search may read.
struct Collector<'c> {
    disciplines: &'c [Discipline],
    limits: Vec<usize>,
    files: Vec<u64>,
    documents: Vec<Vec<Node>>,
}

impl Collector<'_> {
    fn collects(&self, at: usize) -> bool {
        // One more than the limit shows that there are more.
        let limit = self.limits[at];
        limit > 0 && self.disciplines[at].reads_documents() && self.documents[at].len() <= limit
    }
}

impl Visitor for Collector<'_> {
    fn file(&mut self, file: &Node, disciplines: &[usize]) -> Result<()> {
        for &at in disciplines {
            self.files[at] += 1;
            if file.object.mode.kind() == Kind::File && self.collects(at) {
                self.documents[at].push(file.clone());
            }
        }
        Ok(())
    }

    fn is_done(&self, at: usize) -> bool {
        self.disciplines[at].is_optional || self.files[at] > 0 && !self.collects(at)
    }
}

struct Matched(BTreeSet<usize>);

impl Visitor for Matched {
    fn file(&mut self, _: &Node, disciplines: &[usize]) -> Result<()> {
        self.0.extend(disciplines);
        Ok(())
    }
}
