//! An append-only file ends with a newline before lines are added.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use policy::Subject;
use snapshot::Result;

/// `IMM017` last-line-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LAST_LINE_CHANGED,
        summary: "an append-only file ends with a newline before lines are added",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let (Breach::LastLineChanged, Subject::Path | Subject::Card) = (&breach.kind, breach.subject) else {
        return Ok(None);
    };
    let finding = context
        .diagnostic(&RULE.info, breach, "the last line was extended: it had no final newline")
        .help("restore the file, then add the final newline alone, in a change that a waiver covers");
    Ok(Some(finding))
}
