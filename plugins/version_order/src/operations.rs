//! The operations of `PLG_VERSION_ORDER`: one function each.
//!
//! A function gets the parsed JSON request and returns the response. An error is reported to the caller in one line,
//! with exit status 1.

use semver::{Version, VersionReq};
use serde_json::{Value, json};

pub mod schema_check;
pub mod settings;

/// A response, or an error.
pub type Answer = Result<Value, Box<dyn std::error::Error>>;

/// Sorts versions by precedence (SemVer 2.0.0 §11), the lowest first.
///
/// Versions that differ only in their build metadata have the same precedence and are sorted by it.
///
/// # Errors
/// When the request has no list of versions, or a version is invalid.
pub fn sort(request: &Value) -> Answer {
    let mut versions = versions(request)?;
    versions.sort();
    let sorted: Vec<String> = versions.iter().map(Version::to_string).collect();
    Ok(json!({"versions": sorted}))
}

/// Selects the highest version in a range; `null` if there is none.
///
/// # Errors
/// When the request has no list of versions or no range, or one of them is invalid.
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
