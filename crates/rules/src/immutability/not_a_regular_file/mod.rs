//! A new file at a governed path is a regular file.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule};
use snapshot::Result;

/// `IMM011` not-a-regular-file.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::NOT_A_REGULAR_FILE,
        summary: "a new file at a governed path is a regular file",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::NotAFile], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let what = breach.after.map_or("nothing".to_string(), |object| object.mode.kind().to_string());
    Ok(context
        .diagnostic(&RULE.info, breach, format!("governed path is {what}, expected a regular file"))
        .help("add the content itself as a regular file"))
}
