//! A change leaves a policy that can be read.

use diagnostic::{Diagnostic, RuleInfo};

use crate::change::ChangeContext;
use crate::rule::{Check, Rule};

/// `POL003` policy-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::POLICY_INVALID,
        summary: "a change leaves a policy that can be read",
        page: include_str!("README.md"),
    },
    check: Check::Change(judge),
};

fn judge(change: &ChangeContext<'_>, findings: &mut Vec<Diagnostic>) {
    for error in change.policy_errors {
        let mut finding =
            Diagnostic::new(&RULE.info, format!("after this change there is no policy: {}", error.message));
        finding.location.clone_from(&error.location);
        finding.help.extend(error.help.clone());
        findings.push(finding);
    }
}
