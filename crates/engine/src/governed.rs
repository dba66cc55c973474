//! Whether anything in a tree is governed: a run that checked nothing is not a pass.

use index::SPEC;
use policy::{POLICY_PATH, Policy};
use snapshot::{RepoPath, Result, Snapshot};

use crate::policy_coverage::count_governed;

/// Returns whether nothing in a tree is governed: no file by a discipline, no plugin, and no policy of its own.
///
/// # Errors
/// When a directory cannot be read.
pub fn governs_nothing(snapshot: &dyn Snapshot, policy: &Policy) -> Result<bool> {
    if policy.has_file || snapshot.find(&RepoPath::from(POLICY_PATH))?.is_some() {
        return Ok(false);
    }
    for plugin in policy.layout.directories(snapshot)? {
        if snapshot.find(&plugin.path.join(SPEC.as_bytes()))?.is_some() {
            return Ok(false);
        }
    }
    Ok(count_governed(snapshot, policy)? == 0)
}
