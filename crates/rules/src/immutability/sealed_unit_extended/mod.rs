//! No file is added to a sealed directory.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use super::breach_details::unit;
use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM015` sealed-unit-extended.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SEALED_UNIT_EXTENDED,
        summary: "no file is added to a sealed directory",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::UnitLateAddition], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (unit, files) = unit(breach);
    let files = if files == 1 { "a file was".to_string() } else { format!("{files} files were") };
    Ok(scene
        .diagnostic(&RULE.info, breach, format!("{files} added to the sealed directory {unit}"))
        .help("publish the addition as a new directory"))
}
