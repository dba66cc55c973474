//! Derived files: what is made of other files is what they make.

use diagnostic::Family;

pub mod artifact_unregistered;
pub mod registry_hand_edited;
pub mod registry_path_missing;
pub mod registry_stale;

/// The family.
pub const FAMILY: Family = Family { code: "GEN", title: "derived files" };
