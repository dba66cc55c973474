//! The error of a snapshot: it always ends the run, and is never a finding.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use thiserror::Error as ThisError;

/// The result of asking a snapshot.
pub type Result<T> = std::result::Result<T, Error>;

/// The reason why a snapshot cannot be read, with what a user needs to fix it.
#[derive(Debug, Clone, PartialEq, Eq, ThisError)]
pub enum Error {
    /// An object that must be there is not: shallow or partial clone, or a damaged repository.
    #[error("object {id} is missing ({wanted_for})")]
    Missing {
        /// The id, in hexadecimal.
        id: String,
        /// What it was wanted for.
        wanted_for: String,
        /// How to get it.
        help: String,
    },
    /// An object is there but cannot be what it claims to be.
    #[error("{what} is corrupt: {reason}")]
    Corrupt {
        /// Which object or file.
        what: String,
        /// What is wrong with it.
        #[source]
        reason: Cause,
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
    /// The repository uses a feature that is not supported or not trusted.
    #[error("{what}")]
    Refused {
        /// What was refused and why.
        what: String,
        /// How to fix it.
        help: String,
    },
    /// The operating system refused an operation.
    #[error("{what}: {reason}")]
    Io {
        /// What was attempted.
        what: String,
        /// The error of the system.
        #[source]
        reason: Cause,
    },
}

impl Error {
    /// Returns how to fix it, if that is known.
    #[must_use]
    pub fn help(&self) -> Option<&str> {
        match self {
            Error::Corrupt { .. } => Some("check the repository: git fsck --full"),
            Error::Refused { help, .. } | Error::Missing { help, .. } if !help.is_empty() => Some(help),
            Error::Missing { .. } | Error::TooLarge { .. } | Error::Refused { .. } | Error::Io { .. } => None,
        }
    }
}

/// The cause of an error: another error, or a message.
///
/// It is displayed with its own causes, so the message of an [`enum@Error`] is complete without its sources.
#[derive(Debug, Clone)]
pub struct Cause(Arc<dyn std::error::Error + Send + Sync>);

impl Cause {
    /// Keeps an error as a cause.
    pub fn new(error: impl std::error::Error + Send + Sync + 'static) -> Cause {
        Cause(Arc::new(error))
    }
}

impl From<&str> for Cause {
    fn from(message: &str) -> Cause {
        Cause(Arc::from(Box::from(message)))
    }
}

impl From<String> for Cause {
    fn from(message: String) -> Cause {
        Cause(Arc::from(Box::from(message)))
    }
}

impl Deref for Cause {
    type Target = dyn std::error::Error + Send + Sync;

    fn deref(&self) -> &Self::Target {
        &*self.0
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = self.0.to_string();
        let mut next = self.0.source();
        while let Some(cause) = next {
            let cause_text = cause.to_string();
            // Some errors, such as the one above, display their cause themselves.
            if !text.ends_with(&cause_text) {
                text = format!("{text}: {cause_text}");
            }
            next = cause.source();
        }
        f.write_str(&text)
    }
}

impl PartialEq for Cause {
    /// Compares the messages: most errors cannot be compared.
    fn eq(&self, other: &Cause) -> bool {
        self.to_string() == other.to_string()
    }
}

impl Eq for Cause {}

#[cfg(test)]
mod tests {
    use std::error::Error as _;

    use super::*;

    #[test]
    fn the_cause_of_an_error_is_kept() {
        let refused = std::io::Error::from(std::io::ErrorKind::PermissionDenied);
        let error = Error::Io { what: "a.yaml".into(), reason: Cause::new(refused) };
        assert_eq!(error.to_string(), "a.yaml: permission denied");
        let source = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
        assert_eq!(source.map(std::io::Error::kind), Some(std::io::ErrorKind::PermissionDenied));
    }

    #[test]
    fn a_cause_is_displayed_with_its_own_causes() {
        let inner = Error::Corrupt { what: "the pack".into(), reason: "it is truncated".into() };
        let outer = Cause::new(std::io::Error::other(inner));
        assert_eq!(outer, Cause::from("the pack is corrupt: it is truncated"));
    }
}
