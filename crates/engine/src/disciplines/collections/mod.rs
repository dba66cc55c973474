//! Collections: how the elements of a list or mapping in a document may change.

mod compare;
mod elements;
mod order;

use artifact::{Kind, Value};
use digest::Digest;
use policy::Collection;

use super::breach::Breach;
use super::fields::same;
use super::prior_state::PastElements;
use compare::compare_elements;
use elements::{Element, Elements, elements_of};
use order::check_order;

/// A breach of a collection, and the element that it is about.
pub(crate) struct ElementBreach {
    pub(crate) breach: Breach,
    pub(crate) element: Option<String>,
    /// The digest of the whole key of the element.
    pub(crate) identity: Option<String>,
    /// The line of the policy that declares a field of the element.
    pub(crate) origin: Option<policy::Origin>,
}

impl ElementBreach {
    pub(super) fn of(breach: Breach, element: &Element<'_>) -> ElementBreach {
        ElementBreach {
            breach,
            element: Some(element.label.clone()),
            identity: element.key.as_ref().map(|key| Digest::of(key).hex()),
            origin: None,
        }
    }
}

/// Lists the elements of a collection by their keys, with the digests of their values; nothing where there is none.
pub(crate) fn digests(collection: &Collection, document: &Value) -> PastElements {
    let Some(Ok(elements)) = find(collection, document) else { return PastElements::new() };
    elements.list.iter().filter_map(|element| Some((element.key.clone()?, element.digest()))).collect()
}

/// Checks a collection in two versions of a document.
pub(super) fn check_collection(collection: &Collection, before: &Value, after: &Value) -> Vec<ElementBreach> {
    if !is_governed(collection, before, after) {
        return Vec::new();
    }
    let (old, new) = (find(collection, before), find(collection, after));
    if let Some(Err(problem)) = &new {
        let is_on_base = matches!(old, Some(Err(_)));
        let breach = Breach::ElementKeyInvalid {
            pointer: collection.at.clone(),
            problem: problem.clone(),
            is_on_base,
        };
        return vec![ElementBreach { breach, element: None, identity: None, origin: None }];
    }
    // Absent on the base branch: nothing is protected yet. Absent on head: every element was removed.
    let old_elements = old.and_then(Result::ok);
    let exists_on_base = old_elements.is_some();
    let old_elements = old_elements.unwrap_or_default();
    let new_elements = new.and_then(Result::ok).unwrap_or_default();
    let mut found = invalid_keys(&old_elements, &new_elements);
    found.extend(compare_elements(collection, exists_on_base, &old_elements, &new_elements));
    if exists_on_base {
        found.extend(check_order(collection, &old_elements, &new_elements));
    }
    found
}

/// Returns whether the field that the collection belongs to stays as it is.
pub(super) fn is_governed(collection: &Collection, before: &Value, after: &Value) -> bool {
    let stays = |field: &String| same(before.pointer(field), after.pointer(field));
    collection.while_unchanged.as_ref().is_none_or(stays)
}

/// Returns the elements of a collection of a document; `None` where it has no such list or mapping.
pub(super) fn find<'v>(collection: &Collection, document: &'v Value) -> Option<Result<Elements<'v>, String>> {
    let value = document.pointer(&collection.at).filter(|value| value.kind != Kind::Null)?;
    Some(elements_of(collection, value))
}

/// Elements without a key: an error where there are more of them than on the base branch.
fn invalid_keys(old: &Elements<'_>, new: &Elements<'_>) -> Vec<ElementBreach> {
    let is_on_base = new.faults.len() <= old.faults.len();
    let breach = |(pointer, problem): &(String, String)| ElementBreach {
        breach: Breach::ElementKeyInvalid { pointer: pointer.clone(), problem: problem.clone(), is_on_base },
        element: None,
        identity: None,
        origin: None,
    };
    // Those of the base branch come first only where nothing moved: the last one is new.
    new.faults.iter().rev().take(1).map(breach).collect()
}

#[cfg(test)]
mod tests;
