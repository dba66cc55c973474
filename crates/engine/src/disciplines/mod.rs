//! Path disciplines: checks the difference of two trees against them, and returns the breaches.

mod breach;
mod checker;
mod collections;
mod contents;
mod documents;
mod fields;
mod prior_state;
mod versions;

pub(crate) use breach::BreachVariant;
pub use breach::{Breach, PathBreach, ReadFault, RemovedName};
pub(crate) use checker::{TreeDiff, check_disciplines, is_file};
pub(crate) use collections::digests;
pub use contents::Contents;
pub(crate) use contents::SnapshotContents;
pub(crate) use documents::Documents;
pub(crate) use prior_state::{History, HistoryPriorState, PastElements, Removal, TreePriorState};
