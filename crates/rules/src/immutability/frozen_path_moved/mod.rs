//! A frozen or append-only file is never moved or renamed.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, BreachKind, Check, Rule};
use policy::Subject;
use snapshot::Result;

use super::breach_details::moved;

/// `IMM006` frozen-path-moved.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FROZEN_PATH_MOVED,
        summary: "a frozen or append-only file is never moved or renamed",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Moved], subjects: &[Subject::Path], describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let (to, how) = moved(breach);
    Ok(context
        .diagnostic(&RULE.info, breach, format!("governed file was moved to {to} ({how})"))
        .help(context.restore(&breach.path)))
}
