//! The mainline commits after the last recorded one, or the evidence that the history was rewritten.

use std::collections::HashSet;

use repo::{CommitHeader, Repository, Walk, is_ancestor, walk};
use snapshot::{Error, ObjectId, Result};

/// The result of walking back to the last recorded commit.
#[derive(Debug)]
pub enum Since {
    /// The commits after it, parents before children.
    Commits(Vec<CommitHeader>),
    /// The last recorded commit is not on the mainline.
    Rewritten(Rewritten),
}

/// The evidence that recorded history was rewritten.
#[derive(Debug)]
pub struct Rewritten {
    /// The source commit of the last derived line.
    pub last: ObjectId,
    /// The commit to be recorded.
    pub head: ObjectId,
    /// Whether the commit is an ancestor of `head`, but not on the first-parent line: a foxtrot merge.
    pub merged_behind: bool,
    /// Whether the commit object exists.
    pub exists: bool,
    /// The commits of the mainline.
    pub mainline: HashSet<ObjectId>,
}

/// Walks the mainline from `head` back to the last recorded commit.
///
/// # Errors
/// When a commit on the way is missing, as in a shallow clone.
pub fn since(repository: &Repository, last: ObjectId, head: ObjectId) -> Result<Since> {
    let objects = repository.objects();
    if last == head {
        return Ok(Since::Commits(Vec::new()));
    }
    // Another writer was faster: `head` is already recorded.
    if objects.contains(last) && is_ancestor(objects, head, last).unwrap_or(false) {
        return Ok(Since::Commits(Vec::new()));
    }
    let commits = walk(objects, head, &mut |id| id == last, Walk::FirstParent)?;
    let first = commits.first().and_then(|first| first.parents.first());
    if first == Some(&last) {
        return Ok(Since::Commits(commits));
    }
    let exists = objects.contains(last);
    let merged_behind = exists
        && match is_ancestor(objects, last, head) {
            Ok(is_part) => is_part,
            Err(Error::Missing { .. }) => false,
            Err(error) => return Err(error),
        };
    let mainline = commits.iter().map(|commit| commit.id).collect();
    Ok(Since::Rewritten(Rewritten { last, head, merged_behind, exists, mainline }))
}

/// Returns whether a commit is on the mainline of `head`.
///
/// # Errors
/// When a commit on the way is missing, as in a shallow clone.
pub fn is_on_mainline(repository: &Repository, commit: ObjectId, head: ObjectId) -> Result<bool> {
    if commit == head {
        return Ok(true);
    }
    let commits = walk(repository.objects(), head, &mut |id| id == commit, Walk::FirstParent)?;
    Ok(commits.first().and_then(|first| first.parents.first()) == Some(&commit))
}
