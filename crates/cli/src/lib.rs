//! Arguments, runs, reports and exit status, shared by every binary.
#![expect(
    clippy::disallowed_methods,
    reason = "this crate is the one that touches terminal, environment and clock"
)]

mod arguments;
mod base;
mod columns;
mod coverage;
mod custom;
mod environment;
mod error;
mod event;
mod governed;
mod guard;
mod immutability;
mod ledger;
mod merged;
mod mint;
mod multicall;
mod network;
mod output;
mod plugin;
mod ref_tags;
pub mod reference;
mod registry;
mod release;
mod remote;
mod session;
mod structure;
mod tag;
mod tool;

use std::process::ExitCode;

pub use multicall::{Databases, multicall};
pub use plugin::PluginDatabase;
pub use registry::Sqlite;

/// Runs `id-guard`.
#[must_use]
pub fn guard() -> ExitCode {
    tool::guard(tool::arguments())
}

/// Runs `id-immutability`.
#[must_use]
pub fn immutability() -> ExitCode {
    tool::immutability(tool::arguments())
}

/// Runs `id-structure`.
#[must_use]
pub fn structure() -> ExitCode {
    tool::structure(tool::arguments())
}

/// Runs `id-mint`.
#[must_use]
pub fn mint() -> ExitCode {
    tool::mint(tool::arguments())
}

/// Runs `id-ledger`.
#[must_use]
pub fn ledger() -> ExitCode {
    tool::ledger(tool::arguments())
}

/// Runs `id-registry`; `sqlite` writes a registry into a database.
#[must_use]
pub fn registry(sqlite: Sqlite) -> ExitCode {
    tool::registry(tool::arguments(), sqlite)
}

/// Runs `id-plugin`; `database` writes and compares the index of plugins.
#[must_use]
pub fn plugin(database: PluginDatabase) -> ExitCode {
    tool::plugin(tool::arguments(), database)
}

/// Runs `id-release`.
#[must_use]
pub fn release() -> ExitCode {
    tool::release(tool::arguments())
}

/// Runs `id-tag`.
#[must_use]
pub fn tag() -> ExitCode {
    tool::tag(tool::arguments())
}
