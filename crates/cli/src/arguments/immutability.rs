//! The command line of `id-immutability`.

use clap::{Parser, Subcommand};

use super::common::exit_status;
use super::{AuditArguments, CheckArguments};

/// Enforces immutability of ID cards, the ledger and governed paths.
#[derive(Debug, Parser)]
#[command(name = "id-immutability", version, after_help = IMMUTABILITY_EXAMPLES, max_term_width = 100)]
pub(crate) struct Immutability {
    /// The command.
    #[command(subcommand)]
    pub(crate) command: ImmutabilityCommand,
}

const IMMUTABILITY_EXAMPLES: &str = concat!(
    "Examples:
  id-immutability check --base origin/main
  id-immutability audit --all-parents
  id-immutability audit --policy append-only.yaml --format json",
    exit_status!(check)
);

/// The subcommands of `id-immutability`.
#[derive(Debug, Subcommand)]
pub(crate) enum ImmutabilityCommand {
    /// Check a change.
    #[command(after_help = concat!("Examples:\n  id-immutability check --base origin/main --per-commit\n  id-immutability check --staged --format github", exit_status!(check)))]
    Check(CheckArguments),
    /// Audit the full history.
    #[command(after_help = concat!("Examples:\n  id-immutability audit --all-parents\n  id-immutability audit --since v1.0.0 --format json", exit_status!(check)))]
    Audit(AuditArguments),
}
