//! The command line of `id-mint`.

use super::Place;
use super::common::exit_status;
use clap::{Args, Parser, Subcommand};

/// Mints identities: writes a new ID card and never overwrites one.
#[derive(Debug, Parser)]
#[command(name = "id-mint", version, after_help = MINT_EXAMPLES, max_term_width = 100)]
pub(crate) struct Mint {
    /// The kind of artifact.
    #[command(subcommand)]
    pub(crate) command: MintCommand,
}

const MINT_EXAMPLES: &str = "Examples:
  id-mint plugin \"Local Preview\"                    plugins/local_preview, PLG_LOCAL_PREVIEW
  id-mint document \"Guide\" --path docs/guide.md     DOC_GUIDE
  id-mint module \"Editor\" --path apps/editor        apps/editor/module.yaml, MOD_EDITOR
  id-mint pack strict --dry-run                       print the card and write nothing

Exit status: 0 minted, 1 refused (the gate would refuse it), 2 could not run.";

/// The kinds of artifacts that have identities.
#[derive(Debug, Subcommand)]
pub(crate) enum MintCommand {
    /// Mint the identity of a plugin.
    Plugin(MintArguments),
    /// Mint the identity of a document: Markdown with front matter.
    Document(MintArguments),
    /// Mint the identity of a policy pack.
    Pack(MintArguments),
    /// Mint the identity of a module: a part of the repository with `module.yaml`.
    Module(MintArguments),
}

/// Options of every subcommand of `id-mint`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-mint plugin \"Local Preview\" --owner previews@example.org\n  id-mint document \"Guide\" --path docs/guide.md\n  id-mint pack strict\n  id-mint module \"Editor\" --path apps/editor", exit_status!(write))
)]
pub(crate) struct MintArguments {
    /// The name; key and path are built from it.
    pub(crate) name: String,
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The owner of the artifact [default: git's user.email].
    #[arg(long, value_name = "WHO")]
    pub(crate) owner: Option<String>,
    /// The path of the artifact, from the root of the repository.
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<String>,
    /// The key, instead of the one built from the name.
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// Use this ULID instead of generating one.
    #[arg(long, value_name = "ULID")]
    pub(crate) ulid: Option<String>,
    /// Mark the identity as private to this repository.
    #[arg(long)]
    pub(crate) private: bool,
    /// Notes on the card.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) notes: String,
    /// Dry run: print the card.
    #[arg(long, help_heading = "Output")]
    pub(crate) dry_run: bool,
}
