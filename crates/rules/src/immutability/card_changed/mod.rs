//! An ID card is never edited.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Subject;
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{Check, Rule};
use crate::telling::Scene;

/// `IMM001` card-changed.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_CHANGED,
        summary: "an ID card is never edited",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Changed], subjects: &[Subject::Card], tell },
};

fn tell(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let location = scene.difference(breach)?;
    Ok(scene
        .diagnostic(&RULE.info, breach, "this ID card was changed")
        .at(location)
        .help(scene.restore(&breach.path))
        .help("to correct what it says, leave it and record the correction in the artifact's spec"))
}
