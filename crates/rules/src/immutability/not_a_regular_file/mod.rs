//! A new file at a governed path is a regular file.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `IMM011` not-a-regular-file.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::NOT_A_REGULAR_FILE,
        summary: "a new file at a governed path is a regular file",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    if breach.kind != Breach::NotAFile {
        return Ok(None);
    }
    let what = breach.after.map_or("nothing".to_string(), |object| object.mode.kind().to_string());
    let finding = context
        .diagnostic(&RULE.info, breach, format!("governed path is {what}, expected a regular file"))
        .help("add the content itself as a regular file");
    Ok(Some(finding))
}
