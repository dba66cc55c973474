//! Uniqueness: an identity, a key and a path belong to one artifact permanently.

pub mod alias_collision;
pub mod case_collision;
mod claims;
pub mod confusable_key;
pub mod duplicate_key;
pub mod duplicate_ulid;
pub mod key_reused;
pub mod path_claimed_twice;
pub mod similar_key;
