//! Policy: the gate itself.

pub mod pack_version_reused;
pub mod policy_changed;
pub mod policy_invalid;
pub mod waiver_expired;
pub mod waiver_unused;
pub mod workflow_changed;
