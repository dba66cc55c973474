//! A cache of directory listings: rules list the large directories of a snapshot many times, and it never changes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use snapshot::{Listing, Mode, Node, RepoPath, Result};

/// The listed directories of one snapshot.
#[derive(Default)]
pub(crate) struct Listed(Mutex<HashMap<RepoPath, Arc<Listing>>>);

impl Listed {
    /// Returns the listing of a directory, which is made on first use.
    pub(crate) fn get(
        &self,
        path: &RepoPath,
        make: impl FnOnce() -> Result<Listing>,
    ) -> Result<Arc<Listing>> {
        let known = || self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(listing) = known().get(path) {
            return Ok(listing.clone());
        }
        let listing = Arc::new(make()?);
        known().insert(path.clone(), listing.clone());
        Ok(listing)
    }
}

/// Finds the node at a path, with one listing per parent directory.
pub(crate) fn find(
    root: Node,
    path: &RepoPath,
    list: &dyn Fn(&Node) -> Result<Arc<Listing>>,
) -> Result<Option<Node>> {
    let mut node = root;
    for name in path.components() {
        if node.object.mode != Mode::Directory {
            return Ok(None);
        }
        match list(&node)?.get(name) {
            Some(entry) => node = Node { path: node.path.join(name), object: entry.object },
            None => return Ok(None),
        }
    }
    Ok(Some(node))
}
