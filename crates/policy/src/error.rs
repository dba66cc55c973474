//! Why a policy cannot be loaded.

use std::fmt;

use diagnostic::{CheckError, Location};
use snapshot::RepoPath;

/// Why a policy cannot be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A file of the policy cannot be read.
    Read {
        /// What the file belongs to: the policy, or a pack.
        what: &'static str,
        /// Its path.
        path: RepoPath,
        /// Why it cannot be read.
        source: snapshot::Error,
    },
    /// The policy is invalid: each problem with its place.
    Invalid(Vec<CheckError>),
}

impl Error {
    /// Returns every problem, as reports show it.
    #[must_use]
    pub fn into_check_errors(self) -> Vec<CheckError> {
        match self {
            Error::Read { what, path, source } => vec![CheckError {
                message: format!("the {what} cannot be read: {source}"),
                help: source.help().map(String::from),
                location: Some(Location::of(&path)),
            }],
            Error::Invalid(problems) => problems,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Read { what, source, .. } => write!(f, "the {what} cannot be read: {source}"),
            Error::Invalid(problems) => {
                let messages: Vec<&str> = problems.iter().map(|problem| problem.message.as_str()).collect();
                f.write_str(&messages.join("; "))
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Read { source, .. } => Some(source),
            Error::Invalid(_) => None,
        }
    }
}

impl From<CheckError> for Error {
    fn from(problem: CheckError) -> Error {
        Error::Invalid(vec![problem])
    }
}

impl From<Error> for Vec<CheckError> {
    fn from(error: Error) -> Vec<CheckError> {
        error.into_check_errors()
    }
}
