//! Git objects: trees as git itself writes them.

pub mod attributes_alter_record;
pub mod tree_entry_duplicate;
pub mod tree_entry_unsafe;
pub mod tree_mode_unknown;
pub mod tree_unsorted;
