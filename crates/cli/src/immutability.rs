//! `id-immutability`: what a change or a history does to permanent files, without the other families.

use std::process::ExitCode;

use crate::arguments::{Immutability, ImmutabilityCommand};
use crate::guard::audit::run_audit;
use crate::guard::check::run_check;

pub(crate) fn run(arguments: Immutability) -> ExitCode {
    let rules = [rules::immutability::RULES, rules::git_objects::RULES, rules::ledger::RULES].concat();
    match arguments.command {
        ImmutabilityCommand::Check(arguments) => run_check("id-immutability", &arguments, &rules),
        ImmutabilityCommand::Audit(arguments) => run_audit("id-immutability", &arguments, &rules),
    }
}
