//! The policy is valid after the change.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ChangeContext, Check, Rule};

/// `POL003` policy-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::POLICY_INVALID,
        summary: "the policy is valid after the change",
        page: include_str!("README.md"),
    },
    check: Check::Change(check),
};

fn check(change: &ChangeContext<'_>, findings: &mut Vec<Diagnostic>) {
    for error in change.policy_errors() {
        let mut finding = Diagnostic::new(&RULE.info, format!("invalid policy: {}", error.message));
        finding.location.clone_from(&error.location);
        let help = error
            .help
            .clone()
            .unwrap_or_else(|| format!("correct the value: id-guard explain {}", RULE.info.id.code));
        finding.help.push(help);
        findings.push(finding);
    }
}
