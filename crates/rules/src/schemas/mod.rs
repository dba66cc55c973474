//! Schemas: documents are what their schemas say, and schemas are schemas.

pub mod config_defaults_invalid;
pub mod contract_incomplete;
pub mod document_invalid;
pub mod example_invalid;
pub mod pack_schema_violated;
pub mod schema_invalid;
