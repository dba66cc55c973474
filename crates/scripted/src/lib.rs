//! Scripted repositories for tests: real git, a fixed clock and no settings of the machine.
#![expect(
    clippy::disallowed_methods,
    clippy::missing_panics_doc,
    reason = "test support: it runs git and panics if git fails"
)]
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

pub mod snapshot_contract;

use std::path::Path;
use std::process::Command;

/// A repository in a temporary directory.
pub struct Scripted {
    directory: tempfile::TempDir,
    clock: std::cell::Cell<u64>,
}

impl Scripted {
    /// Makes an empty SHA-1 repository on branch `main`.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a repository on disk is not a default value")]
    pub fn new() -> Scripted {
        Scripted::with_format("sha1")
    }

    /// Makes an empty repository of an object format, `sha1` or `sha256`.
    #[must_use]
    pub fn with_format(format: &str) -> Scripted {
        let scripted =
            Scripted { directory: tempfile::tempdir().unwrap(), clock: std::cell::Cell::new(1_700_000_000) };
        scripted.git(&["init", "--quiet", "--initial-branch=main", &format!("--object-format={format}")]);
        scripted
    }

    /// Returns the working tree.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Runs git and returns what it prints; each call is a minute later.
    pub fn git(&self, arguments: &[&str]) -> String {
        git(self.path(), arguments, self.clock.replace(self.clock.get() + 60))
    }

    /// Writes a file of the working tree, and creates its parent directories.
    pub fn write(&self, path: impl AsRef<Path>, content: impl AsRef<[u8]>) {
        let path = self.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// Commits everything in the working tree and returns the commit's id.
    pub fn commit(&self, subject: &str) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "-m", subject]);
        self.git(&["rev-parse", "HEAD"])
    }
}

/// Runs git in a directory at a time (seconds since 1970) and returns what it prints.
pub fn git(directory: &Path, arguments: &[&str], time: u64) -> String {
    let date = format!("@{time} +0000");
    let output = Command::new("git")
        .args([
            "-c",
            "core.hooksPath=/dev/null",
            "-c",
            "commit.gpgSign=false",
            "-c",
            "protocol.file.allow=always",
        ])
        .args(arguments)
        .current_dir(directory)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .envs([("GIT_AUTHOR_NAME", "Ada"), ("GIT_AUTHOR_EMAIL", "ada@example.org")])
        .envs([("GIT_COMMITTER_NAME", "Ada"), ("GIT_COMMITTER_EMAIL", "ada@example.org")])
        .envs([("GIT_AUTHOR_DATE", &date), ("GIT_COMMITTER_DATE", &date)])
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim_end().to_string()
}
