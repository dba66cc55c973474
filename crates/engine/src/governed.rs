//! Counts the files of a tree that the policy governs; a report contains the count when all checks pass.

use index::SPEC;
use policy::{POLICY_PATH, Policy};
use snapshot::{Kind, Node, RepoPath, Result, Snapshot};

/// Counts the files that a discipline governs. Only directories that a pattern can enter are read.
///
/// # Errors
/// When a directory cannot be read.
pub fn count_governed(snapshot: &dyn Snapshot, policy: &Policy) -> Result<u64> {
    let mut count = 0;
    let mut directories: Vec<Node> = vec![snapshot.root()?];
    while let Some(directory) = directories.pop() {
        for entry in snapshot.list(&directory)?.iter() {
            let node = Node { path: directory.path.join(entry.name), object: entry.object };
            if node.object.mode.kind() == Kind::Directory {
                if policy.enters(&node.path) {
                    directories.push(node);
                }
            } else if policy.concerns(&node.path) {
                count += 1;
            }
        }
    }
    Ok(count)
}

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
