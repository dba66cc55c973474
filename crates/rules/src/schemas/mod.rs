//! Schemas: documents match their schemas, and schemas are valid.

use engine::Rule;

pub mod config_defaults_invalid;
pub mod contract_incomplete;
pub mod document_invalid;
pub mod example_invalid;
pub mod pack_schema_violated;
pub mod schema_invalid;

/// The rules of the family, by code.
pub const RULES: &[&Rule] = &[
    &document_invalid::RULE,
    &schema_invalid::RULE,
    &example_invalid::RULE,
    &config_defaults_invalid::RULE,
    &contract_incomplete::RULE,
    &pack_schema_violated::RULE,
];
