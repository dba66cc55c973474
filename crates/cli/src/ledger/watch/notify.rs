//! The program that receives events: JSON lines on its standard input.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use diagnostic::sanitise;

use crate::error::CommandError;

/// Runs the user's program, without a shell. If it fails, the events are delivered again next time.
pub(super) fn run(program: &Path, lines: &str) -> Result<(), CommandError> {
    let shown = sanitise::text(&program.display().to_string());
    let failed = |why: String| {
        CommandError::failed_with(
            format!("{shown}: {why}; the pin was not moved"),
            "the same events are passed to it again in the next run",
        )
    };
    let mut child = Command::new(program)
        .stdin(Stdio::piped())
        .spawn()
        .map_err(|error| failed(format!("it cannot be started: {error}")))?;
    // A program may end without reading everything; its status decides.
    let _ = child.stdin.take().map(|mut input| input.write_all(lines.as_bytes()));
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(failed(format!("it failed ({status})"))) }
}
