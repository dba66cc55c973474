//! An ID card is what its schema says.

use diagnostic::{Diagnostic, RuleInfo};
use snapshot::Result;

use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `CRD001` card-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_INVALID,
        summary: "an ID card is what its schema says",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    // Names have rules of their own, which say more: the file's, the ULID, the key.
    for card in state.cards.iter().filter(|card| card.path.name().ends_with(b".yaml")) {
        let told_elsewhere =
            |pointer: &str| matches!(pointer, "/ulid" | "/key") && card.text_at(pointer).is_some();
        card.hold(&RULE.info, schema::id_card(), |problem| !told_elsewhere(&problem.pointer), findings);
    }
    Ok(())
}
