//! Custom rules: results of the policy packs' own rules.

pub mod custom_denied;
pub mod custom_warned;
