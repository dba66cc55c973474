//! What the policy of a change governs: how many files, and which of its parts match nothing.

use diagnostic::{Diagnostic, Status};
use policy::{Discipline, Policy};
use snapshot::{Change, Object, Snapshot};

use super::CheckRequest;
use crate::policy_coverage::{GapSearch, Gaps, is_same};
use crate::rule_set::RuleSet;

/// Reports the parts of the policy that match nothing; returns the number of files that the policy of the base branch governs.
///
/// A new entry is compared with every document, another one with few, and only where the change touches its files: the cost
/// follows the change. What the change leaves alone need not be readable in this clone, so nothing is reported then.
pub(super) fn check_coverage(
    request: &CheckRequest<'_>,
    own: Option<&Policy>,
    changes: &[Change],
    base: &dyn Snapshot,
    head: &dyn Snapshot,
    findings: &mut Vec<Diagnostic>,
) -> Option<u64> {
    let objects = request.repository.objects();
    // A clone that fetches what it lacks would fetch the whole repository, object by object.
    let is_present = |object: &Object| !objects.fetches() || object.id.is_some_and(|id| objects.contains(id));
    let search = CoverageSearch { base_policy: request.policy, own, changes, base, head };
    let found = search.find(&is_present);
    let is_of_base = own.is_none();
    let governed = found.as_ref().map(|gaps| gaps.governed);
    findings.extend(found.iter().flat_map(|gaps| search.describe(RuleSet(request.rules), gaps)));
    if is_of_base {
        return governed;
    }
    let of_base = CoverageSearch { own: None, changes: &[], ..search };
    of_base.find(&is_present).map(|gaps| gaps.governed)
}

/// The policies and trees of a change.
#[derive(Clone, Copy)]
pub(crate) struct CoverageSearch<'c> {
    /// The policy in force.
    pub(crate) base_policy: &'c Policy,
    /// The policy of the new version, where the change touches it.
    pub(crate) own: Option<&'c Policy>,
    pub(crate) changes: &'c [Change],
    pub(crate) base: &'c dyn Snapshot,
    pub(crate) head: &'c dyn Snapshot,
}

impl CoverageSearch<'_> {
    /// Finds the gaps of the newer policy; `None` where the tree cannot be read here.
    pub(crate) fn find(&self, is_present: &dyn Fn(&Object) -> bool) -> Option<Gaps> {
        let documents = |discipline: &Discipline| {
            let is_touched = self.changes.iter().any(|change| discipline.governs(&change.path));
            match (self.is_new(discipline), is_touched) {
                (true, _) => GapSearch::MANY_DOCUMENTS,
                (false, true) => GapSearch::FEW_DOCUMENTS,
                (false, false) => 0,
            }
        };
        let search = GapSearch {
            policy: self.policy(),
            head: self.head,
            base: Some(self.base),
            existed: &|_| false,
            documents: &documents,
            changes: self.changes,
            is_present,
        };
        search.run().ok().flatten()
    }

    /// Describes gaps as findings; those of entries that the base branch has are not new.
    pub(crate) fn describe(&self, rules: RuleSet<'_>, gaps: &Gaps) -> Vec<Diagnostic> {
        let describe = |gap| {
            let mut finding = rules.describe_gap(gap)?;
            if !self.is_new(&self.policy().disciplines[gap.discipline]) {
                finding.status = Status::Existing;
            }
            Some(finding)
        };
        gaps.found.iter().filter_map(describe).collect()
    }

    fn policy(&self) -> &Policy {
        self.own.unwrap_or(self.base_policy)
    }

    fn is_new(&self, discipline: &Discipline) -> bool {
        self.own.is_some() && !self.base_policy.disciplines.iter().any(|known| is_same(known, discipline))
    }
}
