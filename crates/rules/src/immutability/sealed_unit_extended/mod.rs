//! No file is added to a sealed directory.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Breach, BreachContext, Check, PathBreach, Rule};
use snapshot::Result;

use super::breach_details::text;

/// `IMM015` sealed-unit-extended.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SEALED_UNIT_EXTENDED,
        summary: "no file is added to a sealed directory",
        page: include_str!("README.md"),
    },
    check: Check::Breach(describe),
};

fn describe(breach: &PathBreach, context: &mut BreachContext<'_>) -> Result<Option<Diagnostic>> {
    let Breach::UnitLateAddition { unit, files } = &breach.kind else { return Ok(None) };
    let unit = text(unit);
    let files = if *files == 1 { "a file was".to_string() } else { format!("{files} files were") };
    let finding = context
        .diagnostic(&RULE.info, breach, format!("{files} added to the sealed directory {unit}"))
        .help("publish the addition as a new directory");
    Ok(Some(finding))
}
