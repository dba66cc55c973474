//! A governed file never becomes a directory.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule};
use snapshot::Result;

/// `IMM010` became-directory.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BECAME_DIRECTORY,
        summary: "a governed file never becomes a directory",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::BecameDirectory], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    Ok(context
        .diagnostic(&RULE.info, breach, "governed file was replaced by a directory")
        .help(context.restore(&breach.path)))
}
