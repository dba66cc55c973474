//! The order of the elements of a list.

use std::collections::BTreeMap;

use policy::{Collection, Order};

use super::ElementBreach;
use super::elements::{Element, Elements};
use crate::disciplines::breach::Breach;

/// Checks that remaining elements keep their order, and that new ones are where they belong.
pub(super) fn check_order(
    collection: &Collection,
    old: &Elements<'_>,
    new: &Elements<'_>,
) -> Option<ElementBreach> {
    if collection.order == Order::Any || !new.is_list || !old.is_list {
        return None;
    }
    let (olds, news) = (counts(old), counts(new));
    let remains = |element: &Element<'_>| {
        element.key.as_deref().is_some_and(|key| olds.contains_key(key) && news.contains_key(key))
    };
    // Elements that share a key have no order among themselves.
    let is_single = |element: &&Element<'_>| {
        remains(element) && element.key.as_deref().is_some_and(|key| olds[key] == 1 && news[key] == 1)
    };
    let moved = old
        .list
        .iter()
        .filter(is_single)
        .zip(new.list.iter().filter(is_single))
        .find(|(a, b)| a.key != b.key);
    if let Some((expected, found)) = moved {
        let problem = format!("it comes before {}", expected.shown);
        return Some(breach(found, problem));
    }
    let is_new = |element: &Element<'_>| element.key.as_deref().is_some_and(|key| !olds.contains_key(key));
    match collection.order {
        Order::Append => {
            let last = new.list.iter().rposition(&remains)?;
            let early = new.list[..last].iter().find(|element| is_new(element))?;
            Some(breach(early, format!("it is new and comes before {}, which is not", new.list[last].shown)))
        }
        _ => {
            let first = new.list.iter().position(&remains)?;
            let late = new.list[first..].iter().find(|element| is_new(element))?;
            Some(breach(late, format!("it is new and comes after {}, which is not", new.list[first].shown)))
        }
    }
}

fn breach(element: &Element<'_>, problem: String) -> ElementBreach {
    let (pointer, key) = (element.pointer.clone(), element.shown.clone());
    ElementBreach::of(Breach::ElementMoved { pointer, key, problem }, element)
}

/// Counts how many elements have each key.
fn counts<'e>(elements: &'e Elements<'_>) -> BTreeMap<&'e str, usize> {
    let mut counts = BTreeMap::new();
    for key in elements.list.iter().filter_map(|element| element.key.as_deref()) {
        *counts.entry(key).or_default() += 1;
    }
    counts
}
