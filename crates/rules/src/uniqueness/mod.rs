//! Uniqueness: an identity, a key and a path belong to one artifact permanently.

use engine::Rule;

pub mod alias_collision;
pub mod case_collision;
mod claims;
pub mod confusable_key;
pub mod duplicate_key;
pub mod duplicate_ulid;
pub mod key_reused;
pub mod path_claimed_twice;
pub mod similar_key;

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[
    &duplicate_ulid::RULE,
    &duplicate_key::RULE,
    &alias_collision::RULE,
    &path_claimed_twice::RULE,
    &case_collision::RULE,
    &confusable_key::RULE,
    &similar_key::RULE,
    &key_reused::RULE,
];
