//! A governed file never becomes a symbolic link.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM008` became-link.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BECAME_LINK,
        summary: "a governed file never becomes a symbolic link",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::BecameLink], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(&RULE.info, breach, "governed file was replaced by a symbolic link")
        .help(scene.restore(&breach.path)))
}
