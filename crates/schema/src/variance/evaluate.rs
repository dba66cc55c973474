//! Evaluates a part of a schema on a value: valid, invalid, or unknown.

use artifact::{Kind, Value};
use serde_json::Value as Json;

use super::keyword::{self, LEAVES};
use super::number::{Number, canonical};
use super::place::Place;
use super::walk::Walk;

/// The nesting of references and branches that are followed.
const MAX_EVALUATION_DEPTH: usize = 64;
/// The cost of compiling a keyword, in steps.
const COMPILE_STEPS: usize = 500;

/// Returns the conjunction: one invalid result makes it invalid, else one unknown result makes it unknown.
fn every(results: impl IntoIterator<Item = Option<bool>>) -> Option<bool> {
    let mut sum = Some(true);
    for result in results {
        match result {
            Some(false) => return Some(false),
            None => sum = None,
            Some(true) => {}
        }
    }
    sum
}

/// Returns how many are valid: at least, and at most.
fn count(results: impl IntoIterator<Item = Option<bool>>) -> (usize, usize) {
    results.into_iter().fold((0, 0), |(least, most), result| match result {
        Some(true) => (least + 1, most + 1),
        None => (least, most + 1),
        Some(false) => (least, most),
    })
}

impl<'v> Walk<'v> {
    /// Returns whether a schema accepts a value; `None` if that cannot be determined.
    pub(super) fn evaluate(&mut self, schema: Place<'v>, value: &Value) -> Option<bool> {
        self.evaluate_at(schema, value, MAX_EVALUATION_DEPTH)
    }

    fn evaluate_at(&mut self, schema: Place<'v>, value: &Value, deep: usize) -> Option<bool> {
        if let Some(truth) = schema.value.as_bool() {
            return Some(truth);
        }
        let map = schema.map()?;
        let deeper = deep.checked_sub(1)?;
        if !self.charge(1 + map.len()) {
            return None;
        }
        let mut results = vec![self.evaluate_leaves(schema, value)];
        for entry in map.entries() {
            let keyword = entry.key.name.as_str();
            let branches = || schema.list(keyword);
            let result = match keyword {
                "$ref" | "$dynamicRef" => self
                    .referenced(schema, keyword)
                    .and_then(|target| self.evaluate_at(target, value, deeper)),
                "allOf" => {
                    every(branches().into_iter().map(|branch| self.evaluate_at(branch, value, deeper)))
                }
                "anyOf" => {
                    match count(branches().into_iter().map(|branch| self.evaluate_at(branch, value, deeper)))
                    {
                        (1.., _) => Some(true),
                        (_, 0) => Some(false),
                        _ => None,
                    }
                }
                "oneOf" => {
                    match count(branches().into_iter().map(|branch| self.evaluate_at(branch, value, deeper)))
                    {
                        (1, 1) => Some(true),
                        (2.., _) | (_, 0) => Some(false),
                        _ => None,
                    }
                }
                "not" => self.evaluate_at(schema.at(&entry.value), value, deeper).map(|truth| !truth),
                "if" => {
                    let mut branch = |keyword| {
                        schema
                            .get(keyword)
                            .map_or(Some(true), |branch| self.evaluate_at(branch, value, deeper))
                    };
                    let (then, other) = (branch("then"), branch("else"));
                    match self.evaluate_at(schema.at(&entry.value), value, deeper) {
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
            results.push(result);
        }
        match &value.kind {
            Kind::List(list) => results.push(self.evaluate_elements(schema, list, deeper)),
            Kind::Map(map) => {
                for (name, dependent) in schema.entries("dependentSchemas") {
                    if map.get(name).is_some() {
                        results.push(self.evaluate_at(dependent, value, deeper));
                    }
                }
                for entry in map.entries() {
                    results.push(self.evaluate_property(schema, &entry.key.name, &entry.value, deeper));
                }
            }
            _ => {}
        }
        every(results)
    }

    fn evaluate_property(
        &mut self,
        schema: Place<'v>,
        name: &str,
        value: &Value,
        deep: usize,
    ) -> Option<bool> {
        let (goals, is_sure) = self.goals(schema, name);
        let mut result = every(goals.into_iter().map(|goal| self.evaluate_at(goal, value, deep)));
        if !is_sure {
            result = None;
        }
        let names = schema.get("propertyNames");
        let name = Value::new(Kind::String(name.into()), 0..0);
        every([result, names.map_or(Some(true), |names| self.evaluate_at(names, &name, deep))])
    }

    fn evaluate_elements(&mut self, schema: Place<'v>, list: &[Value], deep: usize) -> Option<bool> {
        let prefix = schema.list("prefixItems");
        let rest = keyword::items(schema);
        let mut result = every(list.iter().enumerate().map(|(at, element)| {
            let goal = prefix.get(at).copied().or(rest);
            goal.map_or(Some(true), |goal| self.evaluate_at(goal, element, deep))
        }));
        if let Some(contains) = schema.get("contains") {
            let (least, most) = count(list.iter().map(|element| self.evaluate_at(contains, element, deep)));
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
            result = every([result, enough, few]);
        }
        result
    }

    /// Evaluates the keywords without subschemas, by the validator itself.
    fn evaluate_leaves(&mut self, schema: Place<'v>, value: &Value) -> Option<bool> {
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
            if !leaves.is_empty() && !self.charge(COMPILE_STEPS) {
                return None;
            }
            self.leaves.insert(id, crate::options().build(&Json::Object(leaves)).ok());
        }
        Some(self.leaves.get(&id)?.as_ref()?.is_valid(&crate::json(value)))
    }

    /// Returns whether a name matches a pattern, as in `patternProperties` (Core §10.3.2.2).
    pub(super) fn matches(&mut self, pattern: &'v str, name: &str) -> Option<bool> {
        if !self.patterns.contains_key(pattern) {
            if !self.charge(COMPILE_STEPS) {
                return None;
            }
            let schema = serde_json::json!({"pattern": pattern});
            self.patterns.insert(pattern, crate::options().build(&schema).ok());
        }
        self.charge(4 + name.len() / 64);
        Some(self.patterns.get(pattern)?.as_ref()?.is_valid(&Json::String(name.into())))
    }
}
