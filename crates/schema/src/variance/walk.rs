//! The walk through both schemas, which decides whether values of the one satisfy the other.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use artifact::Kind;
use artifact::Value;

use super::facts::{Facts, Query};
use super::messages::Subject;
use super::place::{Document, Place, Side};
use super::types::Types;
use super::{Break, MAX_BREAKS, MAX_PAIRS, MAX_SCHEMA_DEPTH, Variance};

/// The steps of a comparison, for pairs that cost more than others.
const MAX_STEPS: usize = 1_000_000;
/// The choices that are split at once: their branches multiply.
const MAX_OPEN_CHOICES: usize = 3;

/// A running comparison.
pub(super) struct Walk<'v> {
    pub(super) variance: Variance,
    old: Document<'v>,
    new: Document<'v>,
    pairs: usize,
    steps: usize,
    depth: usize,
    /// The number of properties and elements between the root and the current value.
    level: usize,
    /// The nesting of satisfiability checks.
    pub(super) emptiness_depth: usize,
    /// The nesting of type inference.
    pub(super) typing_depth: usize,
    mode: ReportMode,
    collections: usize,
    answers: HashMap<Query, Answer>,
    /// The queries answered with yes, in order: an answer may depend on an open query.
    trail: Vec<Query>,
    found: Vec<Break>,
    pub(super) equivalent: HashMap<(usize, usize), bool>,
    pub(super) types: HashMap<usize, Types>,
    pub(super) leaves: HashMap<usize, Option<jsonschema::Validator>>,
    pub(super) values: HashMap<usize, BTreeSet<String>>,
    pub(super) patterns: BTreeMap<&'v str, Option<jsonschema::Validator>>,
}

/// Whether breaks are collected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ReportMode {
    /// Only the answer counts.
    Silent,
    /// They are collected, in the numbered collection; number 0 is the result.
    Collect(usize),
}

enum Answer {
    /// In progress, at this level.
    Open(usize),
    Yes,
    /// No; the breaks were reported in this mode.
    No(ReportMode),
}

impl<'v> Walk<'v> {
    pub(super) fn new(old: &'v Value, new: &'v Value, variance: Variance) -> Walk<'v> {
        Walk {
            variance,
            old: Document::new(old),
            new: Document::new(new),
            pairs: 0,
            steps: 0,
            depth: 0,
            level: 0,
            emptiness_depth: 0,
            typing_depth: 0,
            mode: ReportMode::Collect(0),
            collections: 0,
            answers: HashMap::new(),
            trail: Vec::new(),
            found: Vec::new(),
            equivalent: HashMap::new(),
            types: HashMap::new(),
            leaves: HashMap::new(),
            values: HashMap::new(),
            patterns: BTreeMap::new(),
        }
    }

    pub(super) fn document(&self, side: Side) -> &Document<'v> {
        match side {
            Side::Old => &self.old,
            Side::New => &self.new,
        }
    }

    pub(super) fn roots(&self) -> (Place<'v>, Place<'v>) {
        let place = |side| Place { side, value: self.document(side).root };
        (place(Side::Old), place(Side::New))
    }

    /// Ends the walk and returns the breaks.
    pub(super) fn finish(self) -> Vec<Break> {
        let is_over = self.is_over();
        let mut found = self.found;
        if is_over {
            found.truncate(MAX_BREAKS - 1);
            let message =
                format!("the schemas are too large to compare: more than {MAX_PAIRS} pairs of their parts");
            found.push(Break {
                pointer: String::new(),
                old_pointer: String::new(),
                message,
                is_undecided: true,
            });
        }
        found
    }

    /// Returns whether values that satisfy the facts satisfy the goal; if not, the breaks were reported.
    pub(super) fn within(&mut self, facts: &Facts<'v>, goal: Place<'v>, subject: Subject<'v>) -> bool {
        if goal.value.as_bool() == Some(true)
            || goal.value.as_bool() == Some(false) && self.is_unsatisfiable(facts)
        {
            return true;
        }
        if !self.count() || self.is_done() {
            return false;
        }
        if goal.map().is_none() {
            match goal.value.kind {
                Kind::Bool(_) => self.report_rejected(facts, goal, subject),
                _ => self.report_unclear(facts.at, goal, "this schema"),
            }
            return false;
        }
        let query = facts.query(goal);
        match self.answers.get(&query) {
            Some(Answer::Yes) => return true,
            // An answer may depend on itself for a smaller value, but not for the same one.
            Some(Answer::Open(level)) => return self.level > *level,
            Some(Answer::No(mode)) if self.is_silent() || *mode == self.mode => return false,
            _ => {}
        }
        if self.depth == MAX_SCHEMA_DEPTH {
            self.report_unclear(facts.at, goal, "the part below 64 nested schemas");
            return false;
        }
        let mark = self.trail.len();
        self.answers.insert(query.clone(), Answer::Open(self.level));
        self.depth += 1;
        let is_within = self.compare(facts, goal);
        self.depth -= 1;
        if is_within {
            self.answers.insert(query.clone(), Answer::Yes);
            self.trail.push(query);
        } else {
            // Answers that depended on this one are no longer valid.
            for query in self.trail.drain(mark..) {
                self.answers.remove(&query);
            }
            self.answers.insert(query, Answer::No(self.mode));
        }
        is_within
    }

    fn compare(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> bool {
        if self.types_of(facts).is_empty() || facts.contains(goal) {
            return true;
        }
        if facts.parts.iter().any(|part| self.are_equivalent(*part, goal)) {
            return true;
        }
        if let Some(values) = self.values_of(facts)
            && let Some(is_within) = self.each_value(facts, goal, &values)
        {
            return is_within;
        }
        let choices = self.choices(facts);
        let open = choices.first().filter(|_| facts.taken.len() < MAX_OPEN_CHOICES);
        let Some(choice) = open else { return self.requirements(facts, goal) };
        if self.silently(|walk| walk.requirements(facts, goal)) {
            return true;
        }
        let mut is_within = true;
        for at in 0..choice.branches.len() {
            let chosen = self.choose(facts, choice, at);
            is_within &= self.within(&chosen, goal, Subject::Value);
            if !is_within && self.is_silent() {
                break;
            }
        }
        is_within
    }

    /// Runs a query about a property or an element of the value.
    pub(super) fn inside<T>(&mut self, run: impl FnOnce(&mut Walk<'v>) -> T) -> T {
        self.level += 1;
        let answer = run(self);
        self.level -= 1;
        answer
    }

    pub(super) fn below(&mut self, facts: &Facts<'v>, goal: Place<'v>, subject: Subject<'v>) -> bool {
        self.inside(|walk| walk.within(facts, goal, subject))
    }

    pub(super) fn is_unsatisfiable_below(&mut self, facts: &Facts<'v>) -> bool {
        self.inside(|walk| walk.is_unsatisfiable(facts))
    }

    /// Runs a query without reporting.
    pub(super) fn silently<T>(&mut self, run: impl FnOnce(&mut Walk<'v>) -> T) -> T {
        let mode = std::mem::replace(&mut self.mode, ReportMode::Silent);
        let answer = run(self);
        self.mode = mode;
        answer
    }

    /// Returns whether the goal accepts every value of the schema, without reporting.
    pub(super) fn is_within(&mut self, schema: Place<'v>, goal: Place<'v>) -> bool {
        let facts = self.facts(schema);
        self.silently(|walk| walk.within(&facts, goal, Subject::Value))
    }

    /// Runs a query and returns its breaks.
    pub(super) fn collect_breaks(&mut self, run: impl FnOnce(&mut Walk<'v>) -> bool) -> Vec<Break> {
        self.collections += 1;
        let mode = std::mem::replace(&mut self.mode, ReportMode::Collect(self.collections));
        let found = std::mem::take(&mut self.found);
        run(self);
        self.mode = mode;
        std::mem::replace(&mut self.found, found)
    }

    pub(super) fn is_silent(&self) -> bool {
        self.mode == ReportMode::Silent
    }

    /// Returns whether reported breaks become part of the result.
    pub(super) fn is_final(&self) -> bool {
        self.mode == ReportMode::Collect(0)
    }

    /// Counts steps; returns whether the limit allows more.
    pub(super) fn charge(&mut self, steps: usize) -> bool {
        self.steps = self.steps.saturating_add(steps);
        !self.is_over()
    }

    /// Counts a pair; returns whether the limit allows more.
    pub(super) fn count(&mut self) -> bool {
        self.pairs += 1;
        !self.is_over()
    }

    pub(super) fn is_over(&self) -> bool {
        self.pairs > MAX_PAIRS || self.steps > MAX_STEPS
    }

    /// Returns whether the walk can stop: a limit is exceeded, or enough breaks were reported.
    pub(super) fn is_done(&self) -> bool {
        self.is_over() || !self.is_silent() && self.found.len() >= MAX_BREAKS
    }

    /// Reports a break, once; `known` is satisfied, `goal` is not.
    pub(super) fn report_break(&mut self, known: Place<'v>, goal: Place<'v>, message: String) {
        self.report(known, goal, message, false);
    }

    pub(super) fn report(&mut self, known: Place<'v>, goal: Place<'v>, message: String, is_undecided: bool) {
        if self.is_silent() || self.found.len() >= MAX_BREAKS || self.is_over() {
            return;
        }
        if !self.is_final() && !self.found.is_empty() {
            // In a collection, only the number of further breaks matters.
            let (pointer, old_pointer) = (self.found.len().to_string(), String::new());
            return self.found.push(Break { pointer, old_pointer, message, is_undecided });
        }
        self.charge((self.old.values + self.new.values) / 64);
        let pointer = |side| {
            let place = [goal, known].into_iter().find(|place| place.side == side);
            place.and_then(|place| self.document(side).pointer_of(place.value)).unwrap_or_default()
        };
        let (pointer, old_pointer) = (pointer(Side::New), pointer(Side::Old));
        let found = Break { pointer, old_pointer, message, is_undecided };
        self.push_break(found);
    }

    pub(super) fn push_break(&mut self, found: Break) {
        let is_known =
            self.found.iter().any(|other| other.pointer == found.pointer && other.message == found.message);
        if !is_known {
            self.found.push(found);
        }
    }

    /// Returns whether no break was reported so far.
    pub(super) fn has_no_breaks(&self) -> bool {
        self.found.is_empty()
    }
}
