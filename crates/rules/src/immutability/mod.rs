//! Immutability: cards, governed files and published versions never change.

use engine::Rule;

pub mod became_directory;
pub mod became_link;
pub mod became_submodule;
mod breach_details;
pub mod card_changed;
pub mod card_deleted;
pub mod card_moved;
pub mod collection_element_changed;
pub mod collection_element_removed;
pub mod collection_element_reused;
pub mod collection_key_invalid;
pub mod collection_order_changed;
pub mod document_unreadable;
pub mod field_not_checked;
pub mod field_rules;
pub mod final_document_edited;
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
pub mod tag_altered;
pub mod tag_missing;
pub mod tag_moved;
pub mod tag_unrecorded;

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[
    &card_changed::RULE,
    &card_deleted::RULE,
    &card_moved::RULE,
    &frozen_path_changed::RULE,
    &frozen_path_deleted::RULE,
    &frozen_path_moved::RULE,
    &mode_changed::RULE,
    &became_link::RULE,
    &became_submodule::RULE,
    &became_directory::RULE,
    &not_a_regular_file::RULE,
    &original_value_restored::RULE,
    &final_document_edited::RULE,
    &sealed_unit_changed::RULE,
    &sealed_unit_extended::RULE,
    &lines_not_appended::RULE,
    &last_line_changed::RULE,
    &identity_reused::RULE,
    &governed_path_case_collision::RULE,
    &sealed_unit_case_collision::RULE,
    &field_rules::FROZEN_FIELD_CHANGED,
    &field_rules::FIELD_SET_AGAIN,
    &field_rules::FIELD_NOT_GROWING,
    &field_rules::FIELD_NOT_APPENDED,
    &field_rules::FIELD_WENT_BACKWARDS,
    &field_rules::STATUS_WENT_BACKWARDS,
    &field_rules::FIELD_CHANGED_ALONE,
    &document_unreadable::RULE,
    &tag_moved::RULE,
    &tag_missing::RULE,
    &tag_altered::RULE,
    &tag_unrecorded::RULE,
    &published_version_changed::RULE,
    &field_not_checked::RULE,
    &collection_element_changed::RULE,
    &collection_element_removed::RULE,
    &collection_order_changed::RULE,
    &collection_key_invalid::RULE,
    &collection_element_reused::RULE,
];

/// The rules about tags.
pub const TAGS: &[&Rule] = &[&tag_moved::RULE, &tag_missing::RULE, &tag_altered::RULE, &tag_unrecorded::RULE];

/// The rule about the content of published versions.
pub const PUBLISHED: &[&Rule] = &[&published_version_changed::RULE];
