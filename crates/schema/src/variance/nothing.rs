//! What cannot be: types, and schemas that no value satisfies.

use artifact::{Kind, Value};

use super::all::All;
use super::limit::Count;
use super::number::Number;
use super::place::Place;
use super::types::Types;
use super::walk::Walk;
use super::words::Subject;

/// Elements that are looked at one by one when a list must have them.
const ELEMENTS: usize = 8;
/// How deep branches are followed for their types.
const TYPING: usize = 32;
/// How deep required properties and branches are looked into before nothing is said.
const DEEP: usize = 6;

static NULL: Value = Value { kind: Kind::Null, span: 0..0 };
static TRUE: Value = Value { kind: Kind::Bool(true), span: 0..0 };
static FALSE: Value = Value { kind: Kind::Bool(false), span: 0..0 };

impl<'v> Walk<'v> {
    /// The types that a value can have: never too few.
    pub(super) fn types_of(&mut self, all: &All<'v>) -> Types {
        self.charge(all.parts.len());
        let mut types = all.types;
        for part in &all.parts {
            types = types & self.types_in(*part);
        }
        if types.has(Types::NUMBER)
            && let (Some(lower), Some(upper)) = (self.lower(all, types), self.upper(all, types))
            && (upper.number.is_less(lower.number)
                || (lower.is_exclusive || upper.is_exclusive) && upper.number.is_at_most(lower.number))
        {
            types = types.without(Types::NUMBER);
        }
        for (count, kind) in
            [(Count::Length, Types::STRING), (Count::Items, Types::ARRAY), (Count::Properties, Types::OBJECT)]
        {
            if types.has(kind)
                && let Some(most) = self.most(all, count)
                && let Some(least) = self.least(all, count)
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
        // Where a schema leads back to itself or too far, every type is what may be said.
        self.types.insert(schema.id(), Types::ALL);
        if self.typing == TYPING {
            return Types::ALL;
        }
        self.typing += 1;
        let types = self.types_said(schema);
        self.typing -= 1;
        self.types.insert(schema.id(), types);
        types
    }

    fn types_said(&mut self, schema: Place<'v>) -> Types {
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
                let all = self.all(*branch);
                let of_branch = all.parts.iter().fold(all.types, |types, part| types & self.types_in(*part));
                any = any | of_branch;
            }
            types = if branches.is_empty() { types } else { types & any };
        }
        types
    }

    /// The values that are all there can be, where they can be counted.
    pub(super) fn values_of(&mut self, all: &All<'v>) -> Option<Vec<&'v Value>> {
        let types = self.types_of(all);
        let lists = all.parts.iter().filter_map(|part| enumerated(*part));
        let mut values = match lists.min_by_key(Vec::len) {
            Some(values) => values,
            None if types.without(Types::NULL | Types::BOOLEAN).is_empty() => vec![&NULL, &TRUE, &FALSE],
            None => return None,
        };
        values.retain(|value| {
            types.has(Types::of(value))
                && all.parts.iter().all(|part| self.judge(*part, value) != Some(false))
                && all.nots.iter().all(|not| self.judge(*not, value) != Some(true))
        });
        Some(values)
    }

    /// Whether no value can satisfy it; `false` where that cannot be told.
    pub(super) fn is_nothing(&mut self, all: &All<'v>) -> bool {
        if self.emptying == DEEP {
            return false;
        }
        self.emptying += 1;
        let is_nothing = self.quietly(|walk| walk.must_be_nothing(all));
        self.emptying -= 1;
        is_nothing
    }

    fn must_be_nothing(&mut self, all: &All<'v>) -> bool {
        if !self.charge(1 + all.parts.len()) {
            return false;
        }
        let types = self.types_of(all);
        if types.is_empty() {
            return true;
        }
        if let Some(values) = self.values_of(all) {
            return values.is_empty();
        }
        if types == Types::OBJECT {
            for name in self.required(all, &[]) {
                let property = self.property(all, name);
                if self.is_nothing_below(&property) {
                    return true;
                }
            }
        }
        if types == Types::ARRAY
            && let Some(least) = self.least(all, Count::Items)
        {
            for at in (0..ELEMENTS).take_while(|at| Number::whole(*at as i128).is_less(least.number)) {
                let element = self.element(all, Some(at));
                if self.is_nothing_below(&element) {
                    return true;
                }
            }
        }
        for choice in self.choices(all) {
            let mut branches = 0..choice.branches.len();
            if branches.all(|at| {
                let chosen = self.choose(all, &choice, at);
                self.is_nothing(&chosen)
            }) {
                return true;
            }
        }
        all.nots.iter().any(|not| all.parts.iter().any(|part| self.are_alike(*part, *not)))
            || all.nots.iter().any(|not| self.within(all, *not, Subject::Value))
    }
}

/// Whether a value stands in a schema, rather than being one that is always possible.
pub(super) fn stands(value: &Value) -> bool {
    ![&NULL, &TRUE, &FALSE].into_iter().any(|own| std::ptr::eq(own, value))
}

/// The values that `enum` and `const` let through (Validation §6.1.2, §6.1.3).
pub(super) fn enumerated(schema: Place<'_>) -> Option<Vec<&Value>> {
    let values = schema.get("enum").and_then(|place| place.value.as_list()).map(|list| list.iter().collect());
    let one = schema.get("const").map(|place| vec![place.value]);
    one.or(values)
}
