//! Structure: the files of a plugin, and paths in general.

use engine::Rule;

pub mod baseline_artifact_missing;
pub mod check_command_missing;
pub mod conformance_missing;
pub mod operation_example_missing;
pub mod operation_schema_missing;
pub mod operation_test_missing;
pub mod plugin_file_not_regular;
pub mod spec_outside_layout;
mod test_files;
pub mod too_large;
pub mod too_many;
pub mod unexpected_file;
pub mod unsafe_path;

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[
    &baseline_artifact_missing::RULE,
    &operation_schema_missing::RULE,
    &operation_example_missing::RULE,
    &operation_test_missing::RULE,
    &conformance_missing::RULE,
    &unexpected_file::RULE,
    &unsafe_path::RULE,
    &plugin_file_not_regular::RULE,
    &too_large::RULE,
    &too_many::RULE,
    &spec_outside_layout::RULE,
    &check_command_missing::RULE,
];
