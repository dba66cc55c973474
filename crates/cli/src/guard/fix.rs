//! `id-guard fix`: generates every derived file that is out of date.

use std::process::ExitCode;

use crate::arguments::{FixArguments, Place, Writing};
use crate::plugin::generate::{finish, make};

pub(crate) fn run(arguments: &FixArguments) -> ExitCode {
    let writing = Writing {
        place: Place { repo: arguments.place.repo.clone() },
        dry_run: arguments.dry_run,
        diff: arguments.diff,
    };
    finish(make(&[], &writing, false, false), false)
}
