//! The last commit that touched a path: a walk from a commit along its first parents.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use repo::{Comparison, Objects, Scope, TreeDiffer};
use snapshot::fold::fold;
use snapshot::{Object, ObjectId, RepoPath, Result};

/// The last commit that changed a path, and the objects before and after.
pub(crate) struct Touch {
    pub(crate) commit: ObjectId,
    pub(crate) before: Option<Object>,
    pub(crate) after: Option<Object>,
}

/// How far a walk goes, and which names are equal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// At most this many commits; an incomplete history only explains less.
    Explains(usize),
    /// To the root, and an incomplete history is an error; the paths are case-folded, and every name that folds to one of them counts.
    Folded,
}

/// Only the paths in question and the directories that lead to them.
struct TouchedScope<'w> {
    paths: &'w BTreeSet<RepoPath>,
    reach: Reach,
}

impl TouchedScope<'_> {
    /// The form in which a name is compared.
    fn form<'p>(&self, path: &'p RepoPath) -> Cow<'p, [u8]> {
        match self.reach {
            Reach::Explains(_) => Cow::Borrowed(path.as_bytes()),
            Reach::Folded => fold(path.as_bytes()),
        }
    }
}

impl Scope for TouchedScope<'_> {
    fn enter(&self, directory: &RepoPath) -> bool {
        let directory = RepoPath::new(self.form(directory));
        let inside = directory.join(b"");
        let is_inside = |path: &RepoPath| path.as_bytes().starts_with(inside.as_bytes());
        self.paths.range(inside.clone()..).next().is_some_and(is_inside)
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
    paths: BTreeSet<RepoPath>,
    reach: Reach,
) -> Result<BTreeMap<RepoPath, Touch>> {
    match reach {
        Reach::Explains(_) => objects.without_fetching(|| walk_back(objects, from, paths, reach)),
        Reach::Folded => walk_back(objects, from, paths, reach),
    }
}

fn walk_back(
    objects: &Objects,
    from: ObjectId,
    mut paths: BTreeSet<RepoPath>,
    reach: Reach,
) -> Result<BTreeMap<RepoPath, Touch>> {
    let mut found = BTreeMap::new();
    let mut differ = TreeDiffer::new(objects, Comparison::Deltas);
    let mut next = Some(objects.commit(from)?);
    let most = if let Reach::Explains(most) = reach { most } else { usize::MAX };
    for _ in 0..most {
        let (Some(commit), false) = (next, paths.is_empty()) else { break };
        // A shallow clone ends here: an explanation is left out, and a decision is an error.
        let parent = match commit.parents.first().map(|id| objects.commit(*id)).transpose() {
            Err(snapshot::Error::Missing { .. }) if reach != Reach::Folded => break,
            other => other?,
        };
        let tree = parent.as_ref().map(|parent| parent.tree);
        let scope = TouchedScope { paths: &paths, reach };
        let compared = match differ.compare(tree, commit.tree, &scope) {
            Err(snapshot::Error::Missing { .. }) if reach != Reach::Folded => break,
            other => other?,
        };
        for change in compared.changes {
            let name = RepoPath::new(scope.form(&change.path));
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
