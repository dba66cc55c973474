//! Keywords of objects: allowed properties, required properties, and their schemas.

use std::collections::BTreeSet;

use artifact::{Kind, Value};

use super::facts::Facts;
use super::messages::Subject;
use super::place::Place;
use super::types::Types;
use super::unnamed_properties::UnnamedProperties;
use super::walk::Walk;

impl<'v> Walk<'v> {
    /// `properties`, `patternProperties` and `additionalProperties` of one schema (Core §10.3.2).
    pub(super) fn implies_properties(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> bool {
        let mut is_implied = true;
        for name in self.names(facts, goal) {
            let (goals, is_sure) = self.goals(goal, name);
            if goals.is_empty() && is_sure {
                continue;
            }
            let known = self.property(facts, name);
            if !is_sure && !self.is_unsatisfiable_below(&known) {
                self.report_unclear(known.at, goal, "patternProperties");
                is_implied = false;
            }
            let is_named =
                |schema: &Place<'v>| schema.get("properties").and_then(|facts| facts.get(name)).is_some();
            let is_new = is_named(&goal) && !facts.parts.iter().any(is_named) && known.is_anything();
            for goal in goals {
                // Reported once, instead of keyword by keyword.
                is_implied &= if is_new && !self.is_silent() && goal.map().is_some() {
                    self.implies_open_property(&known, goal, name)
                } else {
                    self.below(&known, goal, Subject::Property(name))
                };
            }
            if self.is_silent() && !is_implied || self.is_done() {
                return false;
            }
        }
        for (pattern, goal) in goal.entries("patternProperties") {
            let known = self.others(facts, Some(pattern), &[]);
            is_implied &= self.below(&known, goal, Subject::Matching(pattern));
        }
        for rest in self.unnamed_properties(goal) {
            is_implied &= self.implies_unnamed(facts, &rest);
        }
        is_implied
    }

    /// Compares the schemas of properties that neither side names.
    fn implies_unnamed(&mut self, facts: &Facts<'v>, rest: &UnnamedProperties<'v>) -> bool {
        let ours = rest.evaluating.iter().flat_map(|part| part.entries("patternProperties"));
        let ours: Vec<&str> = ours.map(|(pattern, _)| pattern).collect();
        let theirs = facts.parts.iter().flat_map(|part| part.entries("patternProperties"));
        let foreign: BTreeSet<&str> =
            theirs.map(|(pattern, _)| pattern).filter(|pattern| !ours.contains(pattern)).collect();
        let mut is_implied = true;
        for pattern in &foreign {
            let known = self.others(facts, Some(pattern), &ours);
            is_implied &= self.below(&known, rest.goal, Subject::Matching(pattern));
        }
        let unmatched: Vec<&str> = ours.iter().chain(&foreign).copied().collect();
        let known = self.others(facts, None, &unmatched);
        self.below(&known, rest.goal, Subject::Others) && is_implied
    }

    /// Compares a property without known facts.
    fn implies_open_property(&mut self, known: &Facts<'v>, goal: Place<'v>, name: &str) -> bool {
        let is_implied = self.silently(|walk| walk.below(known, goal, Subject::Value));
        if !is_implied {
            self.report_open(known, goal, name);
        }
        is_implied
    }

    /// Returns every property that either side names.
    fn names(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> Vec<&'v str> {
        let mut seen = BTreeSet::new();
        let evaluating: Vec<Place<'v>> =
            self.unnamed_properties(goal).into_iter().flat_map(|rest| rest.evaluating).collect();
        let schemas = std::iter::once(&goal).chain(&evaluating).chain(&facts.parts);
        let names: Vec<&str> = schemas
            .flat_map(|schema| schema.entries("properties"))
            .map(|(name, _)| name)
            .filter(|name| seen.insert(*name))
            .collect();
        self.charge(names.len());
        names
    }

    /// `required` (Validation §6.5.3).
    pub(super) fn implies_required(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> bool {
        let known = self.required(facts, &[]);
        let Some(list) = goal.value.as_list() else {
            self.report_unclear(facts.near("required"), goal, "required");
            return false;
        };
        let mut is_implied = true;
        for place in list.iter().map(|value| goal.at(value)) {
            match place.value.as_str() {
                Some(name) if known.contains(name) => {}
                Some(name) => {
                    self.report_required(facts, place, name);
                    is_implied = false;
                }
                None => is_implied = false,
            }
        }
        is_implied
    }

    /// `dependentRequired` (Validation §6.5.4).
    pub(super) fn implies_dependent_required(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> bool {
        let mut is_implied = true;
        for entry in goal.map().into_iter().flat_map(|map| map.entries()) {
            let trigger = entry.key.name.as_str();
            let known = self.required(facts, &[trigger]);
            let Some(list) = entry.value.as_list() else {
                self.report_unclear(facts.near("dependentRequired"), goal, "dependentRequired");
                return false;
            };
            let missing: Vec<&'v str> =
                list.iter().filter_map(Value::as_str).filter(|name| !known.contains(name)).collect();
            if missing.is_empty() || self.cannot_have(facts, trigger) {
                continue;
            }
            for name in missing {
                self.report_dependent(facts, goal.at(&entry.value), trigger, name);
            }
            is_implied = false;
        }
        is_implied
    }

    /// `dependentSchemas` (Core §10.2.2.4).
    pub(super) fn implies_dependent_schemas(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> bool {
        let mut is_implied = true;
        for entry in goal.map().into_iter().flat_map(|map| map.entries()) {
            let trigger = entry.key.name.as_str();
            if self.cannot_have(facts, trigger) {
                continue;
            }
            let mut known = facts.clone();
            for part in &facts.parts {
                let own = part.get("dependentSchemas").and_then(|place| place.get(trigger));
                if let Some(own) = own {
                    self.join(&mut known, own);
                }
            }
            // It applies to objects only.
            known.types = known.types & Types::OBJECT;
            is_implied &= self.within(&known, goal.at(&entry.value), Subject::With(trigger));
        }
        is_implied
    }

    /// `propertyNames` (Core §10.3.2.4).
    pub(super) fn implies_property_names(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> bool {
        let mut known = Facts::anything(facts.near("propertyNames"));
        known.types = Types::STRING;
        for part in &facts.parts {
            if let Some(names) = part.get("propertyNames") {
                self.join(&mut known, names);
            }
        }
        self.inside(|walk| walk.silently(|walk| walk.within(&known, goal, Subject::Names)))
            || self.allows_every_name(facts, goal)
            || self.below(&known, goal, Subject::Names)
    }

    /// Returns whether only named properties are possible, and the schema accepts all their names.
    fn allows_every_name(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> bool {
        // Without patterns, these are all properties that no schema names.
        let others = self.others(facts, None, &[]);
        if !self.is_unsatisfiable_below(&others) {
            return false;
        }
        let names = self.names(facts, goal);
        names.into_iter().all(|name| {
            let text = Value::new(Kind::String(name.into()), 0..0);
            self.evaluate(goal, &text) == Some(true) || self.cannot_have(facts, name)
        })
    }

    /// Returns whether a property is impossible.
    fn cannot_have(&mut self, facts: &Facts<'v>, name: &'v str) -> bool {
        let property = self.property(facts, name);
        self.is_unsatisfiable_below(&property)
    }
}
