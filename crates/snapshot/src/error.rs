//! Why a snapshot could not answer: always the end of the run, never a verdict.

use thiserror::Error as ThisError;

/// The result of asking a snapshot.
pub type Result<T> = std::result::Result<T, Error>;

/// Why there is no answer. Each kind carries what a person needs to mend it.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
pub enum Error {
    /// An object that must be there is not: shallow or partial clone, or a damaged repository.
    #[error("object {id} is missing ({wanted_for})")]
    Missing {
        /// The id, in hexadecimal.
        id: String,
        /// What it was wanted for.
        wanted_for: String,
    },
    /// An object is there but cannot be what it claims to be.
    #[error("{what} is corrupt: {reason}")]
    Corrupt {
        /// Which object or file.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Something is larger than the limit that keeps hostile input bounded.
    #[error("{what} is too large: {size}, and the limit is {limit}")]
    TooLarge {
        /// Which object or file.
        what: String,
        /// Its size in bytes.
        size: u64,
        /// The limit in bytes.
        limit: u64,
    },
    /// The repository uses something that this program does not read, or that it refuses to trust.
    #[error("{what}")]
    Refused {
        /// What was refused and why.
        what: String,
        /// What to do about it.
        help: String,
    },
    /// The operating system said no.
    #[error("{what}: {reason}")]
    Io {
        /// What was attempted.
        what: String,
        /// The system's answer.
        reason: String,
    },
}

impl Error {
    /// Returns what a person can do about it, where that is known.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Error::Missing { .. } => Some(
                "fetch the missing history: git fetch --unshallow, or clone without --depth and --filter",
            ),
            Error::Corrupt { .. } => Some("check the repository: git fsck --full"),
            Error::Refused { help, .. } if !help.is_empty() => Some(help),
            Error::TooLarge { .. } | Error::Refused { .. } | Error::Io { .. } => None,
        }
    }
}
