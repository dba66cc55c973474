//! Tests the operation `{{op}}`: the program gives the example response to the example request.

use std::fs::{File, read_to_string};
use std::path::Path;
use std::process::Command;

#[test]
fn the_example_request_gives_the_example_response() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let request = File::open(root.join("examples/{{op}}_request.json")).unwrap();
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--", "{{op}}"]);
    let output = command.current_dir(root).stdin(request).output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    let response = String::from_utf8(output.stdout).unwrap();
    let expected = read_to_string(root.join("examples/{{op}}_response.json")).unwrap();
    assert_eq!(compact(&response), compact(&expected));
}

/// Removes whitespace, in which equal JSON documents may differ.
fn compact(text: &str) -> String {
    text.split_whitespace().collect()
}
