//! A burned name is never reused with different content.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Detail, Rule};
use snapshot::Result;

/// `IMM018` identity-reused.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::IDENTITY_REUSED,
        summary: "a burned name is never reused with different content",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Reused], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let (identity, by) = match &breach.detail {
        Detail::Removed { identity, by } => (identity.clone(), *by),
        _ => (breach.path.clone(), None),
    };
    let when = by.map_or_else(String::new, |id| format!(" in {}", id.short()));
    let name = String::from_utf8_lossy(identity.as_bytes()).into_owned();
    Ok(context
        .diagnostic(
            &RULE.info,
            breach,
            format!("{name} was removed{when} and is reused with different content"),
        )
        .help("choose another name; existing references to the old name would resolve to this artifact"))
}
