//! The deepest value in which two versions of a field differ.

use artifact::{Kind, Value, escape};

use super::same;

/// Descends to the value that differs: into the only entry that does, or the first of several.
pub(in crate::disciplines) fn deepest_difference<'v>(
    pointer: &str,
    mut was: Option<&'v Value>,
    mut now: Option<&'v Value>,
) -> (String, Option<&'v Value>, Option<&'v Value>) {
    let mut pointer = pointer.to_string();
    // The depth of a document is limited where it is read.
    while let (Some(old), Some(new)) = (was, now) {
        let Some((step, below_old, below_new)) = first_difference(old, new) else { break };
        pointer = format!("{pointer}/{}", escape(&step));
        (was, now) = (below_old, below_new);
    }
    (pointer, was, now)
}

/// The name of an entry, and its value on both sides.
type Difference<'v> = (String, Option<&'v Value>, Option<&'v Value>);

/// Finds the first entry of two mappings or lists that differs; nothing in values of other or different types.
fn first_difference<'v>(old: &'v Value, new: &'v Value) -> Option<Difference<'v>> {
    match (&old.kind, &new.kind) {
        (Kind::Map(a), Kind::Map(b)) => {
            let changed = b.entries().find(|entry| !same(a.get(&entry.key.name), Some(&entry.value)));
            let found = changed.or_else(|| a.entries().find(|entry| b.get(&entry.key.name).is_none()))?;
            Some((found.key.name.clone(), a.get(&found.key.name), b.get(&found.key.name)))
        }
        (Kind::List(a), Kind::List(b)) => {
            let at = (0..a.len().max(b.len())).find(|&at| !same(a.get(at), b.get(at)))?;
            Some((at.to_string(), a.get(at), b.get(at)))
        }
        _ => None,
    }
}
