//! A new key differs from existing keys by more than one character.

mod near;

use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use snapshot::Result;

/// Shorter keys are near to everything.
const SHORTEST: usize = 8;

/// `UNI007` similar-key.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SIMILAR_KEY,
        summary: "a new key differs from existing keys by more than one character",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let added: Vec<(&Document, &str)> = state
        .cards
        .iter()
        .filter(|card| state.is_added(&card.path))
        .filter_map(|card| Some((card, card.text_at("/key").filter(|key| key.len() >= SHORTEST)?)))
        .collect();
    let keys: Vec<&str> = added.iter().map(|(_, key)| *key).collect();
    let others: Vec<&str> = state.index.cards.iter().map(|card| card.claims.key.as_str()).collect();
    for ((card, key), near) in added.iter().zip(near::first_near(&keys, &others)) {
        let Some(other) = near.and_then(|at| state.index.cards.get(at)) else { continue };
        findings.push(
            Diagnostic::new(
                &RULE.info,
                format!("key {key} differs from {} by one character", other.claims.key),
            )
            .at(card.place("/key"))
            .related(Related {
                location: Location::of(&other.path()),
                commit: None,
                message: "the other key is here".into(),
            })
            .help("if it is a mistake, mint the identity again with the right name"),
        );
    }
    Ok(())
}
