//! A final document never changes.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `IMM013` final-document-edited.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FINAL_DOCUMENT_EDITED,
        summary: "a final document never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let Breach::FinalChanged { field, value } = &breach.kind else { return Ok(None) };
    let location = context.difference(breach)?;
    let message = format!("final document was modified (`{field}` is `{value}` on the base branch)");
    let finding = context
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(context.restore(&breach.path))
        .help("to change the decision, write a new document that supersedes this one");
    Ok(Some(finding))
}
