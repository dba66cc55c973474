//! An ID card belongs to an existing artifact.

use artifact::ArtifactKind;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `ONE002` card-without-artifact.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CARD_WITHOUT_ARTIFACT,
        summary: "an ID card belongs to an existing artifact",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for card in state.cards.iter().filter(|card| state.changes.is_none() || state.is_added(&card.path)) {
        let (Some(ulid), Some(kind)) = (card.text_at("/ulid"), card.text_at("/kind")) else { continue };
        let is_known = ArtifactKind::from_name(kind).is_some();
        let exists = !is_known || state.claims.has_artifact(ulid);
        if !exists {
            findings.push(
                Diagnostic::new(&RULE.info, format!("no {kind} with this ULID exists"))
                    .at(card.place("/path"))
                    .help("add the artifact with this ULID; a card alone reserves its key permanently"),
            );
        }
    }
    Ok(())
}
