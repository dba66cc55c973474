//! Runs git, to fetch, to write and to publish with the user's credentials and keys. A check never runs git.
//!
//! Git uses its own configuration here: a user who publishes trusts the clone that they publish from. Hooks do not run, and environment
//! variables do not change the repository.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use snapshot::{Cause, Error, Result};

use crate::Repository;

/// Variables that make git use another repository than the one that was opened (git(1), "Environment Variables").
const REDIRECTING_VARIABLES: [&str; 12] = [
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

/// The setting that makes every git of this process send a token to one server: it is in no file and on no command line.
static TOKEN_HEADER: OnceLock<(String, String)> = OnceLock::new();

/// Makes git send a token to one server, such as `https://github.com`, and to no other; only the first call has an effect.
pub fn send_token(server: &str, token: &str) {
    let credentials = digest::base64::encode(format!("x-access-token:{token}").as_bytes());
    let key = format!("http.{}/.extraheader", server.trim_end_matches('/'));
    // A second call would be an error of this program, and has no effect.
    let _ = TOKEN_HEADER.set((key, format!("AUTHORIZATION: basic {credentials}")));
}

/// The option that makes the remote run git's own program instead of one that a configuration names (git-fetch(1)).
pub const UPLOAD_PACK: &str = "--upload-pack=git-upload-pack";

/// Variables that git must not see.
const SECRETS: [&str; 2] = ["ID_GUARD_LOG_KEY", "INPUT_TOKEN"];

/// The result of a git command.
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
    /// Runs git in this repository with the given input and additional environment variables.
    ///
    /// # Errors
    /// When git cannot be run. If git itself fails, [`GitOutput::succeeded`] is false.
    pub fn git(&self, arguments: &[&str], input: &[u8], variables: &[(&str, &str)]) -> Result<GitOutput> {
        let mut command = command(&self.git_directory(), arguments);
        command.envs(variables.iter().copied());
        run(command, input)
    }

    /// Returns the directory in which git runs: the working tree, else the repository itself.
    #[must_use]
    pub fn git_directory(&self) -> std::path::PathBuf {
        self.workdir().unwrap_or_else(|| self.common_dir())
    }
}

/// Prepares a git command in a directory: without hooks, daemons, maintenance and questions, and without variables that lead elsewhere.
pub(crate) fn command(directory: &std::path::Path, arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    // Run only the command: no hooks, no daemons, no maintenance, no questions on the terminal.
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
    command.arg("--no-replace-objects").args(arguments).current_dir(directory);
    for name in REDIRECTING_VARIABLES {
        command.env_remove(name);
    }
    if let Some((key, value)) = TOKEN_HEADER.get() {
        // Settings in the environment (git-config(1), GIT_CONFIG_COUNT) are added to existing ones.
        let existing = std::env::var("GIT_CONFIG_COUNT").ok().and_then(|count| count.parse::<u32>().ok());
        let at = existing.unwrap_or_default();
        // The empty value removes headers that a checkout left in the configuration.
        command.env("GIT_CONFIG_COUNT", (at + 2).to_string());
        for (at, value) in [(at, ""), (at + 1, value.as_str())] {
            command.env(format!("GIT_CONFIG_KEY_{at}"), key).env(format!("GIT_CONFIG_VALUE_{at}"), value);
        }
    }
    command.env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
    SECRETS.iter().for_each(|name| {
        command.env_remove(name);
    });
    command
}

/// Runs git with an input and collects its output.
fn run(mut command: Command, input: &[u8]) -> Result<GitOutput> {
    let failed =
        |error: std::io::Error| Error::Io { what: "cannot run git".into(), reason: Cause::new(error) };
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    let mut standard = child.stdin.take();
    let input = input.to_vec();
    // A thread writes the input, so that the two processes never wait for each other.
    let writing = std::thread::spawn(move || {
        // A program that exits before reading its input reports the reason itself.
        let _ = standard.take().map(|mut pipe| pipe.write_all(&input));
    });
    let output = child.wait_with_output().map_err(failed)?;
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

    /// Returns standard output, or an error that names the failed operation.
    ///
    /// # Errors
    /// [`Error::Refused`] when the exit status is not 0.
    pub fn or_refused(self, what: &str) -> Result<Vec<u8>> {
        if self.succeeded() {
            return Ok(self.stdout);
        }
        Err(Error::Refused { what: format!("{what}: {}", self.stderr), help: String::new() })
    }
}
