//! The facts known about a value: schemas that it satisfies, and schemas that it does not.

use std::collections::BTreeSet;

use super::place::Place;
use super::types::Types;
use super::walk::Walk;

/// The schemas that one value satisfies, split at `allOf` and references.
#[derive(Clone)]
pub(super) struct Facts<'v> {
    /// The place that messages refer to.
    pub(super) at: Place<'v>,
    /// The schemas, each an object, in the order of discovery.
    pub(super) parts: Vec<Place<'v>>,
    ids: BTreeSet<usize>,
    /// Schemas that the value does not satisfy: the other branches of a `oneOf`, a condition in its `else`.
    pub(super) nots: Vec<Place<'v>>,
    /// The arrays of branches of which one was chosen already.
    pub(super) taken: BTreeSet<usize>,
    /// The types under consideration.
    pub(super) types: Types,
    /// The branch that was chosen last, which is tried first on the other side.
    pub(super) branch: Option<usize>,
}

/// The question whether values that satisfy the facts satisfy a goal.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Query {
    parts: Vec<usize>,
    nots: Vec<usize>,
    taken: Vec<usize>,
    types: Types,
    goal: usize,
}

impl<'v> Facts<'v> {
    /// Returns the facts about an arbitrary value.
    pub(super) fn anything(at: Place<'v>) -> Facts<'v> {
        Facts {
            at,
            parts: Vec::new(),
            ids: BTreeSet::new(),
            nots: Vec::new(),
            taken: BTreeSet::new(),
            types: Types::ALL,
            branch: None,
        }
    }

    pub(super) fn query(&self, goal: Place<'v>) -> Query {
        let mut nots: Vec<usize> = self.nots.iter().map(|place| place.id()).collect();
        nots.sort_unstable();
        nots.dedup();
        Query {
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

    pub(super) fn contains(&self, place: Place<'v>) -> bool {
        self.ids.contains(&place.id())
    }

    /// Returns the place for a message: the first value of a keyword, or the place of the facts.
    pub(super) fn near(&self, keyword: &str) -> Place<'v> {
        let mut own = self.parts.iter().filter(|part| part.side == self.at.side);
        own.find_map(|part| part.get(keyword)).unwrap_or(self.at)
    }
}

/// Branches of which the value satisfies at least one.
pub(super) struct Choice<'v> {
    pub(super) branches: Vec<Place<'v>>,
    /// Whether the value satisfies exactly one.
    pub(super) is_one: bool,
    pub(super) id: usize,
}

impl<'v> Walk<'v> {
    /// Returns the facts about values of a schema.
    pub(super) fn facts(&mut self, schema: Place<'v>) -> Facts<'v> {
        let mut facts = Facts::anything(schema);
        self.join(&mut facts, schema);
        facts
    }

    /// Returns the facts extended by another schema.
    pub(super) fn with(&mut self, facts: &Facts<'v>, schema: Place<'v>) -> Facts<'v> {
        self.charge(facts.parts.len() / 4);
        let mut facts = facts.clone();
        self.join(&mut facts, schema);
        facts
    }

    /// Adds a schema. Parts that cannot be read or followed are omitted, which weakens the facts but keeps them true.
    pub(super) fn join(&mut self, facts: &mut Facts<'v>, schema: Place<'v>) {
        let mut rest = vec![schema];
        while let Some(part) = rest.pop() {
            if part.value.as_bool() == Some(false) {
                facts.types = Types::NONE;
            }
            if part.map().is_none() || !self.charge(1) || !facts.ids.insert(part.id()) {
                continue;
            }
            facts.parts.push(part);
            facts.nots.extend(part.get("not"));
            for keyword in ["$ref", "$dynamicRef"] {
                rest.extend(self.referenced(part, keyword));
            }
            rest.extend(part.list("allOf").into_iter().rev());
        }
    }

    /// Returns the target of a reference.
    pub(super) fn referenced(&self, schema: Place<'v>, keyword: &str) -> Option<Place<'v>> {
        let reference = schema.get(keyword)?.value.as_str()?;
        Some(schema.at(self.document(schema.side).resolve(reference)?))
    }

    /// Returns the choices that are still open.
    pub(super) fn choices(&self, facts: &Facts<'v>) -> Vec<Choice<'v>> {
        let mut choices = Vec::new();
        for part in &facts.parts {
            for (keyword, is_one) in [("anyOf", false), ("oneOf", true)] {
                let Some(list) = part.get(keyword) else { continue };
                let branches = part.list(keyword);
                if !branches.is_empty() && !facts.taken.contains(&list.id()) {
                    choices.push(Choice { branches, is_one, id: list.id() });
                }
            }
        }
        choices
    }

    /// Returns the facts extended by one branch of a choice.
    pub(super) fn choose(&mut self, facts: &Facts<'v>, choice: &Choice<'v>, at: usize) -> Facts<'v> {
        let mut chosen = self.with(facts, choice.branches[at]);
        chosen.taken.insert(choice.id);
        chosen.branch = Some(at);
        if choice.branches[at].side == facts.at.side {
            chosen.at = choice.branches[at];
        }
        if choice.is_one {
            let others = choice.branches.iter().enumerate().filter(|(other, _)| *other != at);
            chosen.nots.extend(others.map(|(_, branch)| *branch));
        }
        chosen
    }
}
