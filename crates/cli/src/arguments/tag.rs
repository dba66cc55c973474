//! The command line of `id-tag`.

use clap::{Args, Parser, Subcommand};

use super::{Common, Place};

/// Makes the tags of published versions, and holds those that are there to the ledger.
#[derive(Debug, Parser)]
#[command(name = "id-tag", version, after_help = TAG_EXAMPLES, max_term_width = 100)]
pub(crate) struct Tag {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: TagCommand,
}

const TAG_EXAMPLES: &str = "Examples:
  id-tag plan                       which tags the ledger tells of, and which are still to be made
  id-tag apply --remote origin      make them, here and there
  id-tag verify --remote origin     hold every tag to the ledger, here and there

A tag is made once and never moved: one that names something else is told, with both objects.

Exit status: 0 done, or judged and nothing fails; 1 judged and something fails; 2 could not be done.";

/// The verbs of `id-tag`.
#[derive(Debug, Subcommand)]
pub(crate) enum TagCommand {
    /// Show which tags the ledger tells of, and which are still to be made.
    Plan(PlanArguments),
    /// Make the tags that are still to be made.
    Apply(ApplyArguments),
    /// Hold every tag to the ledger.
    Verify(TagVerifyArguments),
}

/// Which ledger.
#[derive(Debug, Args)]
pub(crate) struct LedgerAt {
    /// The commit whose ledger and policy are asked.
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub(crate) rev: String,
    /// A remote whose tags are looked at, too: a name or an address.
    #[arg(long, value_name = "REMOTE")]
    pub(crate) remote: Option<String>,
}

/// What `plan` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  id-tag plan\n  id-tag plan --show plugin-local_preview-1.0.0")]
pub(crate) struct PlanArguments {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Which ledger.
    #[command(flatten)]
    pub(crate) ledger: LedgerAt,
    /// Print one tag as it would be made.
    #[arg(long, value_name = "TAG")]
    pub(crate) show: Option<String>,
}

/// What `apply` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  id-tag apply\n  id-tag apply --remote origin\n  id-tag apply --sign")]
pub(crate) struct ApplyArguments {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Which ledger.
    #[command(flatten)]
    pub(crate) ledger: LedgerAt,
    /// Sign the tags as git's own configuration says (gpg or ssh); done anyway where tag.gpgSign is set.
    #[arg(long)]
    pub(crate) sign: bool,
    /// Make nothing, and show what would be made.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What `verify` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-tag verify\n  id-tag verify --rev origin/main --remote origin --format json"
)]
pub(crate) struct TagVerifyArguments {
    /// What every run takes.
    #[command(flatten)]
    pub(crate) common: Common,
    /// Which ledger.
    #[command(flatten)]
    pub(crate) ledger: LedgerAt,
}
