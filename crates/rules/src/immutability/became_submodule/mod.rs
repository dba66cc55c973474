//! A governed file never becomes a submodule.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM009` became-submodule.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BECAME_SUBMODULE,
        summary: "a governed file never becomes a submodule",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::BecameSubmodule], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(&RULE.info, breach, "governed file was replaced by a submodule")
        .help(scene.restore(&breach.path)))
}
