//! Nothing is added to a sealed unit.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use super::words::unit;
use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM015` sealed-unit-extended.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SEALED_UNIT_EXTENDED,
        summary: "nothing is added to a sealed unit",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::UnitLateAddition], subjects: ANY, tell },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (unit, files) = unit(breach);
    let files = if files == 1 { "a file was".to_string() } else { format!("{files} files were") };
    Ok(scene
        .diagnostic(&RULE.info, breach, format!("the unit {unit} is sealed, and {files} added to it"))
        .help("publish the addition as a new unit"))
}
