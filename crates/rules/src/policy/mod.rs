//! Policy: the gate itself.

use engine::Rule;

pub mod format_unknown;
pub mod known_finding_gone;
pub mod pack_version_reused;
pub mod pattern_matches_nothing;
pub mod pointer_matches_nothing;
pub mod policy_changed;
pub mod policy_entry_ignored;
pub mod policy_invalid;
pub mod waiver_expired;
pub mod waiver_unused;
pub mod workflow_changed;

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[
    &policy_changed::RULE,
    &workflow_changed::RULE,
    &policy_invalid::RULE,
    &waiver_expired::RULE,
    &waiver_unused::RULE,
    &pack_version_reused::RULE,
    &pattern_matches_nothing::RULE,
    &pointer_matches_nothing::RULE,
    &format_unknown::RULE,
    &known_finding_gone::RULE,
    &policy_entry_ignored::RULE,
];
