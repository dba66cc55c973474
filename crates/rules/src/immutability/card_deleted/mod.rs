//! An ID card is never deleted.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, BreachKind, Check, Rule};
use policy::Subject;
use snapshot::Result;

/// `IMM002` card-deleted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_DELETED,
        summary: "an ID card is never deleted",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Deleted], subjects: &[Subject::Card], describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    Ok(context
        .diagnostic(&RULE.info, breach, "ID card was deleted")
        .help(context.restore(&breach.path))
        .help("to retire the artifact, set `status` in its spec; its identity stays reserved"))
}
