//! What is known of a value's properties and elements.

use std::collections::BTreeSet;

use artifact::{Kind, Value};

use super::all::All;
use super::keyword;
use super::place::Place;
use super::rest::Rest;
use super::types::Types;
use super::walk::Walk;

impl<'v> Walk<'v> {
    /// The names that must be there, with those that `dependentRequired` adds (Validation §6.5.3, §6.5.4).
    pub(super) fn required(&mut self, all: &All<'v>, besides: &[&'v str]) -> BTreeSet<&'v str> {
        let names = all.parts.iter().flat_map(|part| part.names("required"));
        let mut names: BTreeSet<&str> = names.map(|(name, _)| name).chain(besides.iter().copied()).collect();
        let dependent: Vec<(&str, Vec<&str>)> = all
            .parts
            .iter()
            .filter_map(|part| part.get("dependentRequired"))
            .flat_map(|place| place.map().into_iter().flat_map(move |map| map.entries()))
            .map(|entry| {
                let list = entry.value.as_list().unwrap_or_default();
                (entry.key.name.as_str(), list.iter().filter_map(Value::as_str).collect())
            })
            .collect();
        loop {
            let before = names.len();
            self.charge(1 + dependent.len());
            let added = dependent.iter().filter(|(name, _)| names.contains(name));
            let added: Vec<&str> = added.flat_map(|(_, list)| list.iter().copied()).collect();
            names.extend(added);
            if names.len() == before {
                return names;
            }
        }
    }

    /// The schemas that one schema holds a property against (Core §10.3.2), and whether it is sure that there is no other.
    pub(super) fn goals(&mut self, schema: Place<'v>, name: &str) -> (Vec<Place<'v>>, bool) {
        let mut goals: Vec<Place<'v>> = Vec::new();
        let mut is_sure = true;
        goals.extend(schema.get("properties").and_then(|properties| properties.get(name)));
        for (pattern, goal) in schema.entries("patternProperties") {
            match self.matches(pattern, name) {
                Some(true) => goals.push(goal),
                Some(false) => {}
                None => is_sure = false,
            }
        }
        if !is_sure {
            return (goals, false);
        }
        for rest in self.rests(schema) {
            match self.is_evaluated(&rest, name) {
                Some(true) => {}
                Some(false) => goals.push(rest.goal),
                None => is_sure = false,
            }
        }
        (goals, is_sure)
    }

    fn is_evaluated(&mut self, rest: &Rest<'v>, name: &str) -> Option<bool> {
        for part in &rest.evaluating {
            if part.get("properties").is_some_and(|properties| properties.get(name).is_some()) {
                return Some(true);
            }
            for (pattern, _) in part.entries("patternProperties") {
                if self.matches(pattern, name)? {
                    return Some(true);
                }
            }
        }
        Some(false)
    }

    /// What is known of a property.
    pub(super) fn property(&mut self, all: &All<'v>, name: &'v str) -> All<'v> {
        let mut property = All::anything(all.at);
        for part in &all.parts {
            let (goals, _) = self.goals(*part, name);
            for goal in goals {
                self.join_below(&mut property, all, goal);
            }
            if let Some(names) = part.get("propertyNames") {
                let text = Value { kind: Kind::String(name.into()), span: 0..0 };
                if self.judge(names, &text) == Some(false) {
                    property.types = Types::NONE;
                }
            }
        }
        property
    }

    /// What is known of every property that no schema names: of those that match a pattern, or of those that match none.
    ///
    /// `unmatched` are patterns that the names are known not to match.
    pub(super) fn others(&mut self, all: &All<'v>, matched: Option<&str>, unmatched: &[&str]) -> All<'v> {
        let mut others = All::anything(all.at);
        for part in &all.parts {
            let patterns = part.entries("patternProperties");
            let own = patterns.iter().find(|(pattern, _)| matched == Some(*pattern));
            if let Some((_, goal)) = own {
                self.join_below(&mut others, all, *goal);
            }
            for rest in self.rests(*part) {
                let mut patterns = rest.evaluating.iter().flat_map(|part| part.entries("patternProperties"));
                // Matching none of its patterns, a name is of the rest; else it may match one, or none.
                if patterns.all(|(pattern, _)| unmatched.contains(&pattern)) {
                    self.join_below(&mut others, all, rest.goal);
                }
            }
        }
        others
    }

    /// What is known of an element, or of those behind every `prefixItems` (Core §10.3.1).
    pub(super) fn element(&mut self, all: &All<'v>, at: Option<usize>) -> All<'v> {
        let mut element = All::anything(all.at);
        for part in &all.parts {
            let own = at.and_then(|at| part.list("prefixItems").get(at).copied());
            if let Some(goal) = own.or_else(|| keyword::items(*part)) {
                self.join_below(&mut element, all, goal);
            }
        }
        element
    }

    /// Adds what is known, told to stand where the first schema of its side stands.
    fn join_below(&mut self, below: &mut All<'v>, all: &All<'v>, goal: Place<'v>) {
        if below.parts.is_empty() && goal.side == all.at.side {
            below.at = goal;
        }
        self.join(below, goal);
    }
}
