//! The programs that are run, and only to fetch, to write and to publish, never to judge: git itself, for what needs the user's credentials and
//! keys, and GitHub's `gh` for what git cannot do.
//!
//! Git obeys its own configuration here: whoever publishes trusts the clone from which they publish. Hooks are not run, and where git was called
//! from says nothing of what it works on.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use base64::Engine as _;
use snapshot::{Error, Result};

use crate::Repository;

/// What would make git work on another repository than the one that was opened (git(1), "Environment Variables").
const ELSEWHERE: [&str; 12] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
    "GIT_CEILING_DIRECTORIES",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_REPLACE_REF_BASE",
    "GIT_GRAFT_FILE",
];

/// What every git of this process shows to one server: a setting that lies in no file and on no command line.
static SHOWN: OnceLock<(String, String)> = OnceLock::new();

/// Lets git show a token to a server, as in `https://github.com`, and to no other; the first token of a process counts.
pub fn show_token(server: &str, token: &str) {
    let words = base64::engine::general_purpose::STANDARD.encode(format!("x-access-token:{token}"));
    let key = format!("http.{}/.extraheader", server.trim_end_matches('/'));
    // A second token would be an error of this program, and changes nothing.
    let _ = SHOWN.set((key, format!("AUTHORIZATION: basic {words}")));
}

/// The option by which the other side runs git's own program, and not one that a configuration names (git-fetch(1)).
pub const UPLOAD_PACK: &str = "--upload-pack=git-upload-pack";

/// What no program that is started has to know.
const SECRETS: [&str; 2] = ["ID_GUARD_LOG_KEY", "INPUT_TOKEN"];

/// What git said.
#[derive(Debug, Clone)]
pub struct GitOutput {
    /// The exit status.
    pub status: std::process::ExitStatus,
    /// Standard output.
    pub stdout: Vec<u8>,
    /// The lines of standard error, joined with `; `.
    pub stderr: String,
}

impl Repository {
    /// Runs git in this repository with an input and variables of its own.
    ///
    /// # Errors
    /// When git cannot be run. That it says no is told by [`GitOutput`].
    pub fn git(&self, arguments: &[&str], input: &[u8], variables: &[(&str, &str)]) -> Result<GitOutput> {
        let mut command = Command::new("git");
        // Nothing but what was asked for: no hooks, no daemons, no housekeeping, no questions at a terminal.
        for setting in [
            "core.hooksPath=/dev/null",
            "core.fsmonitor=false",
            "gc.auto=0",
            "maintenance.auto=false",
            "push.followTags=false",
            "protocol.ext.allow=never",
        ] {
            command.args(["-c", setting]);
        }
        command.arg("--no-replace-objects").args(arguments).current_dir(self.place());
        for name in ELSEWHERE {
            command.env_remove(name);
        }
        if let Some((key, value)) = SHOWN.get() {
            // Settings of the environment (git-config(1), GIT_CONFIG_COUNT): those that are there stay.
            let there = std::env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse::<u32>().ok());
            let at = there.unwrap_or_default();
            // An empty value first: what a checkout left in the configuration is not sent beside it.
            command.env("GIT_CONFIG_COUNT", (at + 2).to_string());
            for (at, value) in [(at, ""), (at + 1, value.as_str())] {
                command.env(format!("GIT_CONFIG_KEY_{at}"), key).env(format!("GIT_CONFIG_VALUE_{at}"), value);
            }
        }
        command.env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C").envs(variables.iter().copied());
        run(command, "git", input)
    }

    /// Runs GitHub's own program, for what git itself cannot do: propose a branch, start a workflow, publish a release.
    ///
    /// # Errors
    /// When it cannot be run. That it says no is told by [`GitOutput`].
    pub fn gh(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Result<GitOutput> {
        let mut command = Command::new("gh");
        command.args(arguments).current_dir(self.place());
        command.env("GH_PROMPT_DISABLED", "1").env("NO_COLOR", "1").envs(variables.iter().copied());
        run(command, "gh", &[])
    }

    /// Where git is run: the working tree, else the repository itself.
    fn place(&self) -> std::path::PathBuf {
        self.workdir().unwrap_or_else(|| self.common_dir())
    }
}

/// Runs a program with an input, and listens.
fn run(mut command: Command, name: &str, input: &[u8]) -> Result<GitOutput> {
    let failed = |error: &std::io::Error| Error::Io {
        what: format!("{name} cannot be run"),
        reason: error.to_string(),
    };
    SECRETS.iter().for_each(|name| {
        command.env_remove(name);
    });
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| failed(&error))?;
    let mut standard = child.stdin.take();
    let input = input.to_vec();
    // Written beside, so that neither waits for the other.
    let writing = std::thread::spawn(move || {
        // A program that ends before it read everything says why itself.
        let _ = standard.take().map(|mut pipe| pipe.write_all(&input));
    });
    let output = child.wait_with_output().map_err(|error| failed(&error))?;
    let _ = writing.join();
    let error = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = error.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    Ok(GitOutput { status: output.status, stdout: output.stdout, stderr: lines.join("; ") })
}

impl GitOutput {
    /// Returns whether the exit status is 0.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.status.success()
    }

    /// Returns what git said, or that it could not do something.
    ///
    /// # Errors
    /// [`Error::Refused`] where git said no.
    pub fn or_refused(self, what: &str) -> Result<Vec<u8>> {
        if self.succeeded() {
            return Ok(self.stdout);
        }
        Err(Error::Refused { what: format!("{what}: {}", self.stderr), help: String::new() })
    }
}
