//! Compatibility: a new version is compatible with the previous one, or its number shows that it is not.

use engine::Rule;

pub mod actions_breaking;
pub mod config_breaking;
mod consequence;
pub mod contract_breaking;
pub mod core_breaking;
pub mod dependency_cycle;
pub mod dependency_missing;
pub mod dependency_retired;
pub mod events_breaking;
pub mod ingress_breaking;
pub mod operation_removed;
pub mod plugin_revived;
mod range;
pub mod range_unresolvable;
pub mod schema_breaking;
mod version_step;
pub mod version_went_backwards;

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[
    &schema_breaking::RULE,
    &operation_removed::RULE,
    &contract_breaking::RULE,
    &version_went_backwards::RULE,
    &range_unresolvable::RULE,
    &dependency_missing::RULE,
    &dependency_retired::RULE,
    &plugin_revived::RULE,
    &events_breaking::RULE,
    &config_breaking::RULE,
    &core_breaking::RULE,
    &actions_breaking::RULE,
    &dependency_cycle::RULE,
    &ingress_breaking::RULE,
];
