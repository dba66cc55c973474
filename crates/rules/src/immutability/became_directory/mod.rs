//! A governed file never becomes a directory.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{ANY, Check, Rule};
use crate::telling::Scene;

/// `IMM010` became-directory.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::BECAME_DIRECTORY,
        summary: "a governed file never becomes a directory",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::BecameDirectory], subjects: ANY, tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(&RULE.info, breach, "governed file was replaced by a directory")
        .help(scene.restore(&breach.path)))
}
