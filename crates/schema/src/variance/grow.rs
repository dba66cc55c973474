//! Contracts of emitted documents: they may gain optional fields, and nothing else changes.

use std::collections::BTreeSet;

use super::keyword::{self, Shape, shape};
use super::messages::tick;
use super::number::canonical;
use super::place::Place;
use super::types::Types;
use super::walk::Walk;

impl<'v> Walk<'v> {
    /// Compares two contracts and reports every change except new optional fields.
    pub(super) fn grow(&mut self, old: Place<'v>, new: Place<'v>) {
        let mut met = BTreeSet::new();
        self.grow_at(old, new, &mut met, super::MAX_SCHEMA_DEPTH);
    }

    fn grow_at(&mut self, old: Place<'v>, new: Place<'v>, met: &mut BTreeSet<(usize, usize)>, deep: usize) {
        let (old, new) = (self.followed(old), self.followed(new));
        if self.is_done()
            || !self.count()
            || !met.insert((old.id(), new.id()))
            || self.are_equivalent(old, new)
        {
            return;
        }
        let Some(deeper) = deep.checked_sub(1) else {
            return self.report_unclear(old, new, "the part below 64 nested schemas");
        };
        let (Some(before), Some(after)) = (old.map(), new.map()) else {
            if !self.is_same(old, new) {
                let both = format!("from {} to {}", old.value.show(), new.value.show());
                self.report_break(old, new, format!("this schema changed {both}"));
            }
            return;
        };
        if self.has_other_scope(old, new) && !self.is_same(old, new) {
            self.report_unclear(old, new, "the scope of `unevaluatedProperties` or `unevaluatedItems`");
        }
        let gone = before.entries().filter(|entry| after.get(&entry.key.name).is_none());
        let keywords: Vec<&'v str> =
            after.entries().chain(gone).map(|entry| entry.key.name.as_str()).collect();
        for keyword in keywords {
            match (keyword, old.get(keyword), new.get(keyword)) {
                ("properties", before, after) => self.fields((old, before), (new, after), met, deeper),
                ("required", ..) => self.same_required(old, new),
                (keyword, Some(before), Some(after)) => {
                    self.same_keyword(keyword, before, after, met, deeper);
                }
                (keyword, before, after) if asserts(keyword) => {
                    self.check_one_sided(keyword, (old, before), (new, after));
                }
                _ => {}
            }
        }
    }

    /// Returns whether other properties or elements may count as evaluated, and a keyword depends on that.
    fn has_other_scope(&mut self, old: Place<'v>, new: Place<'v>) -> bool {
        let unevaluated = |schema: Place<'v>| schema.get("unevaluatedProperties");
        if [old, new].iter().all(|schema| unevaluated(*schema).or(schema.get("unevaluatedItems")).is_none()) {
            return false;
        }
        let [before, after] = [old, new].map(|schema| {
            let is_depending = self.is_depending(schema) || keyword::is_depending(schema);
            let asks = unevaluated(schema).map(Place::id);
            let is_asked = self.unnamed_properties(schema).iter().any(|rest| Some(rest.goal.id()) == asks);
            (is_depending, is_asked, schema.get("items").is_some())
        });
        before.0 || after.0 || before != after
    }

    /// Follows a reference that is the only keyword.
    fn followed(&self, schema: Place<'v>) -> Place<'v> {
        let mut schema = schema;
        for _ in 0..super::MAX_SCHEMA_DEPTH {
            let asserting =
                |map: &artifact::Map| map.entries().filter(|entry| asserts(&entry.key.name)).count();
            match self.referenced(schema, "$ref") {
                Some(target) if schema.map().is_some_and(|map| asserting(map) == 1) => schema = target,
                _ => return schema,
            }
        }
        schema
    }

    /// Compares properties: none may be dropped, and a new one is optional.
    fn fields(
        &mut self,
        (old, before): (Place<'v>, Option<Place<'v>>),
        (new, after): (Place<'v>, Option<Place<'v>>),
        met: &mut BTreeSet<(usize, usize)>,
        deep: usize,
    ) {
        for (name, field) in old.entries("properties") {
            match after.and_then(|after| after.get(name)) {
                Some(kept) => self.grow_at(field, kept, met, deep),
                None => {
                    let message = format!("property {} was removed: readers may rely on it", tick(name));
                    self.report_break(field, after.unwrap_or(new), message);
                }
            }
        }
        for (name, field) in new.entries("properties") {
            if before.and_then(|before| before.get(name)).is_some() {
                continue;
            }
            // A new field satisfies what the old contract required of unnamed ones, unless it allowed none.
            let (goals, is_sure) = self.goals(old, name);
            let mut goals = goals.into_iter().filter(|goal| goal.value.as_bool().is_none());
            let broken = goals.find(|goal| !self.is_within(field, *goal));
            if broken.is_some() || !is_sure {
                let message = format!(
                    "property {} is new and violates the old schema of unnamed properties",
                    tick(name)
                );
                self.report_break(broken.unwrap_or(old), field, message);
            }
        }
    }

    fn same_required(&mut self, old: Place<'v>, new: Place<'v>) {
        let (before, after) = (old.names("required"), new.names("required"));
        let at = |schema: Place<'v>| schema.get("required").unwrap_or(schema);
        for (name, place) in &before {
            if !after.iter().any(|(other, _)| other == name) {
                let message = format!("`required` lost {}: readers may rely on it", tick(name));
                self.report_break(*place, at(new), message);
            }
        }
        for (name, place) in &after {
            if !before.iter().any(|(other, _)| other == name) {
                let message = format!("`required` gained {}: it was not always emitted", tick(name));
                self.report_break(at(old), *place, message);
            }
        }
    }

    /// Compares a keyword that both schemas contain.
    fn same_keyword(
        &mut self,
        keyword: &str,
        old: Place<'v>,
        new: Place<'v>,
        met: &mut BTreeSet<(usize, usize)>,
        deep: usize,
    ) {
        match (keyword, shape(keyword)) {
            (_, Shape::Free) => {}
            // Emitted documents satisfy these, so fields may be added inside them as well.
            ("items" | "additionalProperties" | "then" | "else", _) => self.grow_at(old, new, met, deep),
            ("allOf" | "anyOf" | "oneOf" | "prefixItems", _) => {
                let lists =
                    (old.value.as_list().unwrap_or_default(), new.value.as_list().unwrap_or_default());
                if lists.0.len() != lists.1.len() {
                    let message =
                        format!("`{keyword}` changed from {} to {} schemas", lists.0.len(), lists.1.len());
                    return self.report_break(old, new, message);
                }
                for (a, b) in lists.0.iter().zip(lists.1) {
                    self.grow_at(old.at(a), new.at(b), met, deep);
                }
            }
            ("patternProperties" | "dependentSchemas", _) => {
                let names = |place: Place<'v>| {
                    let entries = place.map().into_iter().flat_map(|map| map.entries());
                    entries.map(|entry| entry.key.name.as_str()).collect::<BTreeSet<_>>()
                };
                if names(old) != names(new) {
                    return self.changed(keyword, old, new);
                }
                for name in names(old) {
                    if let (Some(a), Some(b)) = (old.get(name), new.get(name)) {
                        self.grow_at(a, b, met, deep);
                    }
                }
            }
            ("$ref" | "$dynamicRef", _) => {
                let target = |walk: &Walk<'v>, place: Place<'v>| {
                    Some(place.at(walk.document(place.side).resolve(place.value.as_str()?)?))
                };
                match (target(self, old), target(self, new)) {
                    (Some(old), Some(new)) => self.grow_at(old, new, met, deep),
                    _ => self.changed(keyword, old, new),
                }
            }
            (_, Shape::Schema) => {
                if !self.is_same(old, new) {
                    self.report_unclear(old, new, keyword);
                }
            }
            _ if is_same_data(keyword, old, new) => {}
            _ => self.changed(keyword, old, new),
        }
    }

    /// Checks a keyword that only one schema contains: it must be vacuous.
    fn check_one_sided(
        &mut self,
        keyword: &str,
        (old, before): (Place<'v>, Option<Place<'v>>),
        (new, after): (Place<'v>, Option<Place<'v>>),
    ) {
        let is_moot = |place: Option<Place<'v>>| place.is_none_or(|place| is_vacuous(keyword, place));
        if is_moot(before) && is_moot(after) || self.is_same(old, new) {
            return;
        }
        let shown = before.or(after).map(|place| place.value.show()).unwrap_or_default();
        let state = if before.is_some() { "gone" } else { "new" };
        self.report_break(
            before.unwrap_or(old),
            after.unwrap_or(new),
            format!("`{keyword}` {shown} is {state}"),
        );
    }

    /// Returns whether two schemas accept the same values.
    fn is_same(&mut self, old: Place<'v>, new: Place<'v>) -> bool {
        self.is_within(old, new) && self.is_within(new, old)
    }

    fn changed(&mut self, keyword: &str, old: Place<'v>, new: Place<'v>) {
        let both = format!("from {} to {}", old.value.show(), new.value.show());
        self.report_break(old, new, format!("`{keyword}` changed {both}"));
    }
}

fn asserts(keyword: &str) -> bool {
    shape(keyword) != Shape::Free
}

/// Returns whether two values of a keyword are equal.
fn is_same_data(keyword: &str, old: Place<'_>, new: Place<'_>) -> bool {
    let set = |place: Place<'_>| {
        place.value.as_list().map(|list| list.iter().map(canonical).collect::<BTreeSet<_>>())
    };
    match keyword {
        "type" => Types::named(old.value) == Types::named(new.value),
        "enum" => set(old) == set(new),
        _ => canonical(old.value) == canonical(new.value),
    }
}

/// Returns whether a keyword accepts every value.
fn is_vacuous(keyword: &str, place: Place<'_>) -> bool {
    match keyword {
        "additionalProperties" | "items" | "propertyNames" | "unevaluatedProperties" | "unevaluatedItems" => {
            place.value.as_bool() == Some(true)
        }
        "uniqueItems" => place.value.as_bool() == Some(false),
        "patternProperties" | "dependentSchemas" | "dependentRequired" => {
            place.map().is_some_and(artifact::Map::is_empty)
        }
        "minLength" | "minItems" | "minProperties" => place.value.as_integer() == Some(0),
        _ => false,
    }
}
