//! A pull request that changes the policy contains nothing else.

use diagnostic::{Diagnostic, Level, Location, Related, RuleInfo};
use engine::{ChangeContext, Check, Rule, is_policy};
use policy::POLICY_PATH;

/// `POL001` policy-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::POLICY_CHANGED,
        summary: "a pull request that changes the policy contains nothing else",
        page: include_str!("README.md"),
    },
    check: Check::Change(check),
};

fn check(change: &ChangeContext<'_>, findings: &mut Vec<Diagnostic>) {
    let mut changed: Vec<_> = change.governance().filter(|path| is_policy(path)).collect();
    // The policy itself explains more than the packs that changed with it.
    changed.sort_by_key(|path| path.as_bytes() != POLICY_PATH.as_bytes());
    let Some(path) = changed.first() else { return };
    let finding = match change.first_other() {
        Some(other) => Diagnostic::new(&RULE.info, "the policy is changed together with other files")
            .related(Related {
                location: Location::of(other),
                commit: None,
                message: "not part of the policy".into(),
            })
            .help("move the policy change into a pull request of its own; every check uses the policy of the base branch"),
        None => {
            let mut alone = Diagnostic::new(&RULE.info, "this change modifies the policy");
            alone.level = Level::Warn;
            alone.help("request a review from the policy owners; it takes effect once it is merged")
        }
    };
    findings.push(finding.at(change.place(path)));
}
