//! Compares two versions of a JSON Schema (2020-12) and reports incompatible changes.

mod array;
mod branch;
mod draft;
mod emptiness;
mod equivalence;
mod evaluate;
mod facts;
mod grow;
mod keyword;
mod limit;
mod messages;
mod nearest;
mod number;
mod object;
mod place;
mod requirements;
#[cfg(test)]
mod tests;
mod types;
mod unnamed_properties;
mod value_facts;
mod walk;

use artifact::Value;

use messages::Subject;
use walk::Walk;

/// The breaks reported for one change.
const MAX_BREAKS: usize = 64;
/// The pairs of subschemas that are compared.
const MAX_PAIRS: usize = 100_000;
/// The nesting of schemas in a comparison, references and branches included.
const MAX_SCHEMA_DEPTH: usize = 64;

/// The compatibility that a change of a schema requires.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variance {
    /// The new schema accepts what the old one accepts: the input of an operation.
    Widen,
    /// The old schema accepts what the new one accepts: the output of an operation.
    Narrow,
    /// Only optional fields may be added: the contract of emitted documents.
    Grow,
}

/// An incompatible change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// The place in the new schema, a JSON pointer (RFC 6901); for removed parts, the enclosing value.
    pub pointer: String,
    /// The place in the old schema, likewise.
    pub old_pointer: String,
    /// The message: lower case, no closing full stop. Quoted text is raw: renderers sanitise it.
    pub message: String,
    /// Whether the change cannot be decided, and may be compatible.
    pub is_undecided: bool,
}

/// Compares two schemas; returns the incompatible changes, or none if the change is certainly compatible.
///
/// A value is accepted if [`Schema::check`](crate::Schema::check) accepts it: `format` is an assertion, and annotations
/// (JSON Schema Validation 2020-12 §9) have no effect. A change that cannot be decided is reported as such.
/// At most 64 breaks are returned.
#[must_use]
pub fn breaks(old: &Value, new: &Value, variance: Variance) -> Vec<Break> {
    if old.same(new) {
        return Vec::new();
    }
    let (before, after) = match draft::comparable(old, new) {
        Ok(pair) => pair,
        Err(message) => {
            let pointer = if new.get("$schema").is_some() { "/$schema" } else { "" };
            let old_pointer = if old.get("$schema").is_some() { "/$schema" } else { "" };
            let (pointer, old_pointer) = (pointer.into(), old_pointer.into());
            return vec![Break { pointer, old_pointer, message, is_undecided: true }];
        }
    };
    let mut found = compare(&before, &after, variance);
    for one in &mut found {
        one.pointer = draft::original_pointer(new, &after, &one.pointer);
        one.old_pointer = draft::original_pointer(old, &before, &one.old_pointer);
    }
    found
}

/// Compares two schemas of 2020-12.
fn compare(old: &Value, new: &Value, variance: Variance) -> Vec<Break> {
    let mut walk = Walk::new(old, new, variance);
    let (old, new) = walk.roots();
    let (known, goal) = if variance == Variance::Narrow { (new, old) } else { (old, new) };
    if variance == Variance::Grow {
        walk.grow(old, new);
        return walk.finish();
    }
    let facts = walk.facts(known);
    if !walk.within(&facts, goal, Subject::Value) && walk.has_no_breaks() && !walk.is_over() {
        // An undecided change is never passed over.
        walk.report_unclear(known, goal, "this schema");
    }
    walk.finish()
}
