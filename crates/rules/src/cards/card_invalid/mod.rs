//! An ID card matches its schema.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `CRD001` card-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_INVALID,
        summary: "an ID card matches its schema",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    // The ULID and the key have rules with more precise messages.
    for card in state.cards.iter().filter(|card| card.path.name().ends_with(b".yaml")) {
        let has_own_rule =
            |pointer: &str| matches!(pointer, "/ulid" | "/key") && card.text_at(pointer).is_some();
        card.validate(&RULE.info, schema::id_card(), |problem| !has_own_rule(&problem.pointer), findings);
    }
    Ok(())
}
