//! A change of the policy stands alone.

use diagnostic::{Diagnostic, Level, Location, Related, RuleInfo};

use crate::change::{ChangeContext, is_policy};
use crate::rule::{Check, Rule};

/// `POL001` policy-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::POLICY_CHANGED,
        summary: "a change of the policy stands alone",
        page: include_str!("README.md"),
    },
    check: Check::Change(judge),
};

fn judge(change: &ChangeContext<'_>, findings: &mut Vec<Diagnostic>) {
    let Some(path) = change.governance().find(|path| is_policy(path)) else { return };
    let finding = match change.first_other() {
        Some(other) => Diagnostic::new(&RULE.info, "the policy changes together with something else")
            .related(Related {
                location: Location::of(other),
                commit: None,
                message: "this is not part of the policy".into(),
            })
            .help("put the change of the policy into a pull request of its own: the gate judges everything by the policy of base"),
        None => {
            let mut alone = Diagnostic::new(&RULE.info, "this change alters what the gate demands");
            alone.level = Level::Warn;
            alone.help("have it approved by whoever answers for the policy; it takes effect once it is merged")
        }
    };
    findings.push(finding.at(Location::of(path)));
}
