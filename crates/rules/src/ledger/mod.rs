//! The ledger: it only grows, and every line of it is what happened.

use engine::Rule;

pub mod checkpoint_mismatch;
pub mod checkpoint_not_ancestor;
pub mod checkpoint_untrusted;
pub mod illegal_transition;
pub mod ledger_line_invalid;
pub mod ledger_out_of_order;
pub mod ledger_rewritten;
pub mod ledger_touched_by_change;
pub mod not_derivable;
pub mod request_invalid;
pub mod unknown_subject;
pub mod version_unrecorded;

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[
    &ledger_rewritten::RULE,
    &ledger_touched_by_change::RULE,
    &ledger_line_invalid::RULE,
    &ledger_out_of_order::RULE,
    &unknown_subject::RULE,
    &illegal_transition::RULE,
    &checkpoint_mismatch::RULE,
    &checkpoint_not_ancestor::RULE,
    &not_derivable::RULE,
    &request_invalid::RULE,
    &checkpoint_untrusted::RULE,
    &version_unrecorded::RULE,
];
