//! An ID card is never moved or renamed.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, BreachKind, Check, Rule};
use policy::Subject;
use snapshot::Result;

use super::breach_details::moved;

/// `IMM003` card-moved.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_MOVED,
        summary: "an ID card is never moved or renamed",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Moved], subjects: &[Subject::Card], describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let (to, how) = moved(breach);
    Ok(context
        .diagnostic(&RULE.info, breach, format!("ID card was moved to {to} ({how})"))
        .help(context.restore(&breach.path))
        .help("to move the artifact, move its directory; the card keeps the path at which the artifact was created"))
}
