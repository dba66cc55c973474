//! Custom rules: what a pack's own rules say.

use diagnostic::Family;

pub mod custom_denied;
pub mod custom_warned;

/// The family.
pub const FAMILY: Family = Family { code: "CUS", module: "custom", title: "custom rules" };
