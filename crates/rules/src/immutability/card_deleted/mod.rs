//! An ID card is never deleted.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use policy::Subject;
use snapshot::Result;

/// `IMM002` card-deleted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_DELETED,
        summary: "an ID card is never deleted",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.kind != Breach::Deleted || breach.subject != Subject::Card {
        return Ok(None);
    }
    let finding = context
        .diagnostic(&RULE.info, breach, "ID card was deleted")
        .help(context.restore(&breach.path))
        .help("to retire the artifact, set `status` in its spec; its identity stays reserved");
    Ok(Some(finding))
}
