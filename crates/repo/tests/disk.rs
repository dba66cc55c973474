//! Tests of files outside the object store.
#![cfg(unix)]
#![allow(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a test runs programs and panics if they fail"
)]

use std::os::unix::fs::FileTypeExt as _;
use std::process::{Command, Stdio};

#[test]
fn a_pipe_is_written_to_and_not_replaced() {
    let place = tempfile::tempdir().unwrap();
    let pipe = place.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = Command::new("cat").arg(&pipe).stdout(Stdio::piped()).spawn().unwrap();
    repo::disk::write(&pipe, b"report").unwrap();
    assert_eq!(reader.wait_with_output().unwrap().stdout, b"report");
    assert!(pipe.metadata().unwrap().file_type().is_fifo());
}
