//! `id-immutability`: what a change or a history does to permanent files, without the other families.

use std::process::ExitCode;

use crate::arguments::{Immutability, ImmutabilityCommand};
use crate::guard::audit::run_audit;
use crate::guard::check::run_check;

/// The families that `id-immutability` leaves to `id-guard`.
const NOT_IMMUTABILITY: &[&str] =
    &["CRD", "UNI", "ONE", "STR", "SCH", "GEN", "CMP", "DOC", "CAP", "POL", "CUS"];

pub(crate) fn run(arguments: Immutability) -> ExitCode {
    match arguments.command {
        ImmutabilityCommand::Check(arguments) => run_check("id-immutability", &arguments, NOT_IMMUTABILITY),
        ImmutabilityCommand::Audit(arguments) => run_audit("id-immutability", &arguments, NOT_IMMUTABILITY),
    }
}
