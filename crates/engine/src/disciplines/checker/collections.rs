//! Collections in the documents of a change, with the elements that earlier versions had.

use artifact::Value;
use policy::{Collection, Discipline, Removal};
use snapshot::{Change, RepoPath, Result};

use super::DisciplineChecker;
use crate::disciplines::breach::{Breach, RemovedName};
use crate::disciplines::collections::{ElementBreach, check_collection, digests, find, is_governed};

/// The most findings about one collection of one change: more would not help its author.
const MAX_REPORTED_ELEMENTS: usize = 100;

impl DisciplineChecker<'_, '_> {
    /// Checks a collection in two versions of a document.
    pub(super) fn collection(
        &mut self,
        discipline: &Discipline,
        change: &Change,
        collection: &Collection,
        (before, after): (&Value, &Value),
    ) -> Result<()> {
        let mut found = check_collection(collection, before, after);
        if collection.removal == Removal::Burned {
            // What goes is remembered in every change, and what returns is reported in governed ones.
            self.note_removed_elements(&change.path, collection, before, after);
        }
        if collection.removal == Removal::Burned && is_governed(collection, before, after) {
            found.extend(self.returned_elements(&change.path, discipline, collection, (before, after))?);
        }
        // More would not help: the document is to be compared as a whole.
        found.truncate(MAX_REPORTED_ELEMENTS);
        for ElementBreach { breach, element, identity, origin } in found {
            let origin = origin.unwrap_or_else(|| collection.origin.clone());
            let discipline = Discipline { origin, ..discipline.clone() };
            self.breach_of_element(&discipline, change, breach, (element, identity));
        }
        Ok(())
    }

    /// Notes the elements that a change removes, so that later changes cannot reuse their keys.
    pub(super) fn note_removed_elements(
        &mut self,
        path: &RepoPath,
        collection: &Collection,
        before: &Value,
        after: &Value,
    ) {
        let new = digests(collection, after);
        for (key, digest) in digests(collection, before) {
            if collection.removal == Removal::Burned && !new.contains_key(&key) {
                self.prior.note_removed_element(path, &collection.at, &key, &digest);
            }
        }
    }

    /// An element that was removed returns, with the same value or with another one.
    fn returned_elements(
        &mut self,
        path: &RepoPath,
        discipline: &Discipline,
        collection: &Collection,
        (before, after): (&Value, &Value),
    ) -> Result<Vec<ElementBreach>> {
        let (old, new) = (digests(collection, before), digests(collection, after));
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
