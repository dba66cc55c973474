//! Collections: how the elements of a list or mapping in a document may change.

mod compare;
mod elements;
mod order;

use std::collections::BTreeMap;

use artifact::{Kind, Value};
use policy::{Collection, Discipline, Removal};
use snapshot::{Change, RepoPath, Result as ReadResult};

use super::breach::{Breach, RemovedName};
use super::checker::DisciplineChecker;
use compare::compare_elements;
pub(crate) use elements::Element;
use elements::{Elements, elements_of};
use order::check_order;

/// The most findings about one collection of one file; the last one counts the others.
const MAX_REPORTED_ELEMENTS: usize = 100;

/// The elements of a collection that earlier versions of a file had: the last value of each key, as a digest.
pub(crate) type PastElements = BTreeMap<String, String>;

/// A breach of a collection, and the element that it is about.
pub(crate) struct ElementBreach {
    pub(crate) breach: Breach,
    pub(crate) element: Option<String>,
    /// The line of the policy that declares a field of the element.
    pub(crate) origin: Option<policy::Origin>,
}

impl ElementBreach {
    fn of(breach: Breach, element: &Element<'_>) -> ElementBreach {
        ElementBreach { breach, element: Some(element.shown.clone()), origin: None }
    }
}

/// Lists the elements of a collection by their keys, with the digests of their values; nothing where there is none.
pub(crate) fn digests(collection: &Collection, document: &Value) -> PastElements {
    let Some(Ok(elements)) = find(collection, document) else { return PastElements::new() };
    elements.list.iter().filter_map(|element| Some((element.key.clone()?, element.digest()))).collect()
}

impl DisciplineChecker<'_, '_> {
    /// Checks a collection in two versions of a document.
    pub(super) fn collection(
        &mut self,
        discipline: &Discipline,
        change: &Change,
        collection: &Collection,
        (before, after): (&Value, &Value),
    ) -> ReadResult<()> {
        let mut found = check_collection(collection, before, after);
        if collection.removal == Removal::Burned {
            found.extend(self.burned_elements(&change.path, discipline, collection, (before, after))?);
        }
        let more = found.len().saturating_sub(MAX_REPORTED_ELEMENTS);
        found.truncate(MAX_REPORTED_ELEMENTS);
        let last = found.len().saturating_sub(1);
        for (at, ElementBreach { breach, element, origin }) in found.into_iter().enumerate() {
            let counted = if at == last && more > 0 {
                format!(", and {more} more findings in this collection")
            } else {
                String::new()
            };
            let element = element.map(|element| format!("{element}{counted}"));
            let origin = origin.unwrap_or_else(|| collection.origin.clone());
            let discipline = Discipline { origin, ..discipline.clone() };
            self.breach_of_element(&discipline, change, breach, element);
        }
        Ok(())
    }

    /// Notes every element of a document that is removed.
    pub(super) fn note_removed_elements(&mut self, path: &RepoPath, collection: &Collection, before: &Value) {
        if collection.removal == Removal::Burned {
            for (key, digest) in digests(collection, before) {
                self.prior.note_removed_element(path, &collection.at, &key, &digest);
            }
        }
    }

    /// An element that was removed returns, with the same value or with another one.
    fn burned_elements(
        &mut self,
        path: &RepoPath,
        discipline: &Discipline,
        collection: &Collection,
        (before, after): (&Value, &Value),
    ) -> ReadResult<Vec<ElementBreach>> {
        let (old, new) = (digests(collection, before), digests(collection, after));
        for (key, digest) in old.iter().filter(|(key, _)| !new.contains_key(*key)) {
            self.prior.note_removed_element(path, &collection.at, key, digest);
        }
        if new.keys().all(|key| old.contains_key(key)) {
            return Ok(Vec::new());
        }
        let past = self.prior.past_elements(path, discipline, collection)?;
        let Some(Ok(elements)) = find(collection, after) else { return Ok(Vec::new()) };
        let returned = elements.list.iter().filter_map(|element| {
            let key = element.key.as_ref().filter(|key| !old.contains_key(*key))?;
            let same = *past.get(key)? == element.digest();
            let breach = if same {
                let identity = RepoPath::from(element.shown.as_str());
                Breach::Restored { removed: Some(RemovedName { identity, by: None }) }
            } else {
                Breach::ElementReused { pointer: element.pointer.clone(), key: element.shown.clone() }
            };
            Some(ElementBreach::of(breach, element))
        });
        Ok(returned.collect())
    }
}

/// Checks a collection in two versions of a document.
fn check_collection(collection: &Collection, before: &Value, after: &Value) -> Vec<ElementBreach> {
    if let Some(field) = &collection.while_unchanged
        && !super::fields::same(before.pointer(field), after.pointer(field))
    {
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
        return vec![ElementBreach { breach, element: None, origin: None }];
    }
    // Absent on the base branch: nothing is protected yet. Absent on head: every element was removed.
    let old_elements = old.and_then(Result::ok);
    let is_governed = old_elements.is_some();
    let old_elements = old_elements.unwrap_or_default();
    let new_elements = new.and_then(Result::ok).unwrap_or_default();
    let mut found = invalid_keys(&old_elements, &new_elements);
    found.extend(compare_elements(collection, is_governed, &old_elements, &new_elements));
    if is_governed {
        found.extend(check_order(collection, &old_elements, &new_elements));
    }
    found
}

/// Returns the elements of a collection of a document; `None` where it has no such list or mapping.
fn find<'v>(collection: &Collection, document: &'v Value) -> Option<Result<Elements<'v>, String>> {
    let value = document.pointer(&collection.at).filter(|value| value.kind != Kind::Null)?;
    Some(elements_of(collection, value))
}

/// Elements without a key: an error where there are more of them than on the base branch.
fn invalid_keys(old: &Elements<'_>, new: &Elements<'_>) -> Vec<ElementBreach> {
    let is_on_base = new.faults.len() <= old.faults.len();
    let breach = |(pointer, problem): &(String, String)| ElementBreach {
        breach: Breach::ElementKeyInvalid { pointer: pointer.clone(), problem: problem.clone(), is_on_base },
        element: None,
        origin: None,
    };
    // Those of the base branch come first only where nothing moved: the last one is new.
    new.faults.iter().rev().take(1).map(breach).collect()
}

#[cfg(test)]
mod tests;
