//! Who touched a path last: a walk from a commit back along its first parents.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use repo::{Comparison, Objects, Scope, TreeDiffer};
use snapshot::fold::fold;
use snapshot::{Object, ObjectId, RepoPath, Result};

/// The last commit that changed a path, and what stood there before and after.
pub(crate) struct Touch {
    pub(crate) commit: ObjectId,
    pub(crate) before: Option<Object>,
    pub(crate) after: Option<Object>,
}

/// How far a walk goes, and what it takes for the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// At most so many commits; a history that is cut short only explains less.
    Explains(usize),
    /// To the root, and a history that is cut short is an error; the paths are folded, and any name that folds to one of them counts.
    Folded,
}

/// Only the wanted paths and the directories that lead to them.
struct Wanted<'w> {
    paths: &'w BTreeSet<RepoPath>,
    reach: Reach,
}

impl Wanted<'_> {
    /// The form in which a name is compared.
    fn form<'p>(&self, path: &'p RepoPath) -> Cow<'p, [u8]> {
        match self.reach {
            Reach::Explains(_) => Cow::Borrowed(path.as_bytes()),
            Reach::Folded => fold(path.as_bytes()),
        }
    }
}

impl Scope for Wanted<'_> {
    fn enter(&self, directory: &RepoPath) -> bool {
        let directory = RepoPath::new(self.form(directory));
        let inside = directory.join(b"");
        let lies_inside = |path: &RepoPath| path.as_bytes().starts_with(inside.as_bytes());
        self.paths.range(inside.clone()..).next().is_some_and(lies_inside)
            || self.paths.iter().any(|path| is_below(&directory, path))
    }

    fn concerns(&self, file: &RepoPath) -> bool {
        let file = RepoPath::new(self.form(file));
        self.paths.contains(&file) || self.paths.iter().any(|path| is_below(&file, path))
    }
}

fn is_below(path: &RepoPath, directory: &RepoPath) -> bool {
    path.as_bytes().starts_with(directory.as_bytes())
        && path.as_bytes().get(directory.as_bytes().len()) == Some(&b'/')
}

/// Finds the last commit that changed each path (a file, or anything below a directory), at or before `from`.
///
/// The walk ends when all are found.
pub(crate) fn last_touches(
    objects: &Objects,
    from: ObjectId,
    mut paths: BTreeSet<RepoPath>,
    reach: Reach,
) -> Result<BTreeMap<RepoPath, Touch>> {
    let mut found = BTreeMap::new();
    let mut edges = TreeDiffer::new(objects, Comparison::Deltas);
    let mut next = Some(objects.commit(from)?);
    let most = if let Reach::Explains(most) = reach { most } else { usize::MAX };
    for _ in 0..most {
        let (Some(commit), false) = (next, paths.is_empty()) else { break };
        // A shallow clone ends here: what only explains is not told, and what decides is not known.
        let parent = match commit.parents.first().map(|id| objects.commit(*id)).transpose() {
            Err(snapshot::Error::Missing { .. }) if reach != Reach::Folded => break,
            other => other?,
        };
        let tree = parent.as_ref().map(|parent| parent.tree);
        let wanted = Wanted { paths: &paths, reach };
        let edge = edges.compare(tree, commit.tree, &wanted)?;
        for change in edge.changes {
            let name = RepoPath::new(wanted.form(&change.path));
            for path in paths.iter().filter(|path| **path == name || is_below(&name, path)) {
                let touch = Touch { commit: commit.id, before: change.before, after: change.after };
                found.entry(path.clone()).or_insert(touch);
            }
        }
        paths.retain(|path| !found.contains_key(path));
        next = parent;
    }
    Ok(found)
}
