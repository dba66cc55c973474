//! The operations of `{{key}}`: one function each.
//!
//! This file is yours to edit. A function gets the parsed JSON request and returns the response.
//! An error is reported to the caller in one line, with exit status 1. The settings of the plugin
//! are those of `settings`.

use serde_json::Value;

pub mod schema_check;
pub mod settings;

/// A response, or an error.
pub type Answer = Result<Value, Box<dyn std::error::Error>>;
