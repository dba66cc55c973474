//! The command line of `id-guard policy`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Place;

/// The verbs of `id-guard policy`.
#[derive(Debug, Subcommand)]
pub(crate) enum PolicyCommand {
    /// Show what holds: packs, values, levels and disciplines, each with who set it.
    Show(ShowArguments),
    /// Print the pins of the packs that apply: name, version and SHA-256, as policy.yaml takes them.
    Pin(PinArguments),
    /// Run the tests of the packs: `test_` rules of their Rego files.
    Test(TestArguments),
    /// Say what another policy would newly flag, or clear: in the whole repository, and in the last merges.
    Preview(PreviewArguments),
}

/// Which policy.
#[derive(Debug, Args)]
pub(crate) struct PolicyAt {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The commit whose policy is read; the working tree's where none is given.
    #[arg(long, value_name = "REV")]
    pub(crate) rev: Option<String>,
}

/// What `policy show` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-guard policy show\n  id-guard policy show --why security.memory_mib\n  id-guard policy show --rev origin/main --json"
)]
pub(crate) struct ShowArguments {
    /// Which policy.
    #[command(flatten)]
    pub(crate) at: PolicyAt,
    /// Show everybody's word on one key, in the order of packs and file: the last one holds.
    #[arg(long, value_name = "KEY")]
    pub(crate) why: Option<String>,
    /// Print it as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `policy pin` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  id-guard policy pin")]
pub(crate) struct PinArguments {
    /// Which policy.
    #[command(flatten)]
    pub(crate) at: PolicyAt,
}

/// What `policy test` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  id-guard policy test\n  id-guard policy test strict")]
pub(crate) struct TestArguments {
    /// The packs; all of the repository's where none is named.
    pub(crate) packs: Vec<String>,
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
}

/// What `policy preview` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-guard policy preview                        the working tree's policy against HEAD's\n  id-guard policy preview --proposed strict-branch --merges 50\n  id-guard policy preview --file proposed.yaml --json"
)]
pub(crate) struct PreviewArguments {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The commit whose policy holds, and whose tree and history are judged.
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub(crate) rev: String,
    /// The commit whose policy is proposed; the working tree's where none is given.
    #[arg(long, value_name = "REV", conflicts_with = "file")]
    pub(crate) proposed: Option<String>,
    /// A policy file that is proposed.
    #[arg(long, value_name = "FILE")]
    pub(crate) file: Option<PathBuf>,
    /// How many merges of the mainline are judged again, from the last one back.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) merges: usize,
    /// Print it as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
