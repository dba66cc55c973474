//! Arguments, runs, reports and exit status, shared by every binary.
#![expect(
    clippy::disallowed_methods,
    reason = "this crate is the one that touches terminal, environment and clock"
)]

mod arguments;
mod base;
mod coverage;
mod custom;
mod environment;
mod error;
mod event;
mod guard;
mod immutability;
mod ledger;
mod mint;
mod output;
mod plugin;
pub mod reference;
mod registry;
mod release;
mod remote;
mod session;
mod structure;
mod tag;

use std::process::ExitCode;

use clap::Parser as _;

pub use registry::Sqlite;

/// Runs `id-guard`.
#[must_use]
pub fn guard() -> ExitCode {
    if is_worker() {
        return rego::worker();
    }
    match arguments::Guard::try_parse() {
        Ok(arguments) => guard::run(arguments),
        Err(error) => usage(&error),
    }
}

/// Runs `id-immutability`.
#[must_use]
pub fn immutability() -> ExitCode {
    match arguments::Immutability::try_parse() {
        Ok(arguments) => immutability::run(arguments),
        Err(error) => usage(&error),
    }
}

/// Runs `id-structure`.
#[must_use]
pub fn structure() -> ExitCode {
    if is_worker() {
        return rego::worker();
    }
    match arguments::Structure::try_parse() {
        Ok(arguments) => structure::run(arguments),
        Err(error) => usage(&error),
    }
}

/// Runs `id-mint`.
#[must_use]
pub fn mint() -> ExitCode {
    match arguments::Mint::try_parse() {
        Ok(arguments) => mint::run(&arguments),
        Err(error) => usage(&error),
    }
}

/// Runs `id-ledger`.
#[must_use]
pub fn ledger() -> ExitCode {
    match arguments::Ledger::try_parse() {
        Ok(arguments) => ledger::run(&arguments),
        Err(error) => usage(&error),
    }
}

/// Runs `id-registry`; `sqlite` writes a registry into a database.
#[must_use]
pub fn registry(sqlite: Sqlite) -> ExitCode {
    match arguments::Registry::try_parse() {
        Ok(arguments) => registry::run(&arguments, sqlite),
        Err(error) => usage(&error),
    }
}

/// Runs `id-plugin`.
#[must_use]
pub fn plugin() -> ExitCode {
    match arguments::Plugin::try_parse() {
        Ok(arguments) => plugin::run(&arguments),
        Err(error) => usage(&error),
    }
}

/// Runs `id-release`.
#[must_use]
pub fn release() -> ExitCode {
    match arguments::Release::try_parse() {
        Ok(arguments) => release::run(&arguments),
        Err(error) => usage(&error),
    }
}

/// Runs `id-tag`.
#[must_use]
pub fn tag() -> ExitCode {
    match arguments::Tag::try_parse() {
        Ok(arguments) => tag::run(&arguments),
        Err(error) => usage(&error),
    }
}

/// Whether this process was started to evaluate custom rules, and nothing else.
fn is_worker() -> bool {
    let mut arguments = std::env::args_os().skip(1);
    arguments.next().is_some_and(|word| word == custom::WORKER) && arguments.next().is_none()
}

/// Help and version end with 0; a call that cannot be understood could not judge: 2, never a pass.
fn usage(error: &clap::Error) -> ExitCode {
    // A reader that went away changes nothing.
    let _ = error.print();
    ExitCode::from(if error.use_stderr() { 2 } else { 0 })
}
