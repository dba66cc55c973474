//! What `{{key}}` can be asked for: a function for each operation.
//!
//! This file is the developer's. A function is given the request as JSON says it and returns the response.
//! Its error is told to the caller in one line, with exit status 1.

use serde_json::Value;

/// A response, or why there is none.
pub type Answer = Result<Value, Box<dyn std::error::Error>>;
