//! The options of `id-ledger verify-proof`, and the greatest age of a checkpoint.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::ServedArguments;
use super::common::exit_status;

/// Options of `verify-proof`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-ledger verify-proof a.tlog-proof --key example.org/plugins+903e5d81+Afn8... --artifact guide.md\n  id-ledger verify-proof a.tlog-proof --trust trust.policy --max-age 7d\n  id-ledger verify-proof a.state --trust trust.policy --identity PLG_LOCAL_PREVIEW@1.2.0 --expect active", exit_status!(verified))
)]
pub(crate) struct VerifyProofArguments {
    /// The proof.
    pub(crate) proof: PathBuf,
    /// The identity that the proof must be about: its ULID or key, and perhaps `@VERSION`.
    #[arg(long, value_name = "IDENTITY[@VERSION]")]
    pub(crate) identity: Option<String>,
    /// The registry that resolves a key which the proof does not show [default: ids/registry.yaml of this repository].
    #[arg(long, value_name = "FILE", requires = "identity")]
    pub(crate) registry: Option<PathBuf>,
    /// The state that the proof must show; with a version, that of the version.
    #[arg(long, value_name = "STATE", value_enum, conflicts_with = "allow_yanked")]
    pub(crate) expect: Option<ExpectedState>,
    /// Accept a version that was yanked, and an identity that is retired or merged.
    #[arg(long)]
    pub(crate) allow_yanked: bool,
    /// The file, directory or release archive (.tar.gz) that the proven line records; an archive is not unpacked on disk.
    #[arg(long, value_name = "PATH")]
    pub(crate) artifact: Option<PathBuf>,
    /// The log's key.
    #[arg(long, value_name = "KEY", conflicts_with = "trust")]
    pub(crate) key: Option<String>,
    /// The trust policy (C2SP tlog-policy).
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) trust: Option<PathBuf>,
    /// Compare the proof with the log that is served as tiles at this address, or in this directory: it must continue the proof's checkpoint, and
    /// the identity's current state counts.
    #[arg(long, value_name = "URL|DIR")]
    pub(crate) tiles: Option<String>,
    /// How that log is read.
    #[command(flatten)]
    pub(crate) served: ServedArguments,
    /// How the age of the checkpoint is limited.
    #[command(flatten)]
    pub(crate) age: MaxAge,
    /// Print the result as one JSON object.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}

/// The greatest age of a checkpoint.
#[derive(Debug, Default, Args)]
pub(crate) struct MaxAge {
    /// The greatest age of the checkpoint, e.g. 24h or 7d: the time at which the required witnesses cosigned it, or later, counts.
    #[arg(long, value_name = "DURATION", help_heading = "Policy")]
    pub(crate) max_age: Option<String>,
    /// The time at which the age is measured [default: now].
    #[arg(long, value_name = "TIME", requires = "max_age", help_heading = "Policy")]
    pub(crate) now: Option<String>,
}

/// A state that a proof must show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExpectedState {
    /// In use: neither deprecated nor retired, and the version was not yanked.
    Active,
    /// The version was yanked.
    Yanked,
    /// Retired, or merged into another identity.
    Retired,
    /// The identity did not exist.
    Absent,
}
