//! Runs `gh`: only this file starts it.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::{Error, Result};

/// Variables that `gh` must not see: it gets the token that it needs as `GH_TOKEN`.
const SECRETS: [&str; 2] = ["ID_GUARD_LOG_KEY", "INPUT_TOKEN"];

/// GitHub, as `gh` reaches it from a clone.
#[derive(Debug, Clone)]
pub struct GitHub {
    program: OsString,
    directory: PathBuf,
    variables: Vec<(&'static str, String)>,
}

impl GitHub {
    /// Uses the `gh` of the search path in a clone.
    #[must_use]
    pub fn new(directory: PathBuf) -> GitHub {
        GitHub { program: "gh".into(), directory, variables: Vec::new() }
    }

    /// Uses a token instead of the login of `gh`.
    #[must_use]
    pub fn with_token(mut self, token: String) -> GitHub {
        self.variables.push(("GH_TOKEN", token));
        self
    }

    /// Uses a repository, `[HOST/]OWNER/NAME`, instead of the remote of the clone.
    #[must_use]
    pub fn with_repository(mut self, repository: String) -> GitHub {
        self.variables.push(("GH_REPO", repository));
        self
    }

    #[cfg(test)]
    pub(crate) fn with_program(mut self, program: &std::path::Path) -> GitHub {
        self.program = program.into();
        self
    }

    /// Returns the response of `GET path` of the REST API of a host, as JSON.
    ///
    /// # Errors
    /// When the request fails.
    pub fn get(&self, host: &str, path: &str) -> Result<Vec<u8>> {
        self.run(&["api", path, "--hostname", host])
    }

    /// Starts a run of a workflow with one input.
    ///
    /// # Errors
    /// When the request fails.
    pub fn start_workflow(&self, workflow: &str, branch: &str, input: &str) -> Result<()> {
        self.run(&["workflow", "run", workflow, "--ref", branch, "--field", input]).map(drop)
    }

    /// Runs `gh` and returns its standard output.
    #[expect(clippy::disallowed_methods, reason = "this crate alone runs gh")]
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<Vec<u8>> {
        let command = || format!("gh {}", arguments.join(" "));
        let mut gh = Command::new(&self.program);
        gh.args(arguments).current_dir(&self.directory).stdin(Stdio::null());
        for name in SECRETS {
            gh.env_remove(name);
        }
        gh.env("GH_PROMPT_DISABLED", "1").env("NO_COLOR", "1");
        gh.envs(self.variables.iter().map(|(name, value)| (name, value)));
        let output = gh.output().map_err(|source| Error::NotRunnable { command: command(), source })?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let stderr = String::from_utf8_lossy(&output.stderr);
        let lines: Vec<&str> = stderr.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        Err(Error::Failed { command: command(), stderr: lines.join("; ") })
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, clippy::disallowed_methods, reason = "test support: it writes a script")]
pub(crate) mod tests {
    use super::*;

    /// A directory with a `gh` that is a shell script.
    pub(crate) fn scripted(script: &str) -> (tempfile::TempDir, GitHub) {
        let directory = tempfile::tempdir().unwrap();
        let program = directory.path().join("gh");
        std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(&program, mode).unwrap();
        let github = GitHub::new(directory.path().to_path_buf()).with_program(&program);
        (directory, github)
    }

    #[test]
    fn the_token_and_the_repository_are_variables() {
        let (_directory, github) = scripted("echo \"$GH_TOKEN $GH_REPO $GH_PROMPT_DISABLED $*\"");
        let github = github.with_token("t".into()).with_repository("o/r".into());
        assert_eq!(
            github.get("example.org", "repos/o/r").unwrap(),
            b"t o/r 1 api repos/o/r --hostname example.org\n"
        );
    }

    #[test]
    fn a_failure_has_the_lines_of_standard_error() {
        let (_directory, github) = scripted("printf 'HTTP 403\\n\\n  no access\\n' >&2; exit 4");
        let error = github.start_workflow("w.yml", "main", "tags=a").unwrap_err();
        assert_eq!(error.stderr(), Some("HTTP 403; no access"));
        let Error::Failed { command, .. } = error else { panic!("gh failed") };
        assert_eq!(command, "gh workflow run w.yml --ref main --field tags=a");
    }

    #[test]
    fn a_missing_program_is_an_error_with_its_cause() {
        let directory = tempfile::tempdir().unwrap();
        let missing = directory.path().join("gh");
        let github = GitHub::new(directory.path().to_path_buf()).with_program(&missing);
        let error = github.get("github.com", "user").unwrap_err();
        let source = std::error::Error::source(&error).unwrap();
        let source = source.downcast_ref::<std::io::Error>().unwrap();
        assert_eq!(source.kind(), std::io::ErrorKind::NotFound);
    }
}
