//! An ID card never changes.

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
        summary: "an ID card never changes",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Changed], subjects: &[Subject::Card], tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    let location = scene.difference(breach)?;
    Ok(scene
        .diagnostic(&RULE.info, breach, "ID card was modified")
        .at(location)
        .help(scene.restore(&breach.path))
        .help("an ID card is permanent: change the value in the artifact's spec instead"))
}
