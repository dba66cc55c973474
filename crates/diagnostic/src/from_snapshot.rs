//! A tree that cannot be read means that the check could not run.

use crate::CheckError;

impl From<snapshot::Error> for CheckError {
    fn from(error: snapshot::Error) -> CheckError {
        CheckError { help: error.help().map(String::from), message: error.to_string(), location: None }
    }
}
