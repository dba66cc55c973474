//! Which commits are still to be recorded, and what it means when the last recorded one is gone.

use std::collections::HashSet;

use repo::{CommitHeader, Repository, Walk, is_ancestor, walk};
use snapshot::{Error, ObjectId, Result};

/// What follows the last recorded commit on the mainline.
#[derive(Debug)]
pub enum Since {
    /// These commits, parents before children.
    Commits(Vec<CommitHeader>),
    /// The last recorded commit is not on the mainline.
    Rewritten(Rewritten),
}

/// The evidence that the mainline was rewritten under a ledger.
#[derive(Debug)]
pub struct Rewritten {
    /// The commit that the ledger's last derived line names.
    pub last: ObjectId,
    /// The commit that was to be recorded.
    pub head: ObjectId,
    /// Whether the commit is still part of the history, behind another parent of a merge: a foxtrot merge.
    pub behind_a_merge: bool,
    /// Whether the commit's object is still there.
    pub is_there: bool,
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
    // Somebody was faster: what is asked for was recorded with what came after it.
    if objects.contains(last) && is_ancestor(objects, head, last).unwrap_or(false) {
        return Ok(Since::Commits(Vec::new()));
    }
    let commits = walk(objects, head, &mut |id| id == last, Walk::FirstParent)?;
    let first = commits.first().and_then(|first| first.parents.first());
    if first == Some(&last) {
        return Ok(Since::Commits(commits));
    }
    let is_there = objects.contains(last);
    let behind_a_merge = is_there
        && match is_ancestor(objects, last, head) {
            Ok(is_part) => is_part,
            Err(Error::Missing { .. }) => false,
            Err(error) => return Err(error),
        };
    let mainline = commits.iter().map(|commit| commit.id).collect();
    Ok(Since::Rewritten(Rewritten { last, head, behind_a_merge, is_there, mainline }))
}

/// Tells whether a commit is on the mainline of `head`.
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
