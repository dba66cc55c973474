//! Documents: the claims in a plugin's documents are true.

use engine::Rule;

pub mod budget_exceeded;
pub mod budget_invalid;
pub mod budget_missing;
pub mod budget_over_policy;
pub mod coverage_too_low;
pub mod example_command_missing;
mod findings;
pub mod link_broken;
pub mod probe_invalid;
pub mod results_invalid;
pub mod results_missing;
pub mod scenario_failed;
pub mod scenario_invalid;
pub mod scenario_missing;
pub mod threshold_differs;

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[
    &link_broken::RULE,
    &example_command_missing::RULE,
    &probe_invalid::RULE,
    &threshold_differs::RULE,
    &scenario_invalid::RULE,
    &budget_invalid::RULE,
    &budget_over_policy::RULE,
    &budget_exceeded::RULE,
    &scenario_failed::RULE,
    &results_invalid::RULE,
    &scenario_missing::RULE,
    &budget_missing::RULE,
    &coverage_too_low::RULE,
    &results_missing::RULE,
];
