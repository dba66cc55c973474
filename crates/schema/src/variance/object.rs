//! Maps: which properties there may be, which there must be, and what they are.

use std::collections::BTreeSet;

use artifact::{Kind, Value};

use super::all::All;
use super::place::Place;
use super::rest::Rest;
use super::types::Types;
use super::walk::Walk;
use super::words::Subject;

impl<'v> Walk<'v> {
    /// `properties`, `patternProperties` and `additionalProperties` of one schema (Core §10.3.2).
    pub(super) fn properties_hold(&mut self, all: &All<'v>, goal: Place<'v>) -> bool {
        let mut holds = true;
        for name in self.names(all, goal) {
            let (goals, is_sure) = self.goals(goal, name);
            if goals.is_empty() && is_sure {
                continue;
            }
            let known = self.property(all, name);
            if !is_sure && !self.is_nothing_below(&known) {
                self.tell_unclear(known.at, goal, "patternProperties");
                holds = false;
            }
            let is_named =
                |schema: &Place<'v>| schema.get("properties").and_then(|all| all.get(name)).is_some();
            let is_new = is_named(&goal) && !all.parts.iter().any(is_named) && known.is_anything();
            for goal in goals {
                // Said once, and not keyword by keyword.
                holds &= match is_new && !self.is_quiet() && goal.map().is_some() {
                    true => self.open_property_holds(&known, goal, name),
                    false => self.below(&known, goal, Subject::Property(name)),
                };
            }
            if self.is_quiet() && !holds || self.is_done() {
                return false;
            }
        }
        for (pattern, goal) in goal.entries("patternProperties") {
            let known = self.others(all, Some(pattern), &[]);
            holds &= self.below(&known, goal, Subject::Matching(pattern));
        }
        for rest in self.rests(goal) {
            holds &= self.rest_holds(all, &rest);
        }
        holds
    }

    /// What a schema says of properties that neither side names.
    fn rest_holds(&mut self, all: &All<'v>, rest: &Rest<'v>) -> bool {
        let ours = rest.evaluating.iter().flat_map(|part| part.entries("patternProperties"));
        let ours: Vec<&str> = ours.map(|(pattern, _)| pattern).collect();
        let theirs = all.parts.iter().flat_map(|part| part.entries("patternProperties"));
        let foreign: BTreeSet<&str> =
            theirs.map(|(pattern, _)| pattern).filter(|pattern| !ours.contains(pattern)).collect();
        let mut holds = true;
        for pattern in &foreign {
            let known = self.others(all, Some(pattern), &ours);
            holds &= self.below(&known, rest.goal, Subject::Matching(pattern));
        }
        let unmatched: Vec<&str> = ours.iter().chain(&foreign).copied().collect();
        let known = self.others(all, None, &unmatched);
        self.below(&known, rest.goal, Subject::Others) && holds
    }

    /// A property of which nothing is known.
    fn open_property_holds(&mut self, known: &All<'v>, goal: Place<'v>, name: &str) -> bool {
        let holds = self.quietly(|walk| walk.below(known, goal, Subject::Value));
        if !holds {
            self.tell_open(known, goal, name);
        }
        holds
    }

    /// Every name that either side speaks of.
    fn names(&mut self, all: &All<'v>, goal: Place<'v>) -> Vec<&'v str> {
        let mut seen = BTreeSet::new();
        let evaluating: Vec<Place<'v>> =
            self.rests(goal).into_iter().flat_map(|rest| rest.evaluating).collect();
        let schemas = std::iter::once(&goal).chain(&evaluating).chain(&all.parts);
        let names: Vec<&str> = schemas
            .flat_map(|schema| schema.entries("properties"))
            .map(|(name, _)| name)
            .filter(|name| seen.insert(*name))
            .collect();
        self.charge(names.len());
        names
    }

    /// `required` (Validation §6.5.3).
    pub(super) fn required_holds(&mut self, all: &All<'v>, goal: Place<'v>) -> bool {
        let known = self.required(all, &[]);
        let Some(list) = goal.value.as_list() else {
            self.tell_unclear(all.near("required"), goal, "required");
            return false;
        };
        let mut holds = true;
        for place in list.iter().map(|value| goal.at(value)) {
            match place.value.as_str() {
                Some(name) if known.contains(name) => {}
                Some(name) => {
                    self.tell_required(all, place, name);
                    holds = false;
                }
                None => holds = false,
            }
        }
        holds
    }

    /// `dependentRequired` (Validation §6.5.4).
    pub(super) fn dependent_required_holds(&mut self, all: &All<'v>, goal: Place<'v>) -> bool {
        let mut holds = true;
        for entry in goal.map().into_iter().flat_map(|map| map.entries()) {
            let trigger = entry.key.name.as_str();
            let known = self.required(all, &[trigger]);
            let Some(list) = entry.value.as_list() else {
                self.tell_unclear(all.near("dependentRequired"), goal, "dependentRequired");
                return false;
            };
            let missing: Vec<&'v str> =
                list.iter().filter_map(Value::as_str).filter(|name| !known.contains(name)).collect();
            if missing.is_empty() || self.cannot_have(all, trigger) {
                continue;
            }
            for name in missing {
                self.tell_dependent(all, goal.at(&entry.value), trigger, name);
            }
            holds = false;
        }
        holds
    }

    /// `dependentSchemas` (Core §10.2.2.4).
    pub(super) fn dependent_schemas_hold(&mut self, all: &All<'v>, goal: Place<'v>) -> bool {
        let mut holds = true;
        for entry in goal.map().into_iter().flat_map(|map| map.entries()) {
            let trigger = entry.key.name.as_str();
            if self.cannot_have(all, trigger) {
                continue;
            }
            let mut known = all.clone();
            for part in &all.parts {
                let own = part.get("dependentSchemas").and_then(|place| place.get(trigger));
                if let Some(own) = own {
                    self.join(&mut known, own);
                }
            }
            // It speaks of maps alone.
            known.types = known.types & Types::OBJECT;
            holds &= self.within(&known, goal.at(&entry.value), Subject::With(trigger));
        }
        holds
    }

    /// `propertyNames` (Core §10.3.2.4).
    pub(super) fn property_names_hold(&mut self, all: &All<'v>, goal: Place<'v>) -> bool {
        let mut known = All::anything(all.near("propertyNames"));
        known.types = Types::STRING;
        for part in &all.parts {
            if let Some(names) = part.get("propertyNames") {
                self.join(&mut known, names);
            }
        }
        self.inside(|walk| walk.quietly(|walk| walk.within(&known, goal, Subject::Names)))
            || self.every_name(all, goal)
            || self.below(&known, goal, Subject::Names)
    }

    /// Whether only named properties can be there, and every one of their names will do.
    fn every_name(&mut self, all: &All<'v>, goal: Place<'v>) -> bool {
        // Without a pattern that is known not to match, these are all whose names are not spelled out.
        let others = self.others(all, None, &[]);
        if !self.is_nothing_below(&others) {
            return false;
        }
        let names = self.names(all, goal);
        names.into_iter().all(|name| {
            let text = Value { kind: Kind::String(name.into()), span: 0..0 };
            self.judge(goal, &text) == Some(true) || self.cannot_have(all, name)
        })
    }

    /// Whether a property cannot be there.
    fn cannot_have(&mut self, all: &All<'v>, name: &'v str) -> bool {
        let property = self.property(all, name);
        self.is_nothing_below(&property)
    }
}
