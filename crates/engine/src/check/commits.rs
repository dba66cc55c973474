//! Checks every commit of a range against each of its parents.

use std::collections::{BTreeMap, HashMap, HashSet};

use repo::{Commit, CommitHeader, Comparison, TreeDiffer};
use snapshot::fold::fold;
use snapshot::{Change, ObjectId, RepoPath, Result, Snapshot};

use super::past_elements::find_past_elements;
use super::report::{Reporter, removed_names};
use super::{AlreadyMerged, CheckRequest};
use crate::commit_info::commit_info;
use crate::disciplines::{BreachVariant, Documents, Removal, TreeDiff, TreePriorState, check_disciplines};
use crate::scope::FullScope;

/// Checks every commit of the range against each of its parents.
pub(super) fn check_each_commit(
    request: &CheckRequest<'_>,
    commits: &[CommitHeader],
    origin: &dyn Snapshot,
    tip: &Commit<'_>,
    merged: &AlreadyMerged,
    reporter: &mut Reporter<'_, '_>,
) -> Result<()> {
    let repository = request.repository;
    let past_elements = find_past_elements(request);
    let mut parsed = Documents::default();
    let mut differ = TreeDiffer::new(repository.objects(), Comparison::Whole);
    let mut reported: HashSet<(BreachVariant, RepoPath, Option<ObjectId>)> = HashSet::new();
    let mut removed_here: BTreeMap<Vec<u8>, Removal> = BTreeMap::new();
    for commit in commits {
        let after = repository.commit(commit.id)?;
        let info = commit_info(commit);
        for (at, &parent) in commit.parents.iter().enumerate() {
            let before = repository.commit(parent)?;
            let mut compared = differ.compare(Some(before.header().tree), commit.tree, &FullScope)?;
            compared.changes.retain(|change| !merged.contains(change));
            let diff = TreeDiff {
                changes: &compared.changes,
                faults: &compared.faults,
                secondary: at > 0,
                before: Some(&before),
            };
            // What the branch removed, and what the base branch had removed before it.
            let mut removed = removed_names(request, tip, &compared.changes)?;
            removed.extend(removed_here.clone());
            let mut prior = TreePriorState {
                before: vec![&before],
                after: &after,
                origin,
                removed,
                lookups: HashMap::new(),
                past_elements: &past_elements,
            };
            let mut breaches =
                check_disciplines(request.policy, &diff, &mut differ, &mut prior, &mut parsed)?;
            // The comparisons with further parents repeat what the first one reports.
            breaches.retain(|breach| {
                let is_new = reported.insert(breach.key());
                at == 0 || is_new
            });
            for change in compared.changes.iter().filter(|change| change.after.is_none()) {
                note_removal(change, commit.id, &after, &mut removed_here)?;
            }
            reporter.report(&breaches, &mut differ, parent, Some(&info))?;
        }
    }
    Ok(())
}

/// Notes the removal of a file, and of each directory that ends with it.
fn note_removal(
    change: &Change,
    commit: ObjectId,
    after: &dyn Snapshot,
    removed: &mut BTreeMap<Vec<u8>, Removal>,
) -> Result<()> {
    let by = Some(commit);
    removed.insert(fold(change.path.as_bytes()).into_owned(), Removal { object: change.before, by });
    for prefix in change.path.parent().prefixes() {
        if after.find(&RepoPath::new(prefix))?.is_none() {
            removed.insert(fold(prefix).into_owned(), Removal { object: None, by });
        }
    }
    Ok(())
}
