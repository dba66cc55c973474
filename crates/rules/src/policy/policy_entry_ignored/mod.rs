//! Everything in the policy directory takes effect.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule};
use policy::Ignored;

/// `POL012` policy-entry-ignored.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::POLICY_ENTRY_IGNORED,
        summary: "everything in the policy directory takes effect",
        page: include_str!("README.md"),
    },
    check: Check::Ignored(report),
};

fn report(ignored: &Ignored) -> Diagnostic {
    Diagnostic::new(&RULE.info, ignored.message.clone())
        .at(ignored.location.clone())
        .help(ignored.help.clone())
}
