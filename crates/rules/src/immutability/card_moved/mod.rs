//! An ID card never changes its place.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Subject;
use snapshot::Result;

use super::words::moved;
use crate::judge::{Breach, BreachKind};
use crate::rule::{Check, Rule};
use crate::telling::Scene;

/// `IMM003` card-moved.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_MOVED,
        summary: "an ID card never changes its place",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Moved], subjects: &[Subject::Card], tell },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let (to, how) = moved(breach);
    Ok(scene
        .diagnostic(&RULE.info, breach, format!("this ID card was moved away: {how} stands at {to}"))
        .help(scene.restore(&breach.path))
        .help("to move the artifact, change `path` by moving its directory: the card keeps speaking of where it was born"))
}
