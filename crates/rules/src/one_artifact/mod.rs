//! One artifact: every card names one, every one is named, and a change touches one.

pub mod artifact_without_card;
pub mod card_artifact_mismatch;
pub mod card_without_artifact;
pub mod change_touches_many_artifacts;
