//! Capabilities: each request of a plugin is exact, and within what the policy allows.

use engine::Rule;

pub mod capability_forbidden;
pub mod default_deny_missing;
pub mod entry_point_missing;
pub mod host_too_broad;
pub mod limit_too_high;
pub mod path_escapes_plugin;
mod request;
pub mod review_required;

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[
    &host_too_broad::RULE,
    &path_escapes_plugin::RULE,
    &capability_forbidden::RULE,
    &limit_too_high::RULE,
    &review_required::RULE,
    &default_deny_missing::RULE,
    &entry_point_missing::RULE,
];
