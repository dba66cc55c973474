//! Capabilities: each request of a plugin is exact, and within what the policy allows.

pub mod capability_forbidden;
pub mod default_deny_missing;
pub mod entry_point_missing;
pub mod host_too_broad;
pub mod limit_too_high;
pub mod path_escapes_plugin;
mod request;
pub mod review_required;
