//! A sealed unit never changes.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::{RepoPath, Result};

use super::words::unit;
use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM014` sealed-unit-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SEALED_UNIT_CHANGED,
        summary: "a sealed unit never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::UnitChanged], subjects: ANY, tell },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (unit, files) = unit(breach);
    let files = if files == 1 { "a file".to_string() } else { format!("{files} files") };
    Ok(scene
        .diagnostic(
            &RULE.info,
            breach,
            format!("the unit {unit} is sealed, and {files} of it changed or went away"),
        )
        .help(scene.restore(&RepoPath::from(unit.as_str())))
        .help("publish the change as a new unit"))
}
