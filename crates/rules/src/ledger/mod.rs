//! The ledger: it only grows, and every line of it is what happened.

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
