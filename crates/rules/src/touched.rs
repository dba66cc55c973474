//! Who touched a path last: a walk from a commit back along its first parents.

use std::collections::{BTreeMap, BTreeSet};

use repo::{Comparison, Edges, Objects, Scope};
use snapshot::{Object, ObjectId, RepoPath, Result};

/// The last commit that changed a path, and what stood there before and after.
pub(crate) struct Touch {
    pub(crate) commit: ObjectId,
    pub(crate) before: Option<Object>,
    pub(crate) after: Option<Object>,
}

/// Only the wanted paths and the directories that lead to them.
struct Wanted<'w> {
    paths: &'w BTreeSet<RepoPath>,
}

impl Scope for Wanted<'_> {
    fn enter(&self, directory: &RepoPath) -> bool {
        let inside = directory.join(b"");
        let lies_inside = |path: &RepoPath| path.as_bytes().starts_with(inside.as_bytes());
        self.paths.range(inside.clone()..).next().is_some_and(lies_inside)
            || self.paths.iter().any(|path| is_below(directory, path))
    }

    fn concerns(&self, file: &RepoPath) -> bool {
        self.paths.contains(file) || self.paths.iter().any(|path| is_below(file, path))
    }
}

fn is_below(path: &RepoPath, directory: &RepoPath) -> bool {
    path.as_bytes().starts_with(directory.as_bytes())
        && path.as_bytes().get(directory.as_bytes().len()) == Some(&b'/')
}

/// Finds the last commit that changed each path (a file, or anything below a directory), at or before `from`.
///
/// The walk ends when all are found, or after `most` commits; where `whole`, a history that is cut short is an error.
pub(crate) fn last_touches(
    objects: &Objects,
    from: ObjectId,
    mut paths: BTreeSet<RepoPath>,
    most: usize,
    whole: bool,
) -> Result<BTreeMap<RepoPath, Touch>> {
    let mut found = BTreeMap::new();
    let mut edges = Edges::new(objects, Comparison::Deltas);
    let mut next = Some(objects.commit(from)?);
    for _ in 0..most {
        let (Some(commit), false) = (next, paths.is_empty()) else { break };
        // A shallow clone ends here: what only explains is not told, and what decides is not known.
        let parent = match commit.parents.first().map(|id| objects.commit(*id)).transpose() {
            Err(snapshot::Error::Missing { .. }) if !whole => break,
            other => other?,
        };
        let tree = parent.as_ref().map(|parent| parent.tree);
        let edge = edges.compare(tree, commit.tree, &Wanted { paths: &paths })?;
        for change in edge.changes {
            for path in paths.iter().filter(|path| **path == change.path || is_below(&change.path, path)) {
                let touch = Touch { commit: commit.id, before: change.before, after: change.after };
                found.entry(path.clone()).or_insert(touch);
            }
        }
        paths.retain(|path| !found.contains_key(path));
        next = parent;
    }
    Ok(found)
}
