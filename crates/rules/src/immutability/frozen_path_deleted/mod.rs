//! A frozen or append-only file is never deleted.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use policy::Subject;
use snapshot::Result;

/// `IMM005` frozen-path-deleted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FROZEN_PATH_DELETED,
        summary: "a frozen or append-only file is never deleted",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.kind != Breach::Deleted || breach.subject != Subject::Path {
        return Ok(None);
    }
    let finding = context
        .diagnostic(&RULE.info, breach, "governed file was deleted")
        .help(context.restore(&breach.path));
    Ok(Some(finding))
}
