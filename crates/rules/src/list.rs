//! Every rule, from the slices of the families.

use engine::Rule;

/// The slices of the families, in the order of the codes.
const FAMILIES: &[&[&Rule]] = &[
    crate::immutability::RULES,
    crate::git_objects::RULES,
    crate::ledger::RULES,
    crate::cards::RULES,
    crate::uniqueness::RULES,
    crate::one_artifact::RULES,
    crate::structure::RULES,
    crate::schemas::RULES,
    crate::derived::RULES,
    crate::compatibility::RULES,
    crate::documents::RULES,
    crate::capabilities::RULES,
    crate::policy::RULES,
    crate::custom::RULES,
];

/// Every rule, by family and code. Pages, `explain`, SARIF, the JSON list and the completeness test derive from it.
pub const ALL: &[&Rule] = &concatenated::<{ count() }>();

const fn count() -> usize {
    let (mut count, mut family) = (0, 0);
    while family < FAMILIES.len() {
        count += FAMILIES[family].len();
        family += 1;
    }
    count
}

const fn concatenated<const N: usize>() -> [&'static Rule; N] {
    let mut all = [FAMILIES[0][0]; N];
    let (mut next, mut family) = (0, 0);
    while family < FAMILIES.len() {
        let mut at = 0;
        while at < FAMILIES[family].len() {
            all[next] = FAMILIES[family][at];
            next += 1;
            at += 1;
        }
        family += 1;
    }
    all
}

/// Finds a rule by its code or name, ignoring case.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    let id = codes::find(name)?;
    ALL.iter().copied().find(|rule| rule.info.id == id)
}

#[cfg(test)]
mod tests {
    use ::ledger::FaultKind;
    use ::policy::Subject;
    use engine::{Breach, BreachContext, Check, Contents, CustomIssue, LedgerIssue, PathBreach};
    use repo::Appended;
    use snapshot::{Change, Object, RepoPath, Result};

    use super::*;

    #[test]
    fn every_code_has_its_rule() {
        let ids: Vec<_> = ALL.iter().map(|rule| rule.info.id).collect();
        assert_eq!(ids, codes::ALL);
    }

    /// The contents of a change without objects.
    struct NoContents;

    impl Contents for NoContents {
        fn before(&mut self, path: &RepoPath, _: Object) -> Result<Vec<u8>> {
            panic!("{path:?} has no version before")
        }

        fn after(&mut self, path: &RepoPath, _: Object) -> Result<Vec<u8>> {
            panic!("{path:?} has no version after")
        }

        fn appended(&mut self, change: &Change) -> Result<Appended> {
            panic!("{:?} has no versions", change.path)
        }
    }

    #[test]
    fn each_breach_has_exactly_one_rule() {
        // A note is not a breach.
        let is_breach = |breach: &Breach| !matches!(breach, Breach::FieldNoted { .. });
        for breach in Breach::each().into_iter().filter(is_breach) {
            for subject in [Subject::Path, Subject::Card, Subject::Ledger] {
                let breach = PathBreach {
                    kind: breach.clone(),
                    subject,
                    path: RepoPath::from("a.yaml"),
                    before: None,
                    after: None,
                    origin: None,
                    format: None,
                    element: None,
                    identity: None,
                };
                let describes = |rule: &&&Rule| match rule.check {
                    Check::Breach(describe) => {
                        let mut contents = NoContents;
                        let found = describe(&breach, &mut BreachContext::new(&mut contents)).unwrap();
                        found.is_some_and(|finding| {
                            assert_eq!(finding.rule.id, rule.info.id);
                            true
                        })
                    }
                    _ => false,
                };
                assert_eq!(ALL.iter().filter(describes).count(), 1, "{breach:?}");
            }
        }
    }

    #[test]
    fn each_issue_of_a_ledger_has_exactly_one_rule() {
        let faults = [
            FaultKind::LineInvalid,
            FaultKind::Order,
            FaultKind::UnknownSubject,
            FaultKind::IllegalTransition,
            FaultKind::CheckpointMismatch,
            FaultKind::CheckpointUntrusted,
            FaultKind::CheckpointNotAncestor,
            FaultKind::NotDerivable,
        ];
        use LedgerIssue as I;
        let others = [
            I::Touched,
            I::Request,
            I::Published,
            I::TagMoved,
            I::TagMissing,
            I::TagAltered,
            I::TagUnrecorded,
            I::VersionUnrecorded,
        ];
        for issue in faults.map(I::Fault).into_iter().chain(others) {
            let reports =
                |rule: &&&Rule| matches!(rule.check, Check::Ledger { issue: own, .. } if own == issue);
            assert_eq!(ALL.iter().filter(reports).count(), 1, "{issue:?}");
        }
    }

    #[test]
    fn each_issue_of_a_pack_has_exactly_one_rule() {
        for issue in [CustomIssue::Schema, CustomIssue::Denied, CustomIssue::Warned] {
            let reports = |rule: &&&Rule| matches!(rule.check, Check::Custom(own) if own == issue);
            assert_eq!(ALL.iter().filter(reports).count(), 1, "{issue:?}");
        }
    }
}
