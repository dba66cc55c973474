//! The command line of `id-mint`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Mints identities: an ID card each, written once and never over another.
#[derive(Debug, Parser)]
#[command(name = "id-mint", version, after_help = MINT_EXAMPLES, max_term_width = 100)]
pub(crate) struct Mint {
    /// What to mint an identity for.
    #[command(subcommand)]
    pub(crate) command: MintCommand,
}

const MINT_EXAMPLES: &str = "Examples:
  id-mint plugin \"Local Preview\"                    plugins/local_preview, PLG_LOCAL_PREVIEW
  id-mint document \"Guide\" --path docs/guide.md     DOC_GUIDE
  id-mint pack strict --dry-run                       show the card and write nothing

Exit status: 0 minted, 1 refused as the gate would refuse it, 2 could not be done.";

/// The kinds of artifacts that identities are minted for.
#[derive(Debug, Subcommand)]
pub(crate) enum MintCommand {
    /// Mint the identity of a plugin.
    Plugin(MintArguments),
    /// Mint the identity of a document: Markdown with front matter.
    Document(MintArguments),
    /// Mint the identity of a policy pack.
    Pack(MintArguments),
}

/// What `id-mint` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-mint plugin \"Local Preview\" --owner previews@example.org\n  id-mint document \"Guide\" --path docs/guide.md"
)]
pub(crate) struct MintArguments {
    /// The name that people read; key and place are made from it.
    pub(crate) name: String,
    /// The repository, or a directory inside it.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) repo: PathBuf,
    /// Who answers for the artifact; without it, git's user.email.
    #[arg(long, value_name = "WHO")]
    pub(crate) owner: Option<String>,
    /// Where the artifact lies, from the root of the repository.
    #[arg(long, value_name = "PATH")]
    pub(crate) path: Option<String>,
    /// The key, instead of the one that the name makes.
    #[arg(long, value_name = "KEY")]
    pub(crate) key: Option<String>,
    /// Take a ULID that was made elsewhere, instead of making one.
    #[arg(long, value_name = "ULID")]
    pub(crate) ulid: Option<String>,
    /// Keep the identity inside this repository.
    #[arg(long)]
    pub(crate) private: bool,
    /// Anything else that the card shall say.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub(crate) notes: String,
    /// Show the card and write nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
}
