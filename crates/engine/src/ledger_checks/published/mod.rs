//! The content of a published version never changes: checks a change, and a whole tree.

mod change;
mod state;
mod unit;
mod unrecorded;

pub(super) use change::check_published_change;
pub use state::{OpenPublished, PublishedState, check_published};
pub(crate) use unrecorded::{UnrecordedVersion, unrecorded_versions};
