//! An append-only file ends with a newline before lines are added.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, BreachKind, Check, Rule};
use policy::Subject;
use snapshot::Result;

/// `IMM017` last-line-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::LAST_LINE_CHANGED,
        summary: "an append-only file ends with a newline before lines are added",
        page: include_str!("README.md"),
    },
    check: Check::Breach {
        kinds: &[BreachKind::LastLineChanged],
        subjects: &[Subject::Path, Subject::Card],
        describe,
    },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    Ok(context
        .diagnostic(&RULE.info, breach, "the last line was extended: it had no final newline")
        .help("restore the file, then add the final newline alone, in a change that a waiver covers"))
}
