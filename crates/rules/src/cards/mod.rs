//! ID cards: each is what a card must be.

use engine::Rule;

pub mod card_invalid;
pub mod card_name_mismatch;
pub mod created_at_implausible;
pub mod identity_entry_ignored;
pub mod key_invalid;
pub mod ulid_invalid;

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[
    &card_invalid::RULE,
    &card_name_mismatch::RULE,
    &ulid_invalid::RULE,
    &key_invalid::RULE,
    &created_at_implausible::RULE,
    &identity_entry_ignored::RULE,
];
