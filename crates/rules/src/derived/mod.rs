//! Derived files: every generated file is up to date with its sources.

use engine::Rule;

pub mod artifact_unregistered;
pub mod auto_section_edited;
pub mod auto_section_stale;
pub mod contract_stale;
pub mod healthcheck_stale;
pub mod manifest_stale;
mod problems;
pub mod readme_stale;
pub mod registry_hand_edited;
pub mod registry_missing;
pub mod registry_path_missing;
pub mod registry_stale;
pub mod snapshot_stale;

/// The rules about the registry.
pub const REGISTRY: &[&Rule] = &[
    &registry_stale::RULE,
    &registry_hand_edited::RULE,
    &registry_path_missing::RULE,
    &registry_missing::RULE,
];

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[
    &registry_stale::RULE,
    &registry_hand_edited::RULE,
    &registry_path_missing::RULE,
    &artifact_unregistered::RULE,
    &manifest_stale::RULE,
    &contract_stale::RULE,
    &snapshot_stale::RULE,
    &readme_stale::RULE,
    &healthcheck_stale::RULE,
    &auto_section_edited::RULE,
    &auto_section_stale::RULE,
    &registry_missing::RULE,
];
