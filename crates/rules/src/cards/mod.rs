//! ID cards: each is what a card must be.

pub mod card_invalid;
pub mod card_name_mismatch;
pub mod created_at_implausible;
pub mod key_invalid;
pub mod ulid_invalid;
