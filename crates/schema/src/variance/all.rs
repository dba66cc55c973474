//! What a value is known to satisfy: schemas that all hold, and schemas that do not.

use std::collections::BTreeSet;

use super::place::Place;
use super::types::Types;
use super::walk::Walk;

/// Schemas that all hold of one value, taken apart at `allOf` and references.
#[derive(Clone)]
pub(super) struct All<'v> {
    /// Where this is told to stand.
    pub(super) at: Place<'v>,
    /// The schemas, each a map, in the order they were met.
    pub(super) parts: Vec<Place<'v>>,
    ids: BTreeSet<usize>,
    /// Schemas that do not hold: the other branches of a `oneOf`, a condition in its `else`.
    pub(super) nots: Vec<Place<'v>>,
    /// The lists of branches of which one was chosen already.
    pub(super) taken: BTreeSet<usize>,
    /// The types that are looked at.
    pub(super) types: Types,
    /// Which branch was chosen last: where to look first for its like.
    pub(super) branch: Option<usize>,
}

/// What is asked: whether values that satisfy the one satisfy the other.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Question {
    parts: Vec<usize>,
    nots: Vec<usize>,
    taken: Vec<usize>,
    types: Types,
    goal: usize,
}

impl<'v> All<'v> {
    /// What is known of any value.
    pub(super) fn anything(at: Place<'v>) -> All<'v> {
        All {
            at,
            parts: Vec::new(),
            ids: BTreeSet::new(),
            nots: Vec::new(),
            taken: BTreeSet::new(),
            types: Types::ALL,
            branch: None,
        }
    }

    pub(super) fn question(&self, goal: Place<'v>) -> Question {
        let mut nots: Vec<usize> = self.nots.iter().map(|place| place.id()).collect();
        nots.sort_unstable();
        nots.dedup();
        Question {
            parts: self.ids.iter().copied().collect(),
            nots,
            taken: self.taken.iter().copied().collect(),
            types: self.types,
            goal: goal.id(),
        }
    }

    pub(super) fn is_anything(&self) -> bool {
        self.parts.is_empty() && self.types == Types::ALL
    }

    pub(super) fn holds(&self, place: Place<'v>) -> bool {
        self.ids.contains(&place.id())
    }

    /// The first value of a keyword, or where this stands: what a message points at.
    pub(super) fn near(&self, keyword: &str) -> Place<'v> {
        let mut own = self.parts.iter().filter(|part| part.side == self.at.side);
        own.find_map(|part| part.get(keyword)).unwrap_or(self.at)
    }
}

/// The branches of which at least one holds.
pub(super) struct Choice<'v> {
    pub(super) branches: Vec<Place<'v>>,
    /// Whether exactly one holds.
    pub(super) is_one: bool,
    pub(super) id: usize,
}

impl<'v> Walk<'v> {
    /// What a schema says, taken apart.
    pub(super) fn all(&mut self, schema: Place<'v>) -> All<'v> {
        let mut all = All::anything(schema);
        self.join(&mut all, schema);
        all
    }

    /// The same, and another schema holds as well.
    pub(super) fn with(&mut self, all: &All<'v>, schema: Place<'v>) -> All<'v> {
        self.charge(all.parts.len() / 4);
        let mut all = all.clone();
        self.join(&mut all, schema);
        all
    }

    /// Adds a schema. What cannot be read or followed is left out: less is known, nothing wrong.
    pub(super) fn join(&mut self, all: &mut All<'v>, schema: Place<'v>) {
        let mut rest = vec![schema];
        while let Some(part) = rest.pop() {
            if part.value.as_bool() == Some(false) {
                all.types = Types::NONE;
            }
            if part.map().is_none() || !self.charge(1) || !all.ids.insert(part.id()) {
                continue;
            }
            all.parts.push(part);
            all.nots.extend(part.get("not"));
            for keyword in ["$ref", "$dynamicRef"] {
                rest.extend(self.referenced(part, keyword));
            }
            rest.extend(part.list("allOf").into_iter().rev());
        }
    }

    /// What a reference of a schema leads to.
    pub(super) fn referenced(&self, schema: Place<'v>, keyword: &str) -> Option<Place<'v>> {
        let reference = schema.get(keyword)?.value.as_str()?;
        Some(schema.at(self.document(schema.side).resolve(reference)?))
    }

    /// The choices that are still open.
    pub(super) fn choices(&self, all: &All<'v>) -> Vec<Choice<'v>> {
        let mut choices = Vec::new();
        for part in &all.parts {
            for (keyword, is_one) in [("anyOf", false), ("oneOf", true)] {
                let Some(list) = part.get(keyword) else { continue };
                let branches = part.list(keyword);
                if !branches.is_empty() && !all.taken.contains(&list.id()) {
                    choices.push(Choice { branches, is_one, id: list.id() });
                }
            }
        }
        choices
    }

    /// The same, and one branch of a choice is the one that holds.
    pub(super) fn choose(&mut self, all: &All<'v>, choice: &Choice<'v>, at: usize) -> All<'v> {
        let mut chosen = self.with(all, choice.branches[at]);
        chosen.taken.insert(choice.id);
        chosen.branch = Some(at);
        if choice.branches[at].side == all.at.side {
            chosen.at = choice.branches[at];
        }
        if choice.is_one {
            let others = choice.branches.iter().enumerate().filter(|(other, _)| *other != at);
            chosen.nots.extend(others.map(|(_, branch)| *branch));
        }
        chosen
    }
}
