//! The command line of `id-release`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::Place;

/// Packs published versions for a release.
#[derive(Debug, Parser)]
#[command(name = "id-release", version, after_help = RELEASE_EXAMPLES, max_term_width = 100)]
pub(crate) struct Release {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: ReleaseCommand,
}

const RELEASE_EXAMPLES: &str = "Examples:
  id-release pack plugin-local_preview-1.0.0      dist/plugin-local_preview-1.0.0/, with archive and checksums
  id-release pack --out /tmp/dist TAG TAG

Exit status: 0 done; 1 what a tag names is not what the ledger tells of; 2 could not be done.";

/// The verbs of `id-release`.
#[derive(Debug, Subcommand)]
pub(crate) enum ReleaseCommand {
    /// Pack the plugins that tags publish: what the ledger tells of, and nothing else.
    Pack(PackArguments),
}

/// What `pack` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  id-release pack plugin-local_preview-1.0.0
  id-release pack --rev origin/main --out dist plugin-local_preview-1.0.0

Of each tag a folder is made: KEY-VERSION.tar.gz with the plugin's files as git has them (no attribute of
.gitattributes, no filter, no line end changes them), SHA256SUMS, and NOTES.md with what the ledger says.")]
pub(crate) struct PackArguments {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The commit whose ledger is asked.
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub(crate) rev: String,
    /// The folder that takes a folder of each tag.
    #[arg(long, value_name = "DIR", default_value = "dist")]
    pub(crate) out: PathBuf,
    /// The tags.
    #[arg(value_name = "TAG", required = true)]
    pub(crate) tags: Vec<String>,
}
