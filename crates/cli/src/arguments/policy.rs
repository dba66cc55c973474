//! The command line of `id-guard policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Place;
use super::common::exit_status;

/// The subcommands of `id-guard policy`.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Show the effective policy: packs, values, levels and disciplines, each with its origin, and what the disciplines govern.
    Show(ShowArguments),
    /// Print the pins of the active packs for policy.yaml: name, version and SHA-256.
    Pin(PinArguments),
    /// Run the tests of the packs: the `test_` rules of their Rego files.
    Test(TestArguments),
    /// Preview a policy: which findings it would add or remove in the repository and in the last merges.
    Preview(PreviewArguments),
}

/// The policy.
#[derive(Debug, Args)]
pub(crate) struct PolicyAt {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The commit of the policy [default: the working tree].
    #[arg(long, value_name = "REV", help_heading = "Repository")]
    pub(crate) rev: Option<String>,
}

/// Options of `policy show`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-guard policy show\n  id-guard policy show --why security.memory_mib\n  id-guard policy show --rev origin/main --json", exit_status!(show))
)]
pub(crate) struct ShowArguments {
    /// The policy.
    #[command(flatten)]
    pub(crate) at: PolicyAt,
    /// Show every statement on one key, in order of precedence; the last one is in effect.
    #[arg(long, value_name = "KEY")]
    pub(crate) why: Option<String>,
    /// Print JSON.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}

/// Options of `policy pin`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Example:\n  id-guard policy pin", exit_status!(show)))]
pub(crate) struct PinArguments {
    /// The policy.
    #[command(flatten)]
    pub(crate) at: PolicyAt,
}

/// Options of `policy test`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-guard policy test\n  id-guard policy test strict", exit_status!(tests)))]
pub(crate) struct TestArguments {
    /// The packs [default: all packs of the repository].
    pub(crate) packs: Vec<String>,
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
}

/// Options of `policy preview`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-guard policy preview                        compare the policy of the working tree with that of the base branch\n  id-guard policy preview --proposed strict-branch --merges 50\n  id-guard policy preview --file proposed.yaml --json", exit_status!(show))
)]
pub(crate) struct PreviewArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The commit of the current policy, whose tree and history are checked [default: the base branch, or HEAD without one].
    #[arg(long, value_name = "REV", help_heading = "Repository")]
    pub(crate) rev: Option<String>,
    /// The commit of the proposed policy [default: the working tree].
    #[arg(long, value_name = "REV", conflicts_with = "file", help_heading = "Repository")]
    pub(crate) proposed: Option<String>,
    /// The file of the proposed policy.
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) file: Option<PathBuf>,
    /// The number of merges to check again, starting with the last one.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) merges: usize,
    /// Print JSON.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}
