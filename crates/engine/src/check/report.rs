//! Describes the breaches of a check as findings, with the commits that first set the values.

use std::collections::{BTreeMap, BTreeSet};

use diagnostic::{CommitInfo, Diagnostic};
use policy::Kind;
use snapshot::fold::fold;
use snapshot::{Change, ObjectId, RepoPath, Result, Snapshot};

use super::CheckRequest;
use crate::breach_context::BreachContext;
use crate::commit_info::commit_info;
use crate::disciplines::{Contents, PathBreach, Removal};
use crate::rule_set::RuleSet;
use crate::touched::{Reach, Touch, last_touches};

/// How many commits are searched for the one that first set a value: the result only explains.
const MAX_EXPLAINED_COMMITS: usize = 20_000;

/// Collects the findings of a check.
pub(super) struct Reporter<'c, 'r> {
    request: &'c CheckRequest<'r>,
    merge_base: ObjectId,
    pub(super) findings: Vec<Diagnostic>,
    /// What the author of the change should know of what it may do.
    pub(super) notes: Vec<String>,
    /// Whether recorded lines of the ledger were changed or removed.
    pub(super) ledger_rewritten: bool,
    /// How often breaches were reported: once for each comparison and commit.
    rounds: usize,
}

impl<'c, 'r> Reporter<'c, 'r> {
    pub(super) fn new(request: &'c CheckRequest<'r>, merge_base: ObjectId) -> Reporter<'c, 'r> {
        Reporter {
            request,
            merge_base,
            findings: Vec::new(),
            notes: Vec::new(),
            ledger_rewritten: false,
            rounds: 0,
        }
    }

    /// Reports breaches; `commit` is the commit that introduced them, where each is checked.
    pub(super) fn report(
        &mut self,
        breaches: &[PathBreach],
        contents: &mut dyn Contents,
        restore_from: ObjectId,
        commit: Option<&CommitInfo>,
    ) -> Result<()> {
        let objects = self.request.repository.objects();
        // The more there is to explain, the shorter each search is.
        self.rounds += 1;
        let existing: BTreeSet<RepoPath> = breaches
            .iter()
            .filter(|breach| breach.before.is_some())
            .map(|breach| breach.path.clone())
            .collect();
        let reach = Reach::Explains(MAX_EXPLAINED_COMMITS / self.rounds);
        let touches = last_touches(objects, self.merge_base, existing, reach)?;
        for breach in breaches {
            let touch = touches.get(&breach.path);
            let first_set_in = touch.map(|touch| objects.commit(touch.commit)).transpose()?;
            let mut context = BreachContext {
                contents: &mut *contents,
                first_set_in: first_set_in.as_ref().map(commit_info),
                restore_from: Some(restore_from),
            };
            self.ledger_rewritten |= breach.rewrites_ledger();
            if let Some(mut finding) = RuleSet(self.request.rules).describe(breach, &mut context)? {
                finding.commit = commit.cloned();
                self.findings.push(finding);
            }
        }
        Ok(())
    }
}

/// Searches the history of the base branch for the removal of added names, where a discipline protects removed names.
pub(super) fn removed_names(
    request: &CheckRequest<'_>,
    base: &dyn Snapshot,
    changes: &[Change],
) -> Result<BTreeMap<Vec<u8>, Removal>> {
    let mut names: BTreeSet<RepoPath> = BTreeSet::new();
    for discipline in request.policy.disciplines.iter().filter(|discipline| discipline.kind == Kind::Burned) {
        for change in changes.iter().filter(|change| change.before.is_none()) {
            if let Some(identity) = discipline.pattern.identity_of(change.path.as_bytes()).map(RepoPath::new)
                && base.find(&identity)?.is_none()
            {
                // Many systems ignore case in names.
                names.extend([&identity, &change.path].map(|path| RepoPath::new(fold(path.as_bytes()))));
            }
        }
    }
    let touches = last_touches(request.repository.objects(), request.base, names, Reach::Folded)?;
    let removal = |touch: Touch| Removal { object: touch.before, by: Some(touch.commit) };
    let removed = touches.into_iter().filter(|(_, touch)| touch.after.is_none());
    Ok(removed.map(|(path, touch)| (path.as_bytes().to_vec(), removal(touch))).collect())
}
