//! Derived files: what is made of other files is what they make.

pub mod artifact_unregistered;
pub mod auto_section_edited;
pub mod auto_section_stale;
pub mod contract_stale;
pub mod healthcheck_stale;
pub mod manifest_stale;
pub mod readme_stale;
pub mod registry_hand_edited;
pub mod registry_path_missing;
pub mod registry_stale;
pub mod snapshot_stale;
mod words;
