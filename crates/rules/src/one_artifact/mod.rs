//! One artifact: every card names one, every one is named, and a change touches one.

use engine::Rule;

pub mod artifact_without_card;
pub mod card_artifact_mismatch;
pub mod card_without_artifact;
pub mod change_touches_many_artifacts;
pub mod published_artifact_deleted;

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[
    &artifact_without_card::RULE,
    &card_without_artifact::RULE,
    &card_artifact_mismatch::RULE,
    &change_touches_many_artifacts::RULE,
    &published_artifact_deleted::RULE,
];
