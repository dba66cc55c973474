//! A value held against a part of a schema: yes, no, or cannot be told.

use artifact::{Kind, Value};
use serde_json::Value as Json;

use super::keyword::{self, LEAVES};
use super::number::{Number, canonical};
use super::place::Place;
use super::walk::Walk;

/// How deep references and branches are followed.
const DEEP: usize = 64;
/// What a keyword that has to be compiled costs, in steps.
const COMPILING: usize = 500;

/// Holds if all hold; one that does not hold decides, one that cannot be told spoils.
fn every(verdicts: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut sum = Some(true);
    for verdict in verdicts {
        match verdict {
            Some(false) => return Some(false),
            None => sum = None,
            Some(true) => {}
        }
    }
    sum
}

/// How many hold: at least, and at most.
fn count(verdicts: impl IntoIterator<Item = Option<bool>>) -> (usize, usize) {
    verdicts.into_iter().fold((0, 0), |(least, most), verdict| match verdict {
        Some(true) => (least + 1, most + 1),
        None => (least, most + 1),
        Some(false) => (least, most),
    })
}

impl<'v> Walk<'v> {
    /// Tells whether a schema accepts a value.
    pub(super) fn judge(&mut self, schema: Place<'v>, value: &Value) -> Option<bool> {
        self.judge_at(schema, value, DEEP)
    }

    fn judge_at(&mut self, schema: Place<'v>, value: &Value, deep: usize) -> Option<bool> {
        if let Some(truth) = schema.value.as_bool() {
            return Some(truth);
        }
        let map = schema.map()?;
        let deeper = deep.checked_sub(1)?;
        if !self.charge(1 + map.len()) {
            return None;
        }
        let mut verdicts = vec![self.judge_leaves(schema, value)];
        for entry in map.entries() {
            let keyword = entry.key.name.as_str();
            let branches = || schema.list(keyword);
            let verdict = match keyword {
                "$ref" | "$dynamicRef" => {
                    self.referenced(schema, keyword).and_then(|target| self.judge_at(target, value, deeper))
                }
                "allOf" => every(branches().into_iter().map(|branch| self.judge_at(branch, value, deeper))),
                "anyOf" => {
                    match count(branches().into_iter().map(|branch| self.judge_at(branch, value, deeper))) {
                        (1.., _) => Some(true),
                        (_, 0) => Some(false),
                        _ => None,
                    }
                }
                "oneOf" => {
                    match count(branches().into_iter().map(|branch| self.judge_at(branch, value, deeper))) {
                        (1, 1) => Some(true),
                        (2.., _) | (_, 0) => Some(false),
                        _ => None,
                    }
                }
                "not" => self.judge_at(schema.at(&entry.value), value, deeper).map(|truth| !truth),
                "if" => {
                    let mut branch = |keyword| {
                        schema.get(keyword).map_or(Some(true), |branch| self.judge_at(branch, value, deeper))
                    };
                    let (then, other) = (branch("then"), branch("else"));
                    match self.judge_at(schema.at(&entry.value), value, deeper) {
                        Some(true) => then,
                        Some(false) => other,
                        None if then == other => then,
                        None => None,
                    }
                }
                "$recursiveRef" | "dependencies" => None,
                "unevaluatedItems" if keyword::is_depending(schema) => None,
                "unevaluatedProperties" if self.is_depending(schema) => None,
                _ => continue,
            };
            verdicts.push(verdict);
        }
        match &value.kind {
            Kind::List(list) => verdicts.push(self.judge_elements(schema, list, deeper)),
            Kind::Map(map) => {
                for (name, dependent) in schema.entries("dependentSchemas") {
                    if map.get(name).is_some() {
                        verdicts.push(self.judge_at(dependent, value, deeper));
                    }
                }
                for entry in map.entries() {
                    verdicts.push(self.judge_property(schema, &entry.key.name, &entry.value, deeper));
                }
            }
            _ => {}
        }
        every(verdicts)
    }

    fn judge_property(&mut self, schema: Place<'v>, name: &str, value: &Value, deep: usize) -> Option<bool> {
        let (goals, is_sure) = self.goals(schema, name);
        let mut verdict = every(goals.into_iter().map(|goal| self.judge_at(goal, value, deep)));
        if !is_sure {
            verdict = None;
        }
        let names = schema.get("propertyNames");
        let name = Value { kind: Kind::String(name.into()), span: 0..0 };
        every([verdict, names.map_or(Some(true), |names| self.judge_at(names, &name, deep))])
    }

    fn judge_elements(&mut self, schema: Place<'v>, list: &[Value], deep: usize) -> Option<bool> {
        let prefix = schema.list("prefixItems");
        let rest = keyword::items(schema);
        let mut verdict = every(list.iter().enumerate().map(|(at, element)| {
            let goal = prefix.get(at).copied().or(rest);
            goal.map_or(Some(true), |goal| self.judge_at(goal, element, deep))
        }));
        if let Some(contains) = schema.get("contains") {
            let (least, most) = count(list.iter().map(|element| self.judge_at(contains, element, deep)));
            let limit = |keyword| schema.get(keyword).and_then(|place| Number::of(place.value));
            let number = |count: usize| Number::whole(count as i128);
            let min = limit("minContains").unwrap_or(Number::whole(1));
            let enough = match (min.is_at_most(number(least)), min.is_at_most(number(most))) {
                (true, _) => Some(true),
                (_, false) => Some(false),
                _ => None,
            };
            let few = limit("maxContains").map_or(Some(true), |max| {
                match (number(most).is_at_most(max), number(least).is_at_most(max)) {
                    (true, _) => Some(true),
                    (_, false) => Some(false),
                    _ => None,
                }
            });
            verdict = every([verdict, enough, few]);
        }
        verdict
    }

    /// Keywords that need no other schema: judged by the validator itself.
    fn judge_leaves(&mut self, schema: Place<'v>, value: &Value) -> Option<bool> {
        let id = schema.id();
        if let Some(constant) = schema.get("const")
            && canonical(constant.value) != canonical(value)
        {
            return Some(false);
        }
        if let Some(options) = schema.get("enum") {
            if !self.values.contains_key(&id) {
                let options = options.value.as_list()?;
                self.charge(options.len());
                self.values.insert(id, options.iter().map(canonical).collect());
            }
            if !self.values.get(&id)?.contains(&canonical(value)) {
                return Some(false);
            }
        }
        if !self.leaves.contains_key(&id) {
            let map = schema.map()?;
            let leaves = map.entries().filter(|entry| LEAVES.contains(&entry.key.name.as_str()));
            let leaves: serde_json::Map<String, Json> =
                leaves.map(|entry| (entry.key.name.clone(), crate::json(&entry.value))).collect();
            if !leaves.is_empty() && !self.charge(COMPILING) {
                return None;
            }
            self.leaves.insert(id, crate::options().build(&Json::Object(leaves)).ok());
        }
        Some(self.leaves.get(&id)?.as_ref()?.is_valid(&crate::json(value)))
    }

    /// Tells whether a name matches a pattern, as in `patternProperties` (Core §10.3.2.2).
    pub(super) fn matches(&mut self, pattern: &'v str, name: &str) -> Option<bool> {
        if !self.patterns.contains_key(pattern) {
            if !self.charge(COMPILING) {
                return None;
            }
            let schema = serde_json::json!({"pattern": pattern});
            self.patterns.insert(pattern, crate::options().build(&schema).ok());
        }
        self.charge(4 + name.len() / 64);
        Some(self.patterns.get(pattern)?.as_ref()?.is_valid(&Json::String(name.into())))
    }
}
