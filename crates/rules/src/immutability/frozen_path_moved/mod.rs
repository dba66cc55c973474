//! A frozen or append-only file never changes its place.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Subject;
use snapshot::Result;

use super::words::moved;
use crate::judge::{Breach, BreachKind};
use crate::rule::{Check, Rule};
use crate::telling::Scene;

/// `IMM006` frozen-path-moved.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::FROZEN_PATH_MOVED,
        summary: "a frozen or append-only file never changes its place",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Moved], subjects: &[Subject::Path], tell },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (to, how) = moved(breach);
    Ok(scene
        .diagnostic(
            &RULE.info,
            breach,
            format!("this file may not go away and was moved: {how} stands at {to}"),
        )
        .help(scene.restore(&breach.path)))
}
