//! A sealed directory never changes.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::{RepoPath, Result};

use super::breach_details::unit;
use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM014` sealed-unit-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SEALED_UNIT_CHANGED,
        summary: "a sealed directory never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::UnitChanged], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (unit, files) = unit(breach);
    let first = String::from_utf8_lossy(breach.path.as_bytes());
    let more = if files > 1 { format!(" and {} more", files - 1) } else { String::new() };
    Ok(scene
        .diagnostic(&RULE.info, breach, format!("sealed directory {unit} was modified: {first}{more}"))
        .help(scene.restore(&RepoPath::from(unit.as_str())))
        .help("publish the change as a new directory"))
}
