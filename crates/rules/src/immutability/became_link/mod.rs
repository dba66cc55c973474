//! A governed file never becomes a symbolic link.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `IMM008` became-link.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BECAME_LINK,
        summary: "a governed file never becomes a symbolic link",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.kind != Breach::BecameLink {
        return Ok(None);
    }
    let finding = context
        .diagnostic(&RULE.info, breach, "governed file was replaced by a symbolic link")
        .help(context.restore(&breach.path));
    Ok(Some(finding))
}
