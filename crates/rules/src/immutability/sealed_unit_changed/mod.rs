//! A sealed directory never changes.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

use super::breach_details::text;

/// `IMM014` sealed-unit-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SEALED_UNIT_CHANGED,
        summary: "a sealed directory never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let Breach::UnitChanged { unit, files } = &breach.kind else { return Ok(None) };
    let (unit_text, first) = (text(unit), text(&breach.path));
    let more = if *files > 1 { format!(" and {} more", files - 1) } else { String::new() };
    let finding = context
        .diagnostic(&RULE.info, breach, format!("sealed directory {unit_text} was modified: {first}{more}"))
        .help(context.restore(unit))
        .help("publish the change as a new directory");
    Ok(Some(finding))
}
