//! No path differs from a sealed directory only in case or Unicode normalization.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule};
use snapshot::Result;

use super::breach_details::collision;

/// `IMM020` sealed-unit-case-collision.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SEALED_UNIT_CASE_COLLISION,
        summary: "no path differs from a sealed directory only in case or Unicode normalization",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::UnitTwin], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let (part, of) = collision(breach);
    Ok(context
        .diagnostic(
            &RULE.info,
            breach,
            format!("{part} and {of} differ only in case or Unicode normalization"),
        )
        .help("choose a name that differs in more than case and Unicode normalization"))
}
