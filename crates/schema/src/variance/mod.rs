//! Two versions of a JSON Schema (2020-12) compared: what a change must keep, and where it does not.

mod alike;
mod all;
mod array;
mod branch;
mod grow;
mod judge;
mod keyword;
mod limit;
mod nearest;
mod nothing;
mod number;
mod object;
mod part;
mod place;
mod require;
mod rest;
#[cfg(test)]
mod tests;
mod types;
mod walk;
mod words;

use artifact::Value;

use walk::Walk;
use words::Subject;

/// The most breaks that are told of one change.
const MOST: usize = 64;
/// The most pairs of subschemas that are compared.
const PAIRS: usize = 100_000;
/// How many schemas deep a comparison goes, references and branches included.
const DEPTH: usize = 64;

/// What a change of a schema must keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variance {
    /// What the old schema accepts, the new one accepts: the input of an operation.
    Widen,
    /// What the new schema accepts, the old one accepted: the output of an operation.
    Narrow,
    /// Nothing changes but that there may be more optional fields: the contract of what is emitted.
    Grow,
}

/// A place where a change does not keep what it must.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Break {
    /// Where in the new schema, as a JSON pointer (RFC 6901); where nothing stands any more, what encloses it.
    pub pointer: String,
    /// Where in the old schema, in the same way.
    pub old_pointer: String,
    /// What changed: both sides named, lower case, no closing full stop. Quoted texts are raw: renderers sanitise them.
    pub message: String,
}

/// Compares two schemas; returns what stands against the change, or nothing when it surely keeps what it must.
///
/// A value counts as accepted as [`Schema::check`](crate::Schema::check) says: `format` asserts, and annotations
/// (JSON Schema Validation 2020-12 §9) say nothing. What cannot be told is told as such, never passed over.
/// At most 64 breaks are told.
#[must_use]
pub fn breaks(old: &Value, new: &Value, variance: Variance) -> Vec<Break> {
    if old.same(new) {
        return Vec::new();
    }
    let mut walk = Walk::new(old, new, variance);
    let (old, new) = walk.roots();
    let (known, goal) = if variance == Variance::Narrow { (new, old) } else { (old, new) };
    if variance == Variance::Grow {
        walk.grow(old, new);
        return walk.finish();
    }
    let all = walk.all(known);
    if !walk.within(&all, goal, Subject::Value) && walk.is_silent() && !walk.is_over() {
        // Never silent where it is not sure.
        walk.tell_unclear(known, goal, "this schema");
    }
    walk.finish()
}
