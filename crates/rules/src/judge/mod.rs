//! Judging: edges of the history held against the path disciplines, and what comes of it.

mod breach;
mod contents;
mod edge;
mod fields;
mod known;

pub use breach::{Breach, BreachKind, Detail};
pub(crate) use contents::{Contents, Sides};
pub(crate) use edge::{Edge, document_limits, is_file, judge};
pub(crate) use known::{Past, PastKnown, Removal, TreesKnown};
