//! No path is the twin of a sealed unit.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use super::words::twin;
use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM020` sealed-unit-case-collision.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SEALED_UNIT_CASE_COLLISION,
        summary: "no path is the twin of a sealed unit",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::UnitTwin], subjects: ANY, tell },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (part, of) = twin(breach);
    Ok(scene
        .diagnostic(
            &RULE.info,
            breach,
            format!("{part} and {of} are one name where case or Unicode form does not count"),
        )
        .help("choose a name that differs in more than case and Unicode form"))
}
