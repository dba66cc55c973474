//! The command line of `id-release`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::Place;
use super::common::exit_status;

/// Packs published versions for a release.
#[derive(Debug, Parser)]
#[command(name = "id-release", version, after_help = RELEASE_EXAMPLES, max_term_width = 100)]
pub(crate) struct Release {
    /// The command.
    #[command(subcommand)]
    pub(crate) command: ReleaseCommand,
}

const RELEASE_EXAMPLES: &str = "Examples:
  id-release pack plugin-local_preview-1.0.0      into dist/plugin-local_preview-1.0.0/: archive, proof, checksums, notes
  id-release pack --out /tmp/dist TAG TAG

Exit status: 0 done; 1 a tag does not match the ledger, or the plugin is private; 2 could not run.";

/// The subcommands of `id-release`.
#[derive(Debug, Subcommand)]
pub(crate) enum ReleaseCommand {
    /// Pack the plugin versions of tags, as recorded in the ledger.
    Pack(PackArguments),
}

/// Options of `pack`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:
  id-release pack plugin-local_preview-1.0.0
  id-release pack --rev origin/main --out dist plugin-local_preview-1.0.0

Each tag gets a directory: KEY-VERSION.tar.gz with the plugin's files as stored in git (no attribute of
.gitattributes, no filter and no line ending changes them), KEY-VERSION.tlog-proof if the ledger is signed,
SHA256SUMS, and NOTES.md with the ledger's events and with what was yanked, retired or merged.",
    exit_status!(write)
))]
pub(crate) struct PackArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The commit of the ledger.
    #[arg(long, value_name = "REV", default_value = "HEAD", help_heading = "Repository")]
    pub(crate) rev: String,
    /// The output directory; each tag gets a directory in it.
    #[arg(long, value_name = "DIR", default_value = "dist", help_heading = "Output")]
    pub(crate) out: PathBuf,
    /// Also pack plugins whose ID card declares them private.
    #[arg(long)]
    pub(crate) include_private: bool,
    /// The tags.
    #[arg(value_name = "TAG", required = true)]
    pub(crate) tags: Vec<String>,
}
