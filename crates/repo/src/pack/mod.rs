//! Reads packs directly: whole objects, and deltas to compare objects without rebuilding them.

mod append;
mod compare;
mod cursor;
mod delta;
mod reader;
mod rope;
mod store;

pub use append::Appended;
pub(crate) use append::compare as compare_appended;
pub(crate) use compare::{EntryChange, TreeComparison, compare as compare_trees};
pub(crate) use reader::Reader;
pub(crate) use rope::Ropes;
pub(crate) use store::Packs;
