//! Path disciplines: checks the difference of two trees against them, and returns the breaches.

mod breach;
mod checker;
mod contents;
mod fields;
mod prior_state;

pub use breach::{Breach, BreachKind, Detail};
pub(crate) use checker::{TreeDiff, check_disciplines, document_limits, is_file};
pub use contents::Contents;
pub(crate) use contents::SnapshotContents;
pub(crate) use prior_state::{History, HistoryPriorState, Removal, TreePriorState};
