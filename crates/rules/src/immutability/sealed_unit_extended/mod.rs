//! No file is added to a sealed directory.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{ANY_SUBJECT, Breach, BreachContext, BreachKind, Check, Rule};
use snapshot::Result;

use super::breach_details::unit;

/// `IMM015` sealed-unit-extended.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SEALED_UNIT_EXTENDED,
        summary: "no file is added to a sealed directory",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::UnitLateAddition], subjects: ANY_SUBJECT, describe },
};

fn describe(breach: &Breach, context: &mut BreachContext<'_>) -> Result<Diagnostic> {
    let (unit, files) = unit(breach);
    let files = if files == 1 { "a file was".to_string() } else { format!("{files} files were") };
    Ok(context
        .diagnostic(&RULE.info, breach, format!("{files} added to the sealed directory {unit}"))
        .help("publish the addition as a new directory"))
}
