//! Immutability: what stands stays as it is.

use diagnostic::Family;

pub mod became_directory;
pub mod became_link;
pub mod became_submodule;
pub mod card_changed;
pub mod card_deleted;
pub mod card_moved;
pub mod document_unreadable;
pub mod field_changed_alone;
pub mod field_not_appended;
pub mod field_not_growing;
pub mod field_set_again;
pub mod field_went_backwards;
pub mod final_document_edited;
pub mod frozen_field_changed;
pub mod frozen_path_changed;
pub mod frozen_path_deleted;
pub mod frozen_path_moved;
pub mod governed_path_case_collision;
pub mod identity_reused;
pub mod last_line_changed;
pub mod lines_not_appended;
pub mod mode_changed;
pub mod not_a_regular_file;
pub mod original_value_restored;
pub mod published_version_changed;
pub mod sealed_unit_case_collision;
pub mod sealed_unit_changed;
pub mod sealed_unit_extended;
pub mod status_went_backwards;
pub mod tag_altered;
pub mod tag_missing;
pub mod tag_moved;
pub mod tag_unrecorded;
mod words;

/// The family.
pub const FAMILY: Family = Family { code: "IMM", module: "immutability", title: "immutability" };
