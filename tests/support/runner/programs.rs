//! Runs the other programs on a repository and checks that their output is safe to print.

use std::path::Path;
use std::time::Instant;

use super::step::PATIENCE;
use super::{commands, readable};
use crate::support::run;

/// The commands besides the gate that print content of a repository.
const PROGRAMS: [(&str, &[&str]); 20] = [
    ("id-structure", &["check", "--head", "HEAD"]),
    ("id-ledger", &["log"]),
    ("id-ledger", &["verify"]),
    ("id-registry", &["get", "PLG_GAMMA"]),
    ("id-registry", &["log", "PLG_GAMMA"]),
    ("id-registry", &["list"]),
    ("id-registry", &["find", "e"]),
    ("id-registry", &["build", "--check"]),
    ("id-registry", &["get", "PLG_GAMMA", "--json"]),
    ("id-registry", &["list", "--format", "json"]),
    ("id-registry", &["diff", "HEAD", "HEAD", "--json"]),
    ("id-registry", &["export", "md"]),
    ("id-registry", &["export", "json"]),
    ("id-tag", &["plan"]),
    ("id-tag", &["verify"]),
    ("id-plugin", &["list"]),
    ("id-plugin", &["list", "--json"]),
    ("id-guard", &["policy", "show"]),
    ("id-guard", &["policy", "show", "--json"]),
    ("id-guard", &["doctor"]),
];

/// Runs each of them, and checks its output.
pub(crate) fn check(path: &Path) -> Result<(), String> {
    for (binary, arguments) in PROGRAMS {
        let started = Instant::now();
        let output = run(binary, path, arguments);
        let program = format!("{binary} {}", arguments.join(" "));
        let error = String::from_utf8_lossy(&output.stderr);
        let ended = output.status.code().is_some_and(|status| (0..=2).contains(&status));
        if !ended || error.contains("panicked") || started.elapsed() >= PATIENCE {
            return Err(format!("{program}: {}: {error}", output.status));
        }
        for printed in [&output.stdout, &output.stderr] {
            readable(printed).map_err(|error| format!("{program}: {error}"))?;
            if let Some(command) = commands(printed).first() {
                return Err(format!("{program}: {command:?}"));
            }
        }
    }
    Ok(())
}
