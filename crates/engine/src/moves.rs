//! Notes about artifacts that a change moves: a person should know that the ledger will record it.

use std::collections::HashMap;

use index::{Index, SPEC};
use ledger::files::{CHECKPOINT, FOLDER};
use policy::Policy;
use snapshot::{Change, RepoPath, Result, Snapshot};

use crate::breach_context::quote;

/// The most moves that are named; a change that moves more is split anyway.
const MAX_NOTES: usize = 20;

/// A tree and its index.
pub(crate) struct IndexedTree<'t> {
    pub(crate) tree: &'t dyn Snapshot,
    pub(crate) index: &'t Index,
}

/// Names the artifacts that are at another path than on the base branch.
pub(crate) fn notes(
    base: &IndexedTree<'_>,
    head: &IndexedTree<'_>,
    changes: &[Change],
    policy: &Policy,
) -> Result<Vec<String>> {
    let is_added = |path: &RepoPath| {
        let at = changes.binary_search_by(|change| change.path.cmp(path));
        at.is_ok_and(|at| changes[at].before.is_none())
    };
    let added: Vec<Place> =
        places(head.index).into_iter().filter(|place| is_added(&place.document)).collect();
    if added.is_empty() {
        return Ok(Vec::new());
    }
    let before: HashMap<String, Place> =
        places(base.index).into_iter().map(|place| (place.ulid.clone(), place)).collect();
    let checkpoint = RepoPath::from(FOLDER).join(CHECKPOINT.as_bytes());
    let is_recorded = policy.ledger.origin.is_some() || base.tree.find(&checkpoint)?.is_some();
    let mut notes = Vec::new();
    for place in added {
        let Some(old) = before.get(&place.ulid).filter(|old| old.path != place.path) else { continue };
        // A copy is not a move; another rule reports the ULID that it shares.
        if head.tree.find(&old.document)?.is_some() || notes.len() >= MAX_NOTES {
            continue;
        }
        let then = if is_recorded { "; the ledger records a MOVE after the merge" } else { "" };
        notes.push(format!("{} moves from {} to {}{then}", place.key, quote(&old.path), quote(&place.path)));
    }
    Ok(notes)
}

/// Where an artifact is.
struct Place {
    ulid: String,
    key: String,
    /// The directory of a plugin, or the file.
    path: RepoPath,
    document: RepoPath,
}

fn places(index: &Index) -> Vec<Place> {
    let plugins = index.plugins.iter().map(|plugin| Place {
        ulid: plugin.ulid.clone(),
        key: plugin.key.clone(),
        path: plugin.directory(),
        document: plugin.directory().join(SPEC.as_bytes()),
    });
    let documents = index.documents.iter().map(|document| Place {
        ulid: document.ulid.clone(),
        key: document.key.clone(),
        path: document.file(),
        document: document.file(),
    });
    plugins.chain(documents).filter(|place| !place.ulid.is_empty()).collect()
}
