//! Which parts of the policy match nothing, as a check of a change reports them.

use diagnostic::{Diagnostic, Status};
use policy::{Discipline, Policy};
use snapshot::{Change, Object, Snapshot};

use super::CheckRequest;
use crate::policy_coverage::{GapSearch, PolicyGap, is_same};
use crate::rule_set::RuleSet;

/// Reports the parts of the policy that match nothing.
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
) {
    let objects = request.repository.objects();
    // A clone that fetches what it lacks would fetch the whole repository, object by object.
    let is_present = |object: &Object| !objects.fetches() || object.id.is_some_and(|id| objects.contains(id));
    let search = CoverageSearch { base_policy: request.policy, own, changes, base, head };
    let found = search.find(&is_present);
    findings.extend(search.describe(RuleSet(request.rules), &found));
}

/// The policies and trees of a change.
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
    /// Finds the gaps of the newer policy; none where the tree cannot be read here.
    pub(crate) fn find(&self, is_present: &dyn Fn(&Object) -> bool) -> Vec<PolicyGap> {
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
        search.run().ok().flatten().unwrap_or_default()
    }

    /// Describes gaps as findings; those of entries that the base branch has are not new.
    pub(crate) fn describe(&self, rules: RuleSet<'_>, gaps: &[PolicyGap]) -> Vec<Diagnostic> {
        let describe = |gap: &PolicyGap| {
            let mut finding = rules.describe_gap(gap)?;
            if !self.is_new(&self.policy().disciplines[gap.discipline]) {
                finding.status = Status::Existing;
            }
            Some(finding)
        };
        gaps.iter().filter_map(describe).collect()
    }

    fn policy(&self) -> &Policy {
        self.own.unwrap_or(self.base_policy)
    }

    fn is_new(&self, discipline: &Discipline) -> bool {
        self.own.is_some() && !self.base_policy.disciplines.iter().any(|known| is_same(known, discipline))
    }
}
