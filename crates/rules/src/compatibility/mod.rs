//! Compatibility: what others rely on stays, or the version says that it does not.

pub mod contract_breaking;
pub mod dependency_missing;
pub mod dependency_retired;
pub mod operation_removed;
pub mod plugin_revived;
pub mod range_unresolvable;
pub mod schema_breaking;
pub mod version_went_backwards;
mod words;
