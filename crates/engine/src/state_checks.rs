//! Runs the rules about artifacts on a change, or on every artifact of a tree.

use std::collections::BTreeSet;

use diagnostic::Diagnostic;
use dialect::Claimed;
use index::{Claims, Index};
use policy::{Date, Policy};
use rayon::prelude::*;
use snapshot::{Change, Result, Snapshot};

use crate::moves::{self, IndexedTree};
use crate::rule_set::RuleSet;
use crate::state::{
    ArtifactPaths, CoverageReports, Covered, OpenTree, StateContext, StateInput, touched_documents,
};

/// A change, and the base branch that it is compared with.
pub(crate) struct BaseAndHead<'s> {
    pub(crate) head: &'s dyn Snapshot,
    /// The tip of the base branch.
    pub(crate) tip: &'s dyn Snapshot,
    pub(crate) changes: &'s [Change],
    /// Whether the change touches identities.
    pub(crate) touches_identities: bool,
    /// Whether the base branch itself is checked after a push.
    pub(crate) pushed: bool,
    /// Opens a tree of the repository, where there is one.
    pub(crate) open_tree: Option<&'s dyn OpenTree>,
    /// What manifests of other plugin systems claim.
    pub(crate) claimed: &'s Claimed,
    /// The coverage reports that the run is given.
    pub(crate) coverage: CoverageReports<'s>,
}

/// Runs the rules about artifacts on those that a change touches.
///
/// `known` returns the index of an earlier run; returned is the index of the base branch, where it differs from that.
pub(crate) fn check_artifacts(
    rules: RuleSet<'_>,
    policy: &Policy,
    trees: &BaseAndHead<'_>,
    known: &dyn Fn() -> Option<Index>,
    today: Date,
    findings: &mut Vec<Diagnostic>,
    notes: &mut Vec<String>,
) -> Result<Option<Index>> {
    let empty = Index::default();
    let (mut known_index, mut built, mut base_index) = (None, None, None);
    let mut index = Index::default();
    let coverage = Covered::new(trees.coverage, &policy.layout);
    // A removed file may be the target of links in any artifact.
    let removes = trees.changes.iter().any(|change| change.before.is_some() && change.after.is_none());
    let has_identities = removes || trees.touches_identities;
    if has_identities {
        known_index = known();
        let known: Vec<&Index> = known_index.iter().collect();
        let base = Index::build(trees.tip, &policy.layout, &known)?;
        let known: Vec<&Index> = known.into_iter().chain(Some(&base)).collect();
        index = Index::build(trees.head, &policy.layout, &known)?;
        let touched = touched_documents(trees.changes);
        index.add_documents(trees.head, &touched)?;
        let mut with_touched = base.clone();
        with_touched.add_documents(trees.tip, &touched)?;
        (built, base_index) = (Some(base), Some(with_touched));
    }
    if let Some(base) = &base_index {
        let base = IndexedTree { tree: trees.tip, index: base };
        let head = IndexedTree { tree: trees.head, index: &index };
        notes.extend(moves::notes(&base, &head, trees.changes, policy)?);
    }
    let input = StateInput {
        head: trees.head,
        changes: Some(trees.changes),
        has_identities,
        index: &index,
        claimed: trees.claimed,
        identified: &BTreeSet::new(),
        tip: Some(trees.tip),
        base_index: Some(base_index.as_ref().unwrap_or(&empty)),
        open_tree: trees.open_tree,
        pushed: trees.pushed,
        policy,
        today,
        coverage: &coverage,
    };
    let paths = ArtifactPaths::of(&input)?;
    let claims =
        Claims::gather(&index, input.base_index, trees.changes, &|path| paths.contains(path, &policy.layout));
    rules.check_state(&StateContext::open(&input, &paths, &claims)?, findings)?;
    Ok(built.filter(|base| known_index.as_ref() != Some(base)))
}

/// Runs the rules about artifacts on every artifact of a tree, in parallel shares; returns the number of files.
pub(crate) fn check_all_artifacts(
    rules: RuleSet<'_>,
    input: &StateInput<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Result<u64> {
    let claims = Claims::gather(input.index, input.base_index, &[], &|_| true);
    let shares = ArtifactPaths::of(input)?.shares();
    let checked: Vec<Result<(u64, Vec<Diagnostic>)>> = shares
        .par_iter()
        .map(|share| {
            let mut findings = Vec::new();
            let context = StateContext::open(input, share, &claims)?;
            rules.check_state(&context, &mut findings)?;
            Ok((context.files(), findings))
        })
        .collect();
    let mut files = 0;
    for share in checked {
        let (count, mut found) = share?;
        files += count;
        findings.append(&mut found);
    }
    Ok(files)
}
