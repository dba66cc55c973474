//! Shared code of the tests. Add your own outside of the section.
//!
//! The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date.
#![allow(dead_code, reason = "each test uses what it needs")]

// BEGIN AUTO SECTION: support sha256=d8c4188d56c572eee47125127a78237a5784ea29e4e16979c7d6d5134b407b9e
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// Reads a JSON document of the plugin.
pub fn document(path: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Reads the canonical request or response of an operation.
pub fn example(operation: &str, end: &str) -> Value {
    document(&format!("examples/{operation}_{end}.json"))
}

/// The file for events and the file of settings, which the process finds in its environment.
#[derive(Default)]
pub struct Files<'f> {
    pub events: Option<&'f Path>,
    pub config: Option<&'f Path>,
}

/// Starts the process.
pub fn run(words: &[&str], request: &str, files: &Files<'_>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handler"));
    let path = |path: Option<&Path>| path.map_or(OsStr::new("").to_owned(), Into::into);
    command
        .args(words)
        .env("ID_GUARD_EVENTS", path(files.events))
        .env("ID_GUARD_CONFIG", path(files.config))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // A process that refuses its arguments does not read: the pipe may be closed.
    child.stdin.take().unwrap().write_all(request.as_bytes()).ok();
    child.wait_with_output().unwrap()
}

/// Returns the violations of a schema in a value; see `schema_check` for what is covered.
pub fn problems(schema: &Value, value: &Value) -> Vec<String> {
    let load = |name: &str| {
        let name = name.rsplit('/').next().unwrap_or_default();
        Some(document(&format!("schemas/{name}")))
    };
    operations::schema_check::problems(schema, value, &load)
}
// END AUTO SECTION: support
