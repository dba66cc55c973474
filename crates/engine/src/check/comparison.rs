//! Compares the head of a change with each merge base and the tip of the base branch.

use std::collections::{BTreeMap, HashMap};

use repo::{Commit, TreeDiffer};
use snapshot::{Change, Fault, Object, ObjectId, RepoPath, Result, Snapshot, diff};

use super::past_elements::find_past_elements;
use super::report::{Reporter, removed_names};
use super::{CheckRequest, Head, MAX_FILE_BYTES};
use crate::disciplines::{
    Documents, PathBreach, SnapshotContents, TreeDiff, TreePriorState, check_disciplines,
};
use crate::scope::FullScope;

/// The head of a change, compared with one commit of the base branch.
pub(super) struct Comparison<'r> {
    /// The commit.
    pub(super) before: Commit<'r>,
    pub(super) changes: Vec<Change>,
    faults: Vec<(RepoPath, Fault)>,
    /// Whether the commit is the tip of the base branch, compared on its own.
    is_tip: bool,
}

/// The differences that a merge would not change: at these paths head and the tip of the base branch contain the same entry, or none.
///
/// They remain after a squash merge of the branch, and in stacked pull requests.
#[derive(Debug, Default)]
pub(crate) struct AlreadyMerged(BTreeMap<RepoPath, Option<Object>>);

impl AlreadyMerged {
    /// Removes the changes that the tip of the base branch already contains, and remembers them.
    fn take_from(&mut self, changes: &mut Vec<Change>, tip: &dyn Snapshot) -> Result<()> {
        let mut kept = Vec::with_capacity(changes.len());
        for change in changes.drain(..) {
            if leaf_at(tip, &change.path)? == change.after {
                self.0.insert(change.path, change.after);
            } else {
                kept.push(change);
            }
        }
        *changes = kept;
        Ok(())
    }

    /// Returns whether a step leads to an entry that the tip of the base branch already contains, and that head contains as well.
    pub(crate) fn contains(&self, change: &Change) -> bool {
        self.0.get(&change.path) == Some(&change.after)
    }
}

/// Returns the entry at a path that is not a directory.
fn leaf_at(snapshot: &dyn Snapshot, path: &RepoPath) -> Result<Option<Object>> {
    let is_leaf = |object: &Object| object.mode != snapshot::Mode::Directory;
    Ok(snapshot.find(path)?.map(|node| node.object).filter(is_leaf))
}

/// Lists the comparisons: the first merge base, the other ones, and the tip of the base branch where it moved on; and what no longer
/// is part of the change.
pub(super) fn comparisons<'r>(
    request: &CheckRequest<'r>,
    bases: &[ObjectId],
    head: &dyn Snapshot,
    tip: &Commit<'_>,
) -> Result<(Vec<Comparison<'r>>, AlreadyMerged)> {
    let repository = request.repository;
    let mut found = Vec::new();
    let mut merged = AlreadyMerged::default();
    for (at, base) in bases.iter().enumerate() {
        let before = repository.commit(*base)?;
        let (mut changes, faults) = match request.head {
            Head::Commit(id) => {
                let mut differ = TreeDiffer::new(repository.objects(), repo::Comparison::Whole);
                let tree = repository.commit(id)?.header().tree;
                let found = differ.compare(Some(before.header().tree), tree, &FullScope)?;
                (found.changes, found.faults)
            }
            // Where histories crossed, what is not committed is compared with the first merge base.
            Head::Index | Head::Worktree if at > 0 => break,
            Head::Index | Head::Worktree => (diff(&before, head, &mut |_| true)?, Vec::new()),
        };
        if *base != request.base {
            merged.take_from(&mut changes, tip)?;
        }
        found.push(Comparison { before, changes, faults, is_tip: false });
    }
    if !bases.starts_with(&[request.base]) {
        let changes = changes_against_tip(&found[0].changes, tip)?;
        let before = repository.commit(request.base)?;
        found.push(Comparison { before, changes, faults: Vec::new(), is_tip: true });
    }
    Ok((found, merged))
}

/// Checks the disciplines in each comparison. A breach that an earlier comparison found is not reported again.
pub(super) fn check_comparisons(
    request: &CheckRequest<'_>,
    comparisons: &[Comparison<'_>],
    head: &dyn Snapshot,
    tip: &Commit<'_>,
    reporter: &mut Reporter<'_, '_>,
) -> Result<()> {
    let removed = removed_names(request, tip, &comparisons[0].changes)?;
    let past_elements = find_past_elements(request);
    let (mut reported, mut parsed) = (Vec::<PathBreach>::new(), Documents::default());
    for comparison in comparisons {
        let before = &comparison.before;
        let diff = TreeDiff {
            changes: &comparison.changes,
            faults: &comparison.faults,
            secondary: false,
            before: Some(before),
        };
        let mut prior = TreePriorState {
            before: if comparison.is_tip { vec![before] } else { vec![before, tip] },
            after: head,
            origin: before,
            removed: removed.clone(),
            lookups: HashMap::new(),
            past_elements: &past_elements,
        };
        let mut contents = SnapshotContents { before, after: head, limit: MAX_FILE_BYTES };
        let mut breaches = check_disciplines(request.policy, &diff, &mut contents, &mut prior, &mut parsed)?;
        breaches.retain(|breach| {
            !reported.iter().any(|other| other.path == breach.path && other.variant() == breach.variant())
        });
        reporter.notes.extend(breaches.iter().filter_map(PathBreach::note));
        reporter.report(&breaches, &mut contents, before.header().id, None)?;
        reported.append(&mut breaches);
    }
    Ok(())
}

/// Returns the changed paths whose value at the tip of the base branch differs from the merge base, compared with the tip.
fn changes_against_tip(changes: &[Change], tip: &dyn Snapshot) -> Result<Vec<Change>> {
    let mut against = Vec::new();
    for change in changes {
        let current = leaf_at(tip, &change.path)?;
        // A path that the change adds may have been removed from the base branch meanwhile: then it comes back.
        let comes_back = current.is_none() && change.after.is_some();
        if current != change.before && current != change.after && (current.is_some() || comes_back)
            || comes_back && change.before.is_none()
        {
            against.push(Change { path: change.path.clone(), before: current, after: change.after });
        }
    }
    Ok(against)
}
