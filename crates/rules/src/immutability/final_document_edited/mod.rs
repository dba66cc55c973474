//! A final document never changes.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Detail, Rule};
use snapshot::Result;

/// `IMM013` final-document-edited.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FINAL_DOCUMENT_EDITED,
        summary: "a final document never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::FinalChanged], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let location = context.difference(breach)?;
    let message = match &breach.detail {
        Detail::Final { field, value } => {
            format!("final document was modified (`{field}` is `{value}` on the base branch)")
        }
        _ => "final document was modified".into(),
    };
    Ok(context
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help(context.restore(&breach.path))
        .help("to change the decision, write a new document that supersedes this one"))
}
