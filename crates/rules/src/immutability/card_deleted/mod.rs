//! An ID card is never deleted.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Subject;
use snapshot::Result;

use crate::judge::{Breach, BreachKind};
use crate::rule::{Check, Rule};
use crate::telling::Scene;

/// `IMM002` card-deleted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_DELETED,
        summary: "an ID card is never deleted",
        page: include_str!("README.md"),
    },
    check: Check::Breach { kinds: &[BreachKind::Deleted], subjects: &[Subject::Card], tell: describe },
};

fn describe(breach: &Breach, scene: &mut Scene<'_>) -> Result<Diagnostic> {
    Ok(scene
        .diagnostic(&RULE.info, breach, "ID card was deleted")
        .help(scene.restore(&breach.path))
        .help("to retire the artifact, set `status` in its spec; its identity stays reserved"))
}
