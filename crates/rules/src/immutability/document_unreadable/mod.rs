//! A document with governed fields stays readable.

use diagnostic::{Diagnostic, Level, RuleInfo};
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
    let finding = match &breach.kind {
        Breach::Unreadable { start, end, reason } => {
            let location = context.bytes(breach, *start..*end)?;
            context
                .diagnostic(&RULE.info, breach, format!("fields cannot be checked: {reason}"))
                .at(location)
                .help("fix the syntax error; the base version is readable")
        }
        Breach::BaseUnreadable { reason } => {
            let message =
                format!("the base version cannot be read, so this change was not checked: {reason}");
            let mut finding = context.diagnostic(&RULE.info, breach, message);
            finding.level = Level::Warn;
            finding.help("compare the two versions by hand; the fields are checked from the next change on")
        }
        Breach::NoFields => context
            .diagnostic(
                &RULE.info,
                breach,
                "fields cannot be checked: only YAML, JSON and Markdown with front matter have fields",
            )
            .help("exclude the file from the `match` pattern in the policy"),
        _ => return Ok(None),
    };
    Ok(Some(finding))
}
