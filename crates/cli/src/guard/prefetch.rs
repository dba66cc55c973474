//! Fetches in a few steps what a check of a partial clone needs; the rest is fetched one by one when it is read.

use std::collections::BTreeSet;

use policy::Policy;
use repo::{CommitHeader, Comparison, Repository, Scope, TreeDiffer, Walk, merge_bases};
use snapshot::{Kind, Node, Object, ObjectId, RepoPath, Snapshot};

use crate::error::CommandError;

/// The directories that every check reads: policy, identities, ledger.
const GOVERNANCE: [&str; 3] = ["policy-packs", "ids", ".ledger"];

struct Everything;

impl Scope for Everything {
    fn enter(&self, _: &RepoPath) -> bool {
        true
    }

    fn concerns(&self, _: &RepoPath) -> bool {
        true
    }
}

/// Fetches the policy, the cards and the ledger of commits.
pub(super) fn governance(repository: &Repository, commits: &[ObjectId]) -> Result<(), CommandError> {
    if !repository.objects().fetches() {
        return Ok(());
    }
    let mut files = BTreeSet::new();
    for id in commits {
        let commit = repository.commit(*id)?;
        for directory in GOVERNANCE {
            files.extend(
                commit
                    .find(&RepoPath::from(directory))?
                    .map(|node| files_below(&commit, node))
                    .transpose()?
                    .unwrap_or_default(),
            );
        }
    }
    Ok(repository.objects().prefetch(files)?)
}

/// Fetches the specs of the head, and the changed files that the policy governs or that belong to a plugin.
pub(super) fn change(
    repository: &Repository,
    policy: &Policy,
    base: ObjectId,
    head: ObjectId,
) -> Result<(), CommandError> {
    let objects = repository.objects();
    if !objects.fetches() {
        return Ok(());
    }
    let mut files = BTreeSet::new();
    let tree = objects.commit(head)?.tree;
    for from in merge_bases(objects, base, head)?.into_iter().chain([base]) {
        let mut differ = TreeDiffer::new(objects, Comparison::Whole);
        let compared = differ.compare(Some(objects.commit(from)?.tree), tree, &Everything)?;
        for change in compared.changes {
            let path = change.path.as_bytes();
            if policy.concerns(&change.path) || is_of_a_plugin(path) || path.ends_with(b".md") {
                files.extend([change.before, change.after].into_iter().flatten().filter_map(file));
            }
        }
    }
    for id in [base, head] {
        let commit = repository.commit(id)?;
        let Some(plugins) = commit.find(&RepoPath::from("plugins"))? else { continue };
        if plugins.object.mode.kind() == Kind::Directory {
            for entry in commit.list(&plugins)?.iter() {
                let spec = plugins.path.join(entry.name).join(b"plugin.spec.json");
                files.extend(commit.find(&spec)?.and_then(|node| file(node.object)));
            }
        }
    }
    Ok(objects.prefetch(files)?)
}

/// Fetches the trees of a history: each comes with the trees below it.
///
/// Returns the commits, oldest first; none where nothing is fetched, or the history is incomplete, which its reader reports.
pub(super) fn trees_of_history(
    repository: &Repository,
    head: ObjectId,
    since: Option<ObjectId>,
    walk: Walk,
) -> Result<Vec<CommitHeader>, CommandError> {
    let objects = repository.objects();
    if !objects.fetches() {
        return Ok(Vec::new());
    }
    let Ok(commits) = repo::walk(objects, head, &mut |id| since == Some(id), walk) else {
        return Ok(Vec::new());
    };
    objects.prefetch(commits.iter().map(|commit| commit.tree))?;
    Ok(commits)
}

/// Fetches the files of a history that the policy governs, and those that define it.
pub(super) fn files_of_history(
    repository: &Repository,
    policy: &Policy,
    commits: &[CommitHeader],
) -> Result<(), CommandError> {
    let objects = repository.objects();
    let mut files = BTreeSet::new();
    for commit in commits {
        let before = commit.parents.first().map(|parent| objects.commit(*parent)).transpose()?;
        let mut differ = TreeDiffer::new(objects, Comparison::Whole);
        let compared = differ.compare(before.map(|commit| commit.tree), commit.tree, &Everything)?;
        for change in compared.changes {
            let directory = change.path.components().next().unwrap_or_default();
            let is_governance = GOVERNANCE.iter().any(|name| name.as_bytes() == directory);
            if is_governance || policy.concerns(&change.path) || is_of_a_plugin(change.path.as_bytes()) {
                files.extend([change.before, change.after].into_iter().flatten().filter_map(file));
            }
        }
    }
    Ok(objects.prefetch(files)?)
}

fn is_of_a_plugin(path: &[u8]) -> bool {
    path.starts_with(b"plugins/")
}

fn file(object: Object) -> Option<ObjectId> {
    object.id.filter(|_| matches!(object.mode.kind(), Kind::File | Kind::Link))
}

fn files_below(snapshot: &dyn Snapshot, node: Node) -> Result<Vec<ObjectId>, CommandError> {
    let mut files = Vec::new();
    let mut pending = vec![node];
    while let Some(node) = pending.pop() {
        if node.object.mode.kind() == Kind::Directory {
            for entry in snapshot.list(&node)?.iter() {
                pending.push(Node { path: node.path.join(entry.name), object: entry.object });
            }
        } else {
            files.extend(file(node.object));
        }
    }
    Ok(files)
}
