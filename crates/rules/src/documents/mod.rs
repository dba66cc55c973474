//! Documents: what a plugin's texts claim is so.

pub mod budget_exceeded;
pub mod budget_invalid;
pub mod budget_missing;
pub mod budget_over_policy;
pub mod coverage_too_low;
pub mod example_command_missing;
pub mod link_broken;
pub mod probe_invalid;
pub mod results_invalid;
pub mod scenario_failed;
pub mod scenario_invalid;
pub mod scenario_missing;
pub mod threshold_differs;
mod words;
