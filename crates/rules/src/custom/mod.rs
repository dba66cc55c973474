//! Custom rules: results of the policy packs' own rules.

use engine::Rule;

pub mod custom_denied;
pub mod custom_warned;

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[&custom_denied::RULE, &custom_warned::RULE];
