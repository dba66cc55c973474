//! A governed file never becomes a submodule.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule};
use snapshot::Result;

/// `IMM009` became-submodule.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BECAME_SUBMODULE,
        summary: "a governed file never becomes a submodule",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::BecameSubmodule], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    Ok(context
        .diagnostic(&RULE.info, breach, "governed file was replaced by a submodule")
        .help(context.restore(&breach.path)))
}
