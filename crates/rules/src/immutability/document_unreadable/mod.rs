//! A document with governed fields stays readable.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

/// `IMM028` document-unreadable.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DOCUMENT_UNREADABLE,
        summary: "a document with governed fields stays readable",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let (fault, message, help) = match &breach.kind {
        Breach::NewUnreadable { fault } => (fault, "new document cannot be read", "fix the syntax error"),
        Breach::Unreadable { fault } => {
            (fault, "document can no longer be read", "fix the syntax error; the base version is readable")
        }
        _ => return Ok(None),
    };
    let location = context.bytes(breach, fault.start..fault.end)?;
    let message = format!("{message}: {}", fault.reason);
    let help = fault.help.as_deref().unwrap_or(help);
    Ok(Some(context.diagnostic(&RULE.info, breach, message).at(location).help(help)))
}
