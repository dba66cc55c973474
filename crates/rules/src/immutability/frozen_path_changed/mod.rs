//! A frozen file never changes.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use policy::Subject;
use snapshot::Result;

/// `IMM004` frozen-path-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FROZEN_PATH_CHANGED,
        summary: "a frozen file never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let (Breach::Changed, Subject::Path | Subject::Ledger) = (&breach.kind, breach.subject) else {
        return Ok(None);
    };
    let location = context.difference(breach)?;
    let finding = context
        .diagnostic(&RULE.info, breach, "frozen file was modified")
        .at(location)
        .help(context.restore(&breach.path));
    Ok(Some(finding))
}
