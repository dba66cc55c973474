//! The scope of a comparison that covers the whole tree.

use repo::Scope;
use snapshot::RepoPath;

/// Compares every directory and file.
pub(crate) struct FullScope;

impl Scope for FullScope {
    fn enter(&self, _: &RepoPath) -> bool {
        true
    }

    fn concerns(&self, _: &RepoPath) -> bool {
        true
    }
}
