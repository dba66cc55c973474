//! An ID card never changes.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, BreachKind, Check, Rule};
use policy::Subject;
use snapshot::Result;

/// `IMM001` card-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_CHANGED,
        summary: "an ID card never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Changed], subjects: &[Subject::Card], describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let location = context.difference(breach)?;
    Ok(context
        .diagnostic(&RULE.info, breach, "ID card was modified")
        .at(location)
        .help(context.restore(&breach.path))
        .help("an ID card is permanent: change the value in the artifact's spec instead"))
}
