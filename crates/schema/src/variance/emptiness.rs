//! Possible types of a value, and schemas that no value satisfies.

use artifact::{Kind, Value};

use super::facts::Facts;
use super::limit::Count;
use super::messages::Subject;
use super::number::Number;
use super::place::Place;
use super::types::Types;
use super::walk::Walk;

/// The required elements of an array that are inspected one by one.
const MAX_ELEMENTS: usize = 8;
/// The nesting of branches that are followed to determine types.
const MAX_TYPING_DEPTH: usize = 32;
/// The nesting of required properties and branches that are inspected; below it, nothing is concluded.
const MAX_EMPTINESS_DEPTH: usize = 6;

static NULL: Value = Value::new(Kind::Null, 0..0);
static TRUE: Value = Value::new(Kind::Bool(true), 0..0);
static FALSE: Value = Value::new(Kind::Bool(false), 0..0);

impl<'v> Walk<'v> {
    /// Returns the possible types of a value, as an upper bound.
    pub(super) fn types_of(&mut self, facts: &Facts<'v>) -> Types {
        self.charge(facts.parts.len());
        let mut types = facts.types;
        for part in &facts.parts {
            types = types & self.types_in(*part);
        }
        if types.has(Types::NUMBER)
            && let (Some(lower), Some(upper)) = (self.lower(facts, types), self.upper(facts, types))
            && (upper.number.is_less(lower.number)
                || (lower.is_exclusive || upper.is_exclusive) && upper.number.is_at_most(lower.number))
        {
            types = types.without(Types::NUMBER);
        }
        for (count, kind) in
            [(Count::Length, Types::STRING), (Count::Items, Types::ARRAY), (Count::Properties, Types::OBJECT)]
        {
            if types.has(kind)
                && let Some(most) = self.most(facts, count)
                && let Some(least) = self.least(facts, count)
                && most.number.is_less(least.number)
            {
                types = types.without(kind);
            }
        }
        types
    }

    fn types_in(&mut self, schema: Place<'v>) -> Types {
        if let Some(types) = self.types.get(&schema.id()) {
            return *types;
        }
        // A recursive or deeply nested schema may accept every type.
        self.types.insert(schema.id(), Types::ALL);
        if self.typing_depth == MAX_TYPING_DEPTH {
            return Types::ALL;
        }
        self.typing_depth += 1;
        let types = self.declared_types(schema);
        self.typing_depth -= 1;
        self.types.insert(schema.id(), types);
        types
    }

    fn declared_types(&mut self, schema: Place<'v>) -> Types {
        let mut types = Types::ALL;
        if let Some(named) = schema.get("type").and_then(|place| Types::named(place.value)) {
            types = types & named;
        }
        let divisor = schema.get("multipleOf").and_then(|place| Number::of(place.value));
        if divisor.is_some_and(Number::is_whole) {
            types = types.without(Types::FRACTION);
        }
        if let Some(values) = enumerated(schema) {
            let every = values.iter().map(|value| Types::of(value));
            types = types & every.fold(Types::NONE, |types, other| types | other);
        }
        for keyword in ["anyOf", "oneOf"] {
            let branches = schema.list(keyword);
            let mut any = Types::NONE;
            for branch in &branches {
                let facts = self.facts(*branch);
                let of_branch =
                    facts.parts.iter().fold(facts.types, |types, part| types & self.types_in(*part));
                any = any | of_branch;
            }
            types = if branches.is_empty() { types } else { types & any };
        }
        types
    }

    /// Returns all possible values, if they are enumerable.
    pub(super) fn values_of(&mut self, facts: &Facts<'v>) -> Option<Vec<&'v Value>> {
        let types = self.types_of(facts);
        let lists = facts.parts.iter().filter_map(|part| enumerated(*part));
        let mut values = match lists.min_by_key(Vec::len) {
            Some(values) => values,
            None if types.without(Types::NULL | Types::BOOLEAN).is_empty() => vec![&NULL, &TRUE, &FALSE],
            None => return None,
        };
        values.retain(|value| {
            types.has(Types::of(value))
                && facts.parts.iter().all(|part| self.evaluate(*part, value) != Some(false))
                && facts.nots.iter().all(|not| self.evaluate(*not, value) != Some(true))
        });
        Some(values)
    }

    /// Returns whether no value can satisfy the facts; `false` if that cannot be determined.
    pub(super) fn is_unsatisfiable(&mut self, facts: &Facts<'v>) -> bool {
        if self.emptiness_depth == MAX_EMPTINESS_DEPTH {
            return false;
        }
        self.emptiness_depth += 1;
        let is_unsatisfiable = self.silently(|walk| walk.is_provably_unsatisfiable(facts));
        self.emptiness_depth -= 1;
        is_unsatisfiable
    }

    fn is_provably_unsatisfiable(&mut self, facts: &Facts<'v>) -> bool {
        if !self.charge(1 + facts.parts.len()) {
            return false;
        }
        let types = self.types_of(facts);
        if types.is_empty() {
            return true;
        }
        if let Some(values) = self.values_of(facts) {
            return values.is_empty();
        }
        if types == Types::OBJECT {
            for name in self.required(facts, &[]) {
                let property = self.property(facts, name);
                if self.is_unsatisfiable_below(&property) {
                    return true;
                }
            }
        }
        if types == Types::ARRAY
            && let Some(least) = self.least(facts, Count::Items)
        {
            for at in (0..MAX_ELEMENTS).take_while(|at| Number::whole(*at as i128).is_less(least.number)) {
                let element = self.element(facts, Some(at));
                if self.is_unsatisfiable_below(&element) {
                    return true;
                }
            }
        }
        for choice in self.choices(facts) {
            let mut branches = 0..choice.branches.len();
            if branches.all(|at| {
                let chosen = self.choose(facts, &choice, at);
                self.is_unsatisfiable(&chosen)
            }) {
                return true;
            }
        }
        facts.nots.iter().any(|not| facts.parts.iter().any(|part| self.are_equivalent(*part, *not)))
            || facts.nots.iter().any(|not| self.within(facts, *not, Subject::Value))
    }
}

/// Returns whether a value occurs in a schema, rather than being one of the constants above.
pub(super) fn is_explicit(value: &Value) -> bool {
    ![&NULL, &TRUE, &FALSE].into_iter().any(|own| std::ptr::eq(own, value))
}

/// Returns the values that `enum` and `const` accept (Validation §6.1.2, §6.1.3).
pub(super) fn enumerated(schema: Place<'_>) -> Option<Vec<&Value>> {
    let values = schema.get("enum").and_then(|place| place.value.as_list()).map(|list| list.iter().collect());
    let one = schema.get("const").map(|place| vec![place.value]);
    one.or(values)
}
