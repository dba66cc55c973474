//! Counts the files of a tree that the policy governs; a report contains the count when all checks pass.

use policy::Policy;
use snapshot::{Kind, Node, Result, Snapshot};

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
