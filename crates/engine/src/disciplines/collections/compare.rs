//! Compares the elements of two versions, key by key.

use std::collections::BTreeMap;

use policy::{Collection, ElementRule, Removal};

use super::ElementBreach;
use super::elements::{Element, Elements};
use crate::disciplines::breach::Breach;
use crate::disciplines::fields::{check_fields, deepest_difference, lost, show_both};

/// The elements with one key on both sides.
#[derive(Default)]
struct Group<'e, 'v> {
    old: Vec<&'e Element<'v>>,
    new: Vec<&'e Element<'v>>,
}

/// Compares the elements; without a collection on the base branch, nothing is protected yet.
pub(super) fn compare_elements(
    collection: &Collection,
    is_governed: bool,
    old: &Elements<'_>,
    new: &Elements<'_>,
) -> Vec<ElementBreach> {
    let mut groups: BTreeMap<Option<&str>, Group<'_, '_>> = BTreeMap::new();
    for element in &old.list {
        groups.entry(element.key.as_deref()).or_default().old.push(element);
    }
    for element in &new.list {
        groups.entry(element.key.as_deref()).or_default().new.push(element);
    }
    let mut found = Vec::new();
    for (key, group) in groups {
        if group.old.is_empty() {
            found.extend(added(collection, is_governed, key, &group.new));
        } else {
            found.extend(compare_group(collection, key, group));
        }
    }
    found.sort_by(|a, b| a.breach.pointer().cmp(&b.breach.pointer()));
    found
}

/// New keys: each belongs to one element, and some collections get none.
fn added(
    collection: &Collection,
    is_governed: bool,
    key: Option<&str>,
    new: &[&Element<'_>],
) -> Vec<ElementBreach> {
    let mut found = Vec::new();
    if key.is_some() {
        found.extend(new.iter().skip(1).map(|element| repeated(element)));
    }
    if is_governed && !collection.may_be_extended {
        found.extend(new.iter().map(|element| {
            let (pointer, key) = (element.pointer.clone(), element.shown.clone());
            let belongs_to = collection.while_unchanged.clone();
            ElementBreach::of(Breach::ElementAdded { pointer, key, belongs_to }, element)
        }));
    }
    found
}

/// One more element with a key that another one has.
fn repeated(element: &Element<'_>) -> ElementBreach {
    let problem = format!("another element has the key {}", element.shown);
    let pointer = element.pointer.clone();
    ElementBreach::of(Breach::ElementKeyInvalid { pointer, problem, is_on_base: false }, element)
}

/// Elements that share a key are compared as a multiset: equal ones first, the others in their order.
fn compare_group(collection: &Collection, key: Option<&str>, group: Group<'_, '_>) -> Vec<ElementBreach> {
    let mut found = Vec::new();
    let (old, new) = without_equal(group);
    for (old, new) in old.iter().zip(&new) {
        // Elements without a key cannot be found again: any change of one is a removal and an addition.
        if key.is_some() {
            found.extend(check_element(collection, old, new));
        } else {
            found.extend(removed(collection, old));
        }
    }
    found.extend(old.iter().skip(new.len()).filter_map(|element| removed(collection, element)));
    if key.is_some() {
        found.extend(new.iter().skip(old.len()).map(|element| repeated(element)));
    }
    found
}

/// Leaves out the elements that both sides have.
fn without_equal<'e, 'v>(group: Group<'e, 'v>) -> (Vec<&'e Element<'v>>, Vec<&'e Element<'v>>) {
    if let ([old], [new]) = (group.old.as_slice(), group.new.as_slice()) {
        return if old.value.same(new.value) { (Vec::new(), Vec::new()) } else { (group.old, group.new) };
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for element in &group.new {
        *counts.entry(element.value.canonical()).or_default() += 1;
    }
    let mut matched: BTreeMap<String, usize> = BTreeMap::new();
    let mut take = |counts: &mut BTreeMap<String, usize>, element: &&Element<'v>| {
        let canonical = element.value.canonical();
        match counts.get_mut(&canonical).filter(|count| **count > 0) {
            Some(count) => {
                *count -= 1;
                *matched.entry(canonical).or_default() += 1;
                false
            }
            None => true,
        }
    };
    let old: Vec<_> = group.old.into_iter().filter(|element| take(&mut counts, element)).collect();
    let mut new = group.new;
    new.retain(|element| match matched.get_mut(&element.value.canonical()).filter(|count| **count > 0) {
        Some(count) => {
            *count -= 1;
            false
        }
        None => true,
    });
    (old, new)
}

fn removed(collection: &Collection, element: &Element<'_>) -> Option<ElementBreach> {
    (collection.removal == Removal::Forbidden).then(|| {
        let breach = Breach::ElementRemoved {
            pointer: element.pointer.clone(),
            collection: collection.at.clone(),
            key: element.shown.clone(),
            was: element.value.show(),
        };
        ElementBreach::of(breach, element)
    })
}

/// Checks an element that both versions have.
fn check_element(collection: &Collection, old: &Element<'_>, new: &Element<'_>) -> Vec<ElementBreach> {
    let rules = match &collection.elements {
        ElementRule::Free => return Vec::new(),
        ElementRule::Fields(rules) => rules,
        ElementRule::Frozen | ElementRule::GrowOnly => {
            return changed(collection, old, new).into_iter().collect();
        }
    };
    let within = |(rule, mut breach): (&policy::FieldRule, Breach)| {
        breach.move_below(&new.pointer);
        ElementBreach { origin: Some(rule.origin.clone()), ..ElementBreach::of(breach, new) }
    };
    check_fields(rules, old.value, new.value).into_iter().map(within).collect()
}

/// An element that is compared as a whole, without what may change freely.
fn changed(collection: &Collection, old: &Element<'_>, new: &Element<'_>) -> Option<ElementBreach> {
    let (was, now) = (old.value.without(&collection.except), new.value.without(&collection.except));
    if was.same(&now) {
        return None;
    }
    let key = new.shown.clone();
    let breach = if collection.elements == ElementRule::GrowOnly {
        let lost = lost(Some(&was), Some(&now))?;
        Breach::ElementShrank { pointer: new.pointer.clone(), key, was: was.show(), lost }
    } else {
        let (pointer, was, now) = deepest_difference(&new.pointer, Some(&was), Some(&now));
        let (was, now) = show_both(was, now);
        Breach::ElementChanged { pointer, key, was, now }
    };
    Some(ElementBreach::of(breach, new))
}
