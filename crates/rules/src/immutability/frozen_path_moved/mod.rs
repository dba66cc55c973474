//! A frozen or append-only file is never moved or renamed.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use policy::Subject;
use snapshot::Result;

use super::breach_details::{similarity, text};

/// `IMM006` frozen-path-moved.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FROZEN_PATH_MOVED,
        summary: "a frozen or append-only file is never moved or renamed",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let (Breach::Moved { to, equal }, Subject::Path) = (&breach.kind, breach.subject) else {
        return Ok(None);
    };
    let (to, how) = (text(to), similarity(*equal));
    let finding = context
        .diagnostic(&RULE.info, breach, format!("governed file was moved to {to} ({how})"))
        .help(context.restore(&breach.path));
    Ok(Some(finding))
}
