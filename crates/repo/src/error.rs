//! Makes errors that keep their cause.

use std::path::Path;

use snapshot::{Cause, Error};

/// An error of the system at a path.
pub(crate) fn io(path: &Path, error: std::io::Error) -> Error {
    Error::Io { what: path.display().to_string(), reason: Cause::new(error) }
}

/// An error of gix about an object, a file or a ref that cannot be read.
pub(crate) fn corrupt(
    what: impl Into<String>,
    error: impl std::error::Error + Send + Sync + 'static,
) -> Error {
    Error::Corrupt { what: what.into(), reason: Cause::new(error) }
}
