//! One schema, keyword by keyword: does what is known imply each?

use std::collections::BTreeSet;

use artifact::{Kind, Value};

use super::all::All;
use super::keyword;
use super::limit::Count;
use super::number::canonical;
use super::place::Place;
use super::types::Types;
use super::walk::Walk;
use super::words::Subject;

impl<'v> Walk<'v> {
    /// Holds what is known against every keyword of a schema.
    pub(super) fn requirements(&mut self, all: &All<'v>, goal: Place<'v>) -> bool {
        let types = self.types_of(all);
        let mut holds = true;
        let has = |keywords: &[&str]| keywords.iter().any(|keyword| goal.get(keyword).is_some());
        for entry in goal.map().into_iter().flat_map(|map| map.entries()) {
            if self.is_done() || !holds && self.is_quiet() {
                return false;
            }
            holds &= self.requirement(all, goal, &entry.key.name, goal.at(&entry.value), types);
        }
        if types.has(Types::OBJECT)
            && has(&["properties", "patternProperties", "additionalProperties", "unevaluatedProperties"])
        {
            holds &= self.properties_hold(all, goal);
        }
        if types.has(Types::ARRAY) && has(&["prefixItems", "items", "unevaluatedItems"]) {
            holds &= self.items_hold(all, goal);
        }
        if types.has(Types::ARRAY) {
            holds &= self.contains_holds(all, goal);
        }
        holds
    }

    fn requirement(
        &mut self,
        all: &All<'v>,
        schema: Place<'v>,
        keyword: &str,
        goal: Place<'v>,
        types: Types,
    ) -> bool {
        let of = |kind: Types| types.has(kind);
        match keyword {
            _ if !keyword::is_shaped(keyword, goal) => self.unclear(all, goal, keyword),
            "type" => self.type_holds(all, goal, types),
            "enum" | "const" => self.values_hold(all, goal, keyword),
            "$ref" | "$dynamicRef" => match self.referenced(schema, keyword) {
                Some(target) => self.within(all, target, Subject::Value),
                None => {
                    self.tell_unclear(all.near(keyword), goal, "where the reference leads");
                    false
                }
            },
            "allOf" => {
                let mut holds = true;
                for branch in schema.list("allOf") {
                    holds &= self.within(all, branch, Subject::Value);
                }
                holds
            }
            "anyOf" | "oneOf" | "not" | "propertyNames" | "dependentSchemas" | "dependencies"
                if self.stands(all, keyword, goal) =>
            {
                true
            }
            "anyOf" => self.any_holds(all, goal, false),
            "oneOf" => self.any_holds(all, goal, true),
            "not" => self.not_holds(all, goal),
            "if" => self.if_holds(all, schema),
            "minimum" => self.bound_holds(all, goal, "minimum", types),
            "maximum" => self.bound_holds(all, goal, "maximum", types),
            "exclusiveMinimum" => self.bound_holds(all, goal, "exclusiveMinimum", types),
            "exclusiveMaximum" => self.bound_holds(all, goal, "exclusiveMaximum", types),
            "multipleOf" => self.multiple_holds(all, goal, types),
            "minLength" => !of(Types::STRING) || self.count_holds(all, goal, Count::Length, true),
            "maxLength" => !of(Types::STRING) || self.count_holds(all, goal, Count::Length, false),
            "minItems" => !of(Types::ARRAY) || self.count_holds(all, goal, Count::Items, true),
            "maxItems" => !of(Types::ARRAY) || self.count_holds(all, goal, Count::Items, false),
            "minProperties" => !of(Types::OBJECT) || self.count_holds(all, goal, Count::Properties, true),
            "maxProperties" => !of(Types::OBJECT) || self.count_holds(all, goal, Count::Properties, false),
            "uniqueItems" => !of(Types::ARRAY) || self.unique_holds(all, goal),
            "required" => !of(Types::OBJECT) || self.required_holds(all, goal),
            "dependentRequired" => !of(Types::OBJECT) || self.dependent_required_holds(all, goal),
            "dependentSchemas" => !of(Types::OBJECT) || self.dependent_schemas_hold(all, goal),
            "propertyNames" => !of(Types::OBJECT) || self.property_names_hold(all, goal),
            "pattern" | "contentEncoding" | "contentMediaType" | "contentSchema" => {
                !of(Types::STRING) || self.text_holds(all, goal, keyword)
            }
            "format" => {
                let is_text = goal.value.as_str().is_some_and(keyword::is_of_texts);
                is_text && !of(Types::STRING) || self.text_holds(all, goal, keyword)
            }
            "$recursiveRef" | "dependencies" => self.unclear(all, goal, keyword),
            "unevaluatedProperties" if of(Types::OBJECT) && self.is_depending(schema) => {
                self.tell_unclear(all.near(keyword), goal, "what `unevaluatedProperties` looks at");
                false
            }
            "unevaluatedItems" if of(Types::ARRAY) && keyword::is_depending(schema) => {
                self.tell_unclear(all.near(keyword), goal, "what `unevaluatedItems` looks at");
                false
            }
            // The rest is judged together, or does not judge.
            _ => true,
        }
    }

    fn unclear(&mut self, all: &All<'v>, goal: Place<'v>, keyword: &str) -> bool {
        self.tell_unclear(all.near(keyword), goal, keyword);
        false
    }

    /// Whether one schema that is known to hold says the same under the same keyword.
    fn stands(&mut self, all: &All<'v>, keyword: &str, goal: Place<'v>) -> bool {
        all.parts
            .iter()
            .filter_map(|part| part.get(keyword))
            .any(|own| self.are_alike_under(keyword, own, goal))
    }

    /// `type` (Validation §6.1.1).
    fn type_holds(&mut self, all: &All<'v>, goal: Place<'v>, types: Types) -> bool {
        let Some(named) = Types::named(goal.value) else { return self.unclear(all, goal, "type") };
        let more = types.without(named);
        if !more.is_empty() {
            self.tell_types(all, goal, (types, named, more));
        }
        more.is_empty()
    }

    /// `enum` and `const` (Validation §6.1.2, §6.1.3).
    fn values_hold(&mut self, all: &All<'v>, goal: Place<'v>, keyword: &str) -> bool {
        let options = match keyword {
            "const" => std::slice::from_ref(goal.value),
            _ => goal.value.as_list().unwrap_or_default(),
        };
        self.charge(options.len());
        let options: BTreeSet<String> = options.iter().map(canonical).collect();
        let known = self.values_of(all);
        let holds =
            known.is_some_and(|known| known.into_iter().all(|value| options.contains(&canonical(value))));
        if !holds {
            self.tell_values(all, goal, keyword);
        }
        holds
    }

    /// Whether every one of the values is accepted; nothing, if that cannot be told one by one.
    pub(super) fn each_value(
        &mut self,
        all: &All<'v>,
        goal: Place<'v>,
        values: &[&'v Value],
    ) -> Option<bool> {
        let mut refused = Vec::new();
        for value in values {
            if !self.judge(goal, value)? {
                refused.push(*value);
            }
        }
        if !refused.is_empty() {
            self.tell_each(all, goal, &refused);
        }
        Some(refused.is_empty())
    }

    /// What says the same of texts only where it is the same.
    fn text_holds(&mut self, all: &All<'v>, goal: Place<'v>, keyword: &str) -> bool {
        let mut known = all.parts.iter().filter_map(|part| part.get(keyword));
        // A pattern that everything matches is none.
        let is_empty =
            keyword == "pattern" && matches!(&goal.value.kind, Kind::String(text) if text.is_empty());
        let holds = is_empty || known.any(|known| known.value.same(goal.value));
        if !holds {
            self.tell_text(all, goal, keyword);
        }
        holds
    }
}
