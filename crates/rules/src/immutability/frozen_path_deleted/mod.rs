//! A frozen or append-only file is never deleted.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, BreachKind, Check, Rule};
use policy::Subject;
use snapshot::Result;

/// `IMM005` frozen-path-deleted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FROZEN_PATH_DELETED,
        summary: "a frozen or append-only file is never deleted",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Deleted], subjects: &[Subject::Path], describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    Ok(context
        .diagnostic(&RULE.info, breach, "governed file was deleted")
        .help(context.restore(&breach.path)))
}
