//! A frozen file never changes.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, BreachKind, Check, Rule};
use policy::Subject;
use snapshot::Result;

/// `IMM004` frozen-path-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FROZEN_PATH_CHANGED,
        summary: "a frozen file never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach {
        kinds: &[BreachKind::Changed],
        subjects: &[Subject::Path, Subject::Ledger],
        describe,
    },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let location = context.difference(breach)?;
    Ok(context
        .diagnostic(&RULE.info, breach, "frozen file was modified")
        .at(location)
        .help(context.restore(&breach.path)))
}
