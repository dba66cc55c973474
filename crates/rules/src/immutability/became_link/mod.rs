//! A governed file never becomes a symbolic link.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule};
use snapshot::Result;

/// `IMM008` became-link.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BECAME_LINK,
        summary: "a governed file never becomes a symbolic link",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::BecameLink], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    Ok(context
        .diagnostic(&RULE.info, breach, "governed file was replaced by a symbolic link")
        .help(context.restore(&breach.path)))
}
