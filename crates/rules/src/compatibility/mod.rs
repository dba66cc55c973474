//! Compatibility: what others rely on stays, or the version says that it does not.

use engine::Rule;

pub mod contract_breaking;
pub mod dependency_missing;
pub mod dependency_retired;
pub mod operation_removed;
pub mod plugin_revived;
pub mod range_unresolvable;
pub mod schema_breaking;
pub mod version_went_backwards;
mod words;

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
];
