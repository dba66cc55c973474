//! Checks whether the facts imply a schema, keyword by keyword.

use std::collections::BTreeSet;

use artifact::{Kind, Value};

use super::facts::Facts;
use super::keyword;
use super::limit::Count;
use super::messages::Subject;
use super::number::canonical;
use super::place::Place;
use super::types::Types;
use super::walk::Walk;

impl<'v> Walk<'v> {
    /// Compares the facts with every keyword of a schema.
    pub(super) fn requirements(&mut self, facts: &Facts<'v>, goal: Place<'v>) -> bool {
        let types = self.types_of(facts);
        let mut is_implied = true;
        let has = |keywords: &[&str]| keywords.iter().any(|keyword| goal.get(keyword).is_some());
        for entry in goal.map().into_iter().flat_map(|map| map.entries()) {
            if self.is_done() || !is_implied && self.is_silent() {
                return false;
            }
            is_implied &= self.requirement(facts, goal, &entry.key.name, goal.at(&entry.value), types);
        }
        if types.has(Types::OBJECT)
            && has(&["properties", "patternProperties", "additionalProperties", "unevaluatedProperties"])
        {
            is_implied &= self.implies_properties(facts, goal);
        }
        if types.has(Types::ARRAY) && has(&["prefixItems", "items", "unevaluatedItems"]) {
            is_implied &= self.implies_items(facts, goal);
        }
        if types.has(Types::ARRAY) {
            is_implied &= self.implies_contains(facts, goal);
        }
        is_implied
    }

    fn requirement(
        &mut self,
        facts: &Facts<'v>,
        schema: Place<'v>,
        keyword: &str,
        goal: Place<'v>,
        types: Types,
    ) -> bool {
        let of = |kind: Types| types.has(kind);
        match keyword {
            _ if !keyword::is_shaped(keyword, goal) => self.unclear(facts, goal, keyword),
            "type" => self.implies_type(facts, goal, types),
            "enum" | "const" => self.implies_values(facts, goal, keyword),
            "$ref" | "$dynamicRef" => match self.referenced(schema, keyword) {
                Some(target) => self.within(facts, target, Subject::Value),
                None => {
                    self.report_unclear(facts.near(keyword), goal, "the target of the reference");
                    false
                }
            },
            "allOf" => {
                let mut is_implied = true;
                for branch in schema.list("allOf") {
                    is_implied &= self.within(facts, branch, Subject::Value);
                }
                is_implied
            }
            "anyOf" | "oneOf" | "not" | "propertyNames" | "dependentSchemas" | "dependencies"
                if self.has_equivalent(facts, keyword, goal) =>
            {
                true
            }
            "anyOf" => self.implies_any(facts, goal, false),
            "oneOf" => self.implies_any(facts, goal, true),
            "not" => self.implies_not(facts, goal),
            "if" => self.implies_if(facts, schema),
            "minimum" => self.implies_bound(facts, goal, "minimum", types),
            "maximum" => self.implies_bound(facts, goal, "maximum", types),
            "exclusiveMinimum" => self.implies_bound(facts, goal, "exclusiveMinimum", types),
            "exclusiveMaximum" => self.implies_bound(facts, goal, "exclusiveMaximum", types),
            "multipleOf" => self.implies_multiple(facts, goal, types),
            "minLength" => !of(Types::STRING) || self.implies_count(facts, goal, Count::Length, true),
            "maxLength" => !of(Types::STRING) || self.implies_count(facts, goal, Count::Length, false),
            "minItems" => !of(Types::ARRAY) || self.implies_count(facts, goal, Count::Items, true),
            "maxItems" => !of(Types::ARRAY) || self.implies_count(facts, goal, Count::Items, false),
            "minProperties" => !of(Types::OBJECT) || self.implies_count(facts, goal, Count::Properties, true),
            "maxProperties" => {
                !of(Types::OBJECT) || self.implies_count(facts, goal, Count::Properties, false)
            }
            "uniqueItems" => !of(Types::ARRAY) || self.implies_unique(facts, goal),
            "required" => !of(Types::OBJECT) || self.implies_required(facts, goal),
            "dependentRequired" => !of(Types::OBJECT) || self.implies_dependent_required(facts, goal),
            "dependentSchemas" => !of(Types::OBJECT) || self.implies_dependent_schemas(facts, goal),
            "propertyNames" => !of(Types::OBJECT) || self.implies_property_names(facts, goal),
            "pattern" | "contentEncoding" | "contentMediaType" | "contentSchema" => {
                !of(Types::STRING) || self.implies_string(facts, goal, keyword)
            }
            "format" => {
                let is_text = goal.value.as_str().is_some_and(keyword::is_of_strings);
                is_text && !of(Types::STRING) || self.implies_string(facts, goal, keyword)
            }
            "$recursiveRef" | "dependencies" => self.unclear(facts, goal, keyword),
            "unevaluatedProperties" if of(Types::OBJECT) && self.is_depending(schema) => {
                self.report_unclear(facts.near(keyword), goal, "the scope of `unevaluatedProperties`");
                false
            }
            "unevaluatedItems" if of(Types::ARRAY) && keyword::is_depending(schema) => {
                self.report_unclear(facts.near(keyword), goal, "the scope of `unevaluatedItems`");
                false
            }
            // All others are compared above, or assert nothing.
            _ => true,
        }
    }

    fn unclear(&mut self, facts: &Facts<'v>, goal: Place<'v>, keyword: &str) -> bool {
        self.report_unclear(facts.near(keyword), goal, keyword);
        false
    }

    /// Returns whether one of the facts has an equivalent value of the keyword.
    fn has_equivalent(&mut self, facts: &Facts<'v>, keyword: &str, goal: Place<'v>) -> bool {
        facts
            .parts
            .iter()
            .filter_map(|part| part.get(keyword))
            .any(|own| self.are_equivalent_under(keyword, own, goal))
    }

    /// `type` (Validation §6.1.1).
    fn implies_type(&mut self, facts: &Facts<'v>, goal: Place<'v>, types: Types) -> bool {
        let Some(named) = Types::named(goal.value) else { return self.unclear(facts, goal, "type") };
        let more = types.without(named);
        if !more.is_empty() {
            self.report_types(facts, goal, (types, named, more));
        }
        more.is_empty()
    }

    /// `enum` and `const` (Validation §6.1.2, §6.1.3).
    fn implies_values(&mut self, facts: &Facts<'v>, goal: Place<'v>, keyword: &str) -> bool {
        let options = match keyword {
            "const" => std::slice::from_ref(goal.value),
            _ => goal.value.as_list().unwrap_or_default(),
        };
        self.charge(options.len());
        let options: BTreeSet<String> = options.iter().map(canonical).collect();
        let known = self.values_of(facts);
        let is_implied =
            known.is_some_and(|known| known.into_iter().all(|value| options.contains(&canonical(value))));
        if !is_implied {
            self.report_values(facts, goal, keyword);
        }
        is_implied
    }

    /// Returns whether all values are accepted; `None` if that cannot be determined for one of them.
    pub(super) fn each_value(
        &mut self,
        facts: &Facts<'v>,
        goal: Place<'v>,
        values: &[&'v Value],
    ) -> Option<bool> {
        let mut rejected = Vec::new();
        for value in values {
            if !self.evaluate(goal, value)? {
                rejected.push(*value);
            }
        }
        if !rejected.is_empty() {
            self.report_each(facts, goal, &rejected);
        }
        Some(rejected.is_empty())
    }

    /// Keywords of strings, which are compared for equality only.
    fn implies_string(&mut self, facts: &Facts<'v>, goal: Place<'v>, keyword: &str) -> bool {
        let mut known = facts.parts.iter().filter_map(|part| part.get(keyword));
        // Every string matches the empty pattern.
        let is_empty =
            keyword == "pattern" && matches!(&goal.value.kind, Kind::String(text) if text.is_empty());
        let is_implied = is_empty || known.any(|known| known.value.same(goal.value));
        if !is_implied {
            self.report_string(facts, goal, keyword);
        }
        is_implied
    }
}
