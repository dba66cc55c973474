//! Why a request to GitHub failed.

use thiserror::Error as ThisError;

/// The result of a request.
pub type Result<T> = std::result::Result<T, Error>;

/// Why a request failed. Every variant names the command, so that it can be run by hand.
#[derive(Debug, ThisError)]
pub enum Error {
    /// `gh` cannot be started.
    #[error("cannot run {command}: {source}")]
    NotRunnable {
        /// The command.
        command: String,
        /// The error of the system.
        source: std::io::Error,
    },
    /// `gh` exited with an error: no permission, no network, or a refused request.
    #[error("{stderr}")]
    Failed {
        /// The command.
        command: String,
        /// The lines of standard error, joined with `; `.
        stderr: String,
    },
    /// The output of `gh` is not the expected JSON.
    #[error("cannot read the output of {command}: {source}")]
    UnexpectedOutput {
        /// The command.
        command: String,
        /// The error of the JSON reader.
        source: serde_json::Error,
    },
}

impl Error {
    /// Returns the text that `gh` printed if it exited with an error.
    #[must_use]
    pub fn stderr(&self) -> Option<&str> {
        match self {
            Error::Failed { stderr, .. } => Some(stderr),
            Error::NotRunnable { .. } | Error::UnexpectedOutput { .. } => None,
        }
    }
}
