//! An ID card is never moved or renamed.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use policy::Subject;
use snapshot::Result;

use super::breach_details::{similarity, text};

/// `IMM003` card-moved.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_MOVED,
        summary: "an ID card is never moved or renamed",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let (Breach::Moved { to, equal }, Subject::Card) = (&breach.kind, breach.subject) else {
        return Ok(None);
    };
    let (to, how) = (text(to), similarity(*equal));
    let finding = context
        .diagnostic(&RULE.info, breach, format!("ID card was moved to {to} ({how})"))
        .help(context.restore(&breach.path))
        .help("to move the artifact, move its directory; the card keeps the path at which the artifact was created");
    Ok(Some(finding))
}
