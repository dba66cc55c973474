//! The merge key `<<`: a mapping takes the entries of other mappings that it does not have itself.

use crate::{Budget, Kind, Map, SyntaxError, Value};

/// Adds the entries of the merged mappings to a mapping; its own entries, and those merged earlier, stay.
pub(super) fn merge(
    map: &mut Map,
    merged: &Value,
    depth: usize,
    budget: &mut Budget<'_>,
) -> Result<(), SyntaxError> {
    let list = match &merged.kind {
        Kind::List(list) => list.as_slice(),
        _ => std::slice::from_ref(merged),
    };
    for source in list {
        let Kind::Map(source) = &source.kind else {
            let message = format!("`<<` merges mappings, found {}", source.describe());
            return Err(
                SyntaxError::new(merged.span.clone(), message).help("name a mapping, or a list of mappings")
            );
        };
        for entry in source.entries() {
            if map.entry(&entry.key.name).is_none() {
                copied(&entry.value, depth, budget)?;
                map.insert(entry.key.clone(), entry.value.clone()).ok();
            }
        }
    }
    Ok(())
}

/// Counts the values of a copy, which lies at a depth, against the limits.
pub(super) fn copied(value: &Value, depth: usize, budget: &mut Budget<'_>) -> Result<(), SyntaxError> {
    budget.node(&value.span)?;
    match &value.kind {
        Kind::List(list) => {
            budget.depth(depth + 1, &value.span)?;
            list.iter().try_for_each(|value| copied(value, depth + 1, budget))
        }
        Kind::Map(map) => {
            budget.depth(depth + 1, &value.span)?;
            map.entries().try_for_each(|entry| copied(&entry.value, depth + 1, budget))
        }
        _ => Ok(()),
    }
}
