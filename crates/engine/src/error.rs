//! Why a check or an audit could not run.

use std::fmt;

use diagnostic::CheckError;

/// Why a check or an audit could not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Error {
    /// A tree or an object cannot be read.
    Read(snapshot::Error),
    /// The request cannot be answered: its commits, a pack or a custom rule prevent it.
    Refused(CheckError),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Read(error) => error.fmt(f),
            Error::Refused(error) => f.write_str(&error.message),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Read(error) => Some(error),
            Error::Refused(_) => None,
        }
    }
}

impl From<snapshot::Error> for Error {
    fn from(error: snapshot::Error) -> Error {
        Error::Read(error)
    }
}

impl From<CheckError> for Error {
    fn from(error: CheckError) -> Error {
        Error::Refused(error)
    }
}

impl From<Error> for CheckError {
    fn from(error: Error) -> CheckError {
        match error {
            Error::Read(error) => error.into(),
            Error::Refused(error) => error,
        }
    }
}
