//! The ledger: it only grows.

use diagnostic::Family;

pub mod ledger_rewritten;

/// The family.
pub const FAMILY: Family = Family { code: "LED", title: "ledger" };
