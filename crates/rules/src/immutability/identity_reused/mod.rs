//! A burned name is never reused with different content.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

use super::breach_details::text;

/// `IMM018` identity-reused.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::IDENTITY_REUSED,
        summary: "a burned name is never reused with different content",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let Breach::Reused { removed } = &breach.kind else { return Ok(None) };
    let when = removed.by.map_or_else(String::new, |id| format!(" in {}", id.short()));
    let name = text(&removed.identity);
    let finding = context
        .diagnostic(
            &RULE.info,
            breach,
            format!("{name} was removed{when} and is reused with different content"),
        )
        .help("choose another name; existing references to the old name would resolve to this artifact");
    Ok(Some(finding))
}
