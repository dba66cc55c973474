//! The workflow files of the working tree.

use repo::Repository;
use snapshot::{Kind, Node, Snapshot as _};

/// The directory of workflows.
pub(crate) const FOLDER: &str = ".github/workflows";
/// The largest workflow that is read, in bytes.
pub(crate) const MAX_WORKFLOW_BYTES: u64 = 1 << 20;

/// The workflows, by path.
pub(crate) fn texts(repository: &Repository) -> Vec<(String, String)> {
    let Ok(tree) = repository.worktree() else { return Vec::new() };
    let Ok(Some(folder)) = tree.find(&FOLDER.into()) else { return Vec::new() };
    let Ok(listing) = tree.list(&folder) else { return Vec::new() };
    let mut found = Vec::new();
    for entry in listing.iter() {
        let name = String::from_utf8_lossy(entry.name).into_owned();
        let is_workflow = name.ends_with(".yml") || name.ends_with(".yaml");
        if !is_workflow || entry.object.mode.kind() != Kind::File {
            continue;
        }
        let path = folder.path.join(entry.name);
        let node = Node { path, object: entry.object };
        if let Ok(bytes) = tree.read(&node, MAX_WORKFLOW_BYTES) {
            found.push((format!("{FOLDER}/{name}"), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
    found
}
