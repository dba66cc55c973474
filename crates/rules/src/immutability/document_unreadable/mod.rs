//! A document with governed fields stays readable.

use diagnostic::{Diagnostic, Level, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Detail, Rule};
use snapshot::Result;

/// `IMM028` document-unreadable.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::DOCUMENT_UNREADABLE,
        summary: "a document with governed fields stays readable",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Unreadable], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    match &breach.detail {
        Detail::Base { reason } => {
            let message =
                format!("the base version cannot be read, so this change was not checked: {reason}");
            let mut finding = context.diagnostic(&RULE.info, breach, message);
            finding.level = Level::Warn;
            return Ok(finding
                .help("compare the two versions by hand; the fields are checked from the next change on"));
        }
        Detail::Unknown { reason } => {
            let message = format!("fields cannot be checked: {reason}");
            return Ok(context
                .diagnostic(&RULE.info, breach, message)
                .help("exclude the file from the `match` pattern in the policy"));
        }
        _ => {}
    }
    let (location, message) = match &breach.detail {
        Detail::Syntax { start, end, reason } => {
            (context.bytes(breach, *start..*end)?, format!("fields cannot be checked: {reason}"))
        }
        _ => (diagnostic::Location::of(&breach.path), "fields cannot be checked".to_string()),
    };
    Ok(context
        .diagnostic(&RULE.info, breach, message)
        .at(location)
        .help("fix the syntax error; the base version is readable"))
}
