//! Structure: what lies in a plugin, and what no path may be.

pub mod baseline_artifact_missing;
pub mod conformance_missing;
pub mod operation_example_missing;
pub mod operation_schema_missing;
pub mod operation_test_missing;
pub mod plugin_file_not_regular;
pub mod too_large;
pub mod too_many;
pub mod unexpected_file;
pub mod unsafe_path;
