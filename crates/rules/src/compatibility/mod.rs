//! Compatibility: what others rely on stays, or the version says that it does not.

use diagnostic::Family;

pub mod contract_breaking;
pub mod dependency_missing;
pub mod dependency_retired;
pub mod operation_removed;
pub mod plugin_revived;
pub mod range_unresolvable;
pub mod schema_breaking;
pub mod version_went_backwards;
mod words;

/// The family.
pub const FAMILY: Family = Family { code: "CMP", module: "compatibility", title: "compatibility" };
