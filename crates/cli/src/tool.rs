//! The entry function of each binary: parses its arguments and runs it.

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::custom;
use crate::plugin::PluginDatabase;
use crate::registry::Sqlite;

/// The arguments of a process; the first is the name of the program.
pub(crate) type Arguments = Vec<OsString>;

/// Returns the arguments of this process.
pub(crate) fn arguments() -> Arguments {
    std::env::args_os().collect()
}

pub(crate) fn guard(arguments: Arguments) -> ExitCode {
    if is_worker(&arguments) {
        return rego::worker();
    }
    run(arguments, crate::guard::run)
}

pub(crate) fn immutability(arguments: Arguments) -> ExitCode {
    run(arguments, crate::immutability::run)
}

pub(crate) fn structure(arguments: Arguments) -> ExitCode {
    if is_worker(&arguments) {
        return rego::worker();
    }
    run(arguments, crate::structure::run)
}

pub(crate) fn mint(arguments: Arguments) -> ExitCode {
    run(arguments, |arguments| crate::mint::run(&arguments))
}

pub(crate) fn ledger(arguments: Arguments) -> ExitCode {
    run(arguments, |arguments| crate::ledger::run(&arguments))
}

pub(crate) fn registry(arguments: Arguments, sqlite: Sqlite) -> ExitCode {
    run(arguments, |arguments| crate::registry::run(&arguments, sqlite))
}

pub(crate) fn plugin(arguments: Arguments, database: PluginDatabase) -> ExitCode {
    if is_worker(&arguments) {
        return rego::worker();
    }
    run(arguments, |arguments| crate::plugin::run(&arguments, database))
}

pub(crate) fn release(arguments: Arguments) -> ExitCode {
    run(arguments, |arguments| crate::release::run(&arguments))
}

pub(crate) fn tag(arguments: Arguments) -> ExitCode {
    run(arguments, |arguments| crate::tag::run(&arguments))
}

fn run<P: Parser>(arguments: Arguments, command: impl FnOnce(P) -> ExitCode) -> ExitCode {
    match P::try_parse_from(arguments) {
        Ok(parsed) => command(parsed),
        Err(error) => usage(&error),
    }
}

/// Returns whether this process was started only to evaluate custom rules.
pub(crate) fn is_worker(arguments: &Arguments) -> bool {
    arguments.len() == 2 && arguments[1] == custom::WORKER
}

/// Prints help, version or a usage error. A usage error is exit status 2, never a pass.
fn usage(error: &clap::Error) -> ExitCode {
    // A closed pipe does not change the exit status.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}
