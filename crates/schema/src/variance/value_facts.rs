//! The facts about the properties and elements of a value.

use std::collections::BTreeSet;

use artifact::{Kind, Value};

use super::facts::Facts;
use super::keyword;
use super::place::Place;
use super::types::Types;
use super::unnamed_properties::UnnamedProperties;
use super::walk::Walk;

impl<'v> Walk<'v> {
    /// Returns the required properties, with those that `dependentRequired` adds (Validation §6.5.3, §6.5.4).
    pub(super) fn required(&mut self, facts: &Facts<'v>, besides: &[&'v str]) -> BTreeSet<&'v str> {
        let names = facts.parts.iter().flat_map(|part| part.names("required"));
        let mut names: BTreeSet<&str> = names.map(|(name, _)| name).chain(besides.iter().copied()).collect();
        let dependent: Vec<(&str, Vec<&str>)> = facts
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

    /// Returns the schemas that apply to a property (Core §10.3.2), and whether the list is certainly complete.
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
        for rest in self.unnamed_properties(schema) {
            match self.is_evaluated(&rest, name) {
                Some(true) => {}
                Some(false) => goals.push(rest.goal),
                None => is_sure = false,
            }
        }
        (goals, is_sure)
    }

    fn is_evaluated(&mut self, rest: &UnnamedProperties<'v>, name: &str) -> Option<bool> {
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

    /// Returns the facts about a property.
    pub(super) fn property(&mut self, facts: &Facts<'v>, name: &'v str) -> Facts<'v> {
        let mut property = Facts::anything(facts.at);
        for part in &facts.parts {
            let (goals, _) = self.goals(*part, name);
            for goal in goals {
                self.join_below(&mut property, facts, goal);
            }
            if let Some(names) = part.get("propertyNames") {
                let text = Value::new(Kind::String(name.into()), 0..0);
                if self.evaluate(names, &text) == Some(false) {
                    property.types = Types::NONE;
                }
            }
        }
        property
    }

    /// Returns the facts about properties that no schema names: those that match a pattern, or those that match none.
    ///
    /// The names are known not to match the patterns in `unmatched`.
    pub(super) fn others(
        &mut self,
        facts: &Facts<'v>,
        matched: Option<&str>,
        unmatched: &[&str],
    ) -> Facts<'v> {
        let mut others = Facts::anything(facts.at);
        for part in &facts.parts {
            let patterns = part.entries("patternProperties");
            let own = patterns.iter().find(|(pattern, _)| matched == Some(*pattern));
            if let Some((_, goal)) = own {
                self.join_below(&mut others, facts, *goal);
            }
            for rest in self.unnamed_properties(*part) {
                let mut patterns = rest.evaluating.iter().flat_map(|part| part.entries("patternProperties"));
                // A name that matches none of its patterns is unnamed; any other may match one, or none.
                if patterns.all(|(pattern, _)| unmatched.contains(&pattern)) {
                    self.join_below(&mut others, facts, rest.goal);
                }
            }
        }
        others
    }

    /// Returns the facts about an element, or about those after every `prefixItems` (Core §10.3.1).
    pub(super) fn element(&mut self, facts: &Facts<'v>, at: Option<usize>) -> Facts<'v> {
        let mut element = Facts::anything(facts.at);
        for part in &facts.parts {
            let own = at.and_then(|at| part.list("prefixItems").get(at).copied());
            if let Some(goal) = own.or_else(|| keyword::items(*part)) {
                self.join_below(&mut element, facts, goal);
            }
        }
        element
    }

    /// Adds a schema; the place of the facts becomes that of the first schema on its side.
    fn join_below(&mut self, below: &mut Facts<'v>, facts: &Facts<'v>, goal: Place<'v>) {
        if below.parts.is_empty() && goal.side == facts.at.side {
            below.at = goal;
        }
        self.join(below, goal);
    }
}
