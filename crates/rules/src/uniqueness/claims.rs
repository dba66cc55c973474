//! The words that two claims of one thing share.

use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use engine::StateContext;
use index::Claimant;

/// Starts the diagnostic of a value that two artifacts claim: at the checked one, with the other as related place.
pub(super) fn claimed_twice(
    state: &StateContext<'_>,
    rule: &'static RuleInfo,
    here: &Claimant,
    other: &Claimant,
    message: String,
) -> Diagnostic {
    Diagnostic::new(rule, message).at(place(state, here)).related(Related {
        location: place(state, other),
        commit: None,
        message: format!("claimed here as {}", other.written),
    })
}

/// Returns whether a claim is on the key of an artifact, and not on an alias.
pub(super) fn is_key(claimant: &Claimant) -> bool {
    matches!(claimant.pointer.as_str(), "/key" | "/doc_key")
}

/// The place of a claim: with its line where the document can be opened after the change.
fn place(state: &StateContext<'_>, claimant: &Claimant) -> Location {
    match engine::Document::open(state.head, &claimant.path) {
        Ok(Some(document)) => document.place(&claimant.pointer),
        _ => Location::of(&claimant.path),
    }
}
