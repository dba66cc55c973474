//! An ID card never changes.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use policy::Subject;
use snapshot::Result;

/// `IMM001` card-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_CHANGED,
        summary: "an ID card never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.kind != Breach::Changed || breach.subject != Subject::Card {
        return Ok(None);
    }
    let location = context.difference(breach)?;
    let finding = context
        .diagnostic(&RULE.info, breach, "ID card was modified")
        .at(location)
        .help(context.restore(&breach.path))
        .help("an ID card is permanent: change the value in the artifact's spec instead");
    Ok(Some(finding))
}
