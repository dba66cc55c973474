//! Git objects: trees as git itself writes them.

use engine::Rule;

pub mod attributes_alter_record;
pub mod tree_entry_duplicate;
pub mod tree_entry_unsafe;
pub mod tree_mode_unknown;
pub mod tree_unsorted;

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[
    &tree_entry_duplicate::RULE,
    &tree_unsorted::RULE,
    &tree_entry_unsafe::RULE,
    &tree_mode_unknown::RULE,
    &attributes_alter_record::RULE,
];
