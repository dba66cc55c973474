//! The input of the checks of a ledger: what a change does to it, and the history behind the change.

use ledger::files::InSnapshot;
use ledger::{Batch, ReadOptions};
use policy::{LedgerMode, Policy};
use repo::{CommitHeader, Repository};
use snapshot::{Change, ObjectId, RepoPath, Result, Snapshot};

use crate::check::AlreadyMerged;
use crate::rule_set::RuleSet;

/// A change, as the checks of the ledger see it.
pub(crate) struct LedgerChange<'c> {
    pub(crate) rules: RuleSet<'c>,
    pub(crate) before: &'c dyn Snapshot,
    pub(crate) after: &'c dyn Snapshot,
    pub(crate) changes: &'c [Change],
    pub(crate) policy: &'c Policy,
    /// Whether recorded lines were changed or removed, which is reported already.
    pub(crate) is_rewritten: bool,
    /// The history that lines are derived from; `None` where there are only trees.
    pub(crate) history: Option<LedgerHistory<'c>>,
}

/// The history behind a change.
pub(crate) struct LedgerHistory<'c> {
    pub(crate) repository: &'c Repository,
    /// The tip of the base branch.
    pub(crate) tip: &'c dyn Snapshot,
    /// The commit that the change begins at.
    pub(crate) merge_base: ObjectId,
    /// The tip of the first-parent history whose events are due: the base branch, or after a push to it what was pushed.
    pub(crate) mainline: ObjectId,
    /// The head, where it is a commit.
    pub(crate) head: Option<ObjectId>,
    /// Whether the base branch itself is checked after a push.
    pub(crate) pushed: bool,
    /// The commits of the change, parents before children.
    pub(crate) commits: &'c [CommitHeader],
    /// Whether each of them may become a commit of the base branch.
    pub(crate) per_commit: bool,
    /// What the tip of the base branch already contains.
    pub(crate) merged: &'c AlreadyMerged,
}

/// Reads the ledger of a snapshot: every line that its checkpoint covers, or in `in-change` mode every line.
pub(super) fn read_whole(snapshot: &dyn Snapshot, mode: LedgerMode) -> Result<Batch> {
    let ignores_tail = mode != LedgerMode::InChange;
    let options = ReadOptions { whole: true, ignores_tail, ..ReadOptions::default() };
    Ok(Batch::new(options.read(&InSnapshot(snapshot), &mut |_, _| {})?))
}

/// Returns whether a path is directly in a directory.
pub(super) fn in_directory(path: &RepoPath, directory: &str) -> bool {
    path.parent() == RepoPath::from(directory)
}
