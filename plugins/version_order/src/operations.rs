//! What `PLG_VERSION_ORDER` can be asked for: a function for each operation.
//!
//! This file is the developer's. A function is given the request as JSON says it and returns the response.
//! Its error is told to the caller in one line, with exit status 1.

use semver::{Version, VersionReq};
use serde_json::{Value, json};

/// A response, or why there is none.
pub type Answer = Result<Value, Box<dyn std::error::Error>>;

/// Puts versions in the order of their precedence (SemVer 2.0.0 §11), the lowest first.
///
/// Versions that differ in their build alone are alike in precedence, and are put in the order of their builds.
///
/// # Errors
/// When the request has no list of versions, or one that is none.
pub fn sort(request: &Value) -> Answer {
    let mut versions = versions(request)?;
    versions.sort();
    let sorted: Vec<String> = versions.iter().map(Version::to_string).collect();
    Ok(json!({"versions": sorted}))
}

/// Selects the highest version that a range allows; `null` where it allows none of them.
///
/// # Errors
/// When the request has no list of versions and no range, or one that is none.
pub fn select(request: &Value) -> Answer {
    let text = request["range"].as_str().ok_or("`range` must be a string")?;
    let range = VersionReq::parse(text).map_err(|error| format!("{text}: {error}"))?;
    let highest = versions(request)?.into_iter().filter(|version| range.matches(version)).max();
    Ok(json!({"version": highest.map(|version| version.to_string())}))
}

fn versions(request: &Value) -> Result<Vec<Version>, Box<dyn std::error::Error>> {
    let list = request["versions"].as_array().ok_or("`versions` must be a list")?;
    let parse = |value: &Value| {
        let text = value.as_str().ok_or("a version must be a string")?;
        Ok(Version::parse(text).map_err(|error| format!("{text}: {error}"))?)
    };
    list.iter().map(parse).collect()
}
