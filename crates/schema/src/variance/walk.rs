//! The walk through both schemas: does what satisfies the one satisfy the other?

use std::collections::{BTreeMap, BTreeSet, HashMap};

use artifact::Kind;
use artifact::Value;

use super::all::{All, Question};
use super::place::{Document, Place, Side};
use super::types::Types;
use super::words::Subject;
use super::{Break, DEPTH, MOST, PAIRS, Variance};

/// The most that is looked at in all, for parts of pairs that cost more than others.
const STEPS: usize = 1_000_000;
/// Choices that are taken apart at once: their branches multiply.
const CHOICES: usize = 3;

/// A comparison under way.
pub(super) struct Walk<'v> {
    pub(super) variance: Variance,
    old: Document<'v>,
    new: Document<'v>,
    pairs: usize,
    steps: usize,
    depth: usize,
    /// How many properties and elements lead to the value that is spoken of.
    level: usize,
    /// How many questions are open whether something is nothing.
    pub(super) emptying: usize,
    /// How many schemas are being asked for their types.
    pub(super) typing: usize,
    voice: Voice,
    voices: usize,
    answers: HashMap<Question, Answer>,
    /// The questions answered with yes, in order: an answer may rest on one that is still open.
    trail: Vec<Question>,
    found: Vec<Break>,
    pub(super) alike: HashMap<(usize, usize), bool>,
    pub(super) types: HashMap<usize, Types>,
    pub(super) leaves: HashMap<usize, Option<jsonschema::Validator>>,
    pub(super) values: HashMap<usize, BTreeSet<String>>,
    pub(super) patterns: BTreeMap<&'v str, Option<jsonschema::Validator>>,
}

/// What becomes of the breaks that are found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Voice {
    /// Only whether there are any is asked.
    Quiet,
    /// They are gathered, in the numbered gathering; the first is what is told in the end.
    Aloud(usize),
}

enum Answer {
    /// Being looked for, at this level.
    Open(usize),
    Yes,
    /// What stands against it was told by this voice.
    No(Voice),
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
            emptying: 0,
            typing: 0,
            voice: Voice::Aloud(0),
            voices: 0,
            answers: HashMap::new(),
            trail: Vec::new(),
            found: Vec::new(),
            alike: HashMap::new(),
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

    /// Ends the walk: what was found.
    pub(super) fn finish(self) -> Vec<Break> {
        let is_over = self.is_over();
        let mut found = self.found;
        if is_over {
            found.truncate(MOST - 1);
            let message =
                format!("the schemas are too large to compare: more than {PAIRS} pairs of their parts");
            found.push(Break { pointer: String::new(), old_pointer: String::new(), message });
        }
        found
    }

    /// Whether values that satisfy the one satisfy the other; if not, what stands against it was told.
    pub(super) fn within(&mut self, all: &All<'v>, goal: Place<'v>, subject: Subject<'v>) -> bool {
        if goal.value.as_bool() == Some(true) || goal.value.as_bool() == Some(false) && self.is_nothing(all) {
            return true;
        }
        if !self.count() || self.is_done() {
            return false;
        }
        if goal.map().is_none() {
            match goal.value.kind {
                Kind::Bool(_) => self.tell_refused(all, goal, subject),
                _ => self.tell_unclear(all.at, goal, "this schema"),
            }
            return false;
        }
        let question = all.question(goal);
        match self.answers.get(&question) {
            Some(Answer::Yes) => return true,
            // On the way from a value to a smaller one, an answer may rest on itself; never in a circle.
            Some(Answer::Open(level)) => return self.level > *level,
            Some(Answer::No(voice)) if self.is_quiet() || *voice == self.voice => return false,
            _ => {}
        }
        if self.depth == DEPTH {
            self.tell_unclear(all.at, goal, "what lies more than 64 schemas deep");
            return false;
        }
        let mark = self.trail.len();
        self.answers.insert(question.clone(), Answer::Open(self.level));
        self.depth += 1;
        let is_within = self.compare(all, goal);
        self.depth -= 1;
        if is_within {
            self.answers.insert(question.clone(), Answer::Yes);
            self.trail.push(question);
        } else {
            // What rested on this answer must be asked again.
            for question in self.trail.drain(mark..) {
                self.answers.remove(&question);
            }
            self.answers.insert(question, Answer::No(self.voice));
        }
        is_within
    }

    fn compare(&mut self, all: &All<'v>, goal: Place<'v>) -> bool {
        if self.types_of(all).is_empty() || all.holds(goal) {
            return true;
        }
        if all.parts.iter().any(|part| self.are_alike(*part, goal)) {
            return true;
        }
        if let Some(values) = self.values_of(all)
            && let Some(is_within) = self.each_value(all, goal, &values)
        {
            return is_within;
        }
        let choices = self.choices(all);
        let open = choices.first().filter(|_| all.taken.len() < CHOICES);
        let Some(choice) = open else { return self.requirements(all, goal) };
        if self.quietly(|walk| walk.requirements(all, goal)) {
            return true;
        }
        let mut is_within = true;
        for at in 0..choice.branches.len() {
            let chosen = self.choose(all, choice, at);
            is_within &= self.within(&chosen, goal, Subject::Value);
            if !is_within && self.is_quiet() {
                break;
            }
        }
        is_within
    }

    /// Asks about a property or an element of the value: what is smaller.
    pub(super) fn inside<T>(&mut self, ask: impl FnOnce(&mut Walk<'v>) -> T) -> T {
        self.level += 1;
        let answer = ask(self);
        self.level -= 1;
        answer
    }

    pub(super) fn below(&mut self, all: &All<'v>, goal: Place<'v>, subject: Subject<'v>) -> bool {
        self.inside(|walk| walk.within(all, goal, subject))
    }

    pub(super) fn is_nothing_below(&mut self, all: &All<'v>) -> bool {
        self.inside(|walk| walk.is_nothing(all))
    }

    /// Asks without telling.
    pub(super) fn quietly<T>(&mut self, ask: impl FnOnce(&mut Walk<'v>) -> T) -> T {
        let voice = std::mem::replace(&mut self.voice, Voice::Quiet);
        let answer = ask(self);
        self.voice = voice;
        answer
    }

    /// Asks quietly whether every value that one schema accepts is accepted by another.
    pub(super) fn is_within(&mut self, schema: Place<'v>, goal: Place<'v>) -> bool {
        let all = self.all(schema);
        self.quietly(|walk| walk.within(&all, goal, Subject::Value))
    }

    /// Asks, and gathers what would be told.
    pub(super) fn gather(&mut self, ask: impl FnOnce(&mut Walk<'v>) -> bool) -> Vec<Break> {
        self.voices += 1;
        let voice = std::mem::replace(&mut self.voice, Voice::Aloud(self.voices));
        let found = std::mem::take(&mut self.found);
        ask(self);
        self.voice = voice;
        std::mem::replace(&mut self.found, found)
    }

    pub(super) fn is_quiet(&self) -> bool {
        self.voice == Voice::Quiet
    }

    /// Whether what is told now is what is told in the end.
    pub(super) fn is_final(&self) -> bool {
        self.voice == Voice::Aloud(0)
    }

    /// Counts what is looked at; tells whether there may be more.
    pub(super) fn charge(&mut self, steps: usize) -> bool {
        self.steps = self.steps.saturating_add(steps);
        !self.is_over()
    }

    /// Counts a pair; tells whether there may be more.
    pub(super) fn count(&mut self) -> bool {
        self.pairs += 1;
        !self.is_over()
    }

    pub(super) fn is_over(&self) -> bool {
        self.pairs > PAIRS || self.steps > STEPS
    }

    /// Whether nothing more need be found: too much was looked at, or enough was told.
    pub(super) fn is_done(&self) -> bool {
        self.is_over() || !self.is_quiet() && self.found.len() >= MOST
    }

    /// Tells a break, once; `known` is what was satisfied, `goal` what is not.
    pub(super) fn tell(&mut self, known: Place<'v>, goal: Place<'v>, message: String) {
        if self.is_quiet() || self.found.len() >= MOST || self.is_over() {
            return;
        }
        if !self.is_final() && !self.found.is_empty() {
            // Of what is gathered, the rest is only counted.
            let (pointer, old_pointer) = (self.found.len().to_string(), String::new());
            return self.found.push(Break { pointer, old_pointer, message });
        }
        self.charge((self.old.values + self.new.values) / 64);
        let pointer = |side| {
            let place = [goal, known].into_iter().find(|place| place.side == side);
            place.and_then(|place| self.document(side).pointer_of(place.value)).unwrap_or_default()
        };
        let found = Break { pointer: pointer(Side::New), old_pointer: pointer(Side::Old), message };
        self.tell_found(found);
    }

    pub(super) fn tell_found(&mut self, found: Break) {
        let is_told =
            self.found.iter().any(|told| told.pointer == found.pointer && told.message == found.message);
        if !is_told {
            self.found.push(found);
        }
    }

    /// Whether nothing was told so far.
    pub(super) fn is_silent(&self) -> bool {
        self.found.is_empty()
    }
}
