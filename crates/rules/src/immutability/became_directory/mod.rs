//! A governed file never becomes a directory.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `IMM010` became-directory.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BECAME_DIRECTORY,
        summary: "a governed file never becomes a directory",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.kind != Breach::BecameDirectory {
        return Ok(None);
    }
    let finding = context
        .diagnostic(&RULE.info, breach, "governed file was replaced by a directory")
        .help(context.restore(&breach.path));
    Ok(Some(finding))
}
