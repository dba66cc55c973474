//! The command line of `id-tag`.

use clap::{Args, Parser, Subcommand};

use super::common::exit_status;
use super::{Common, Place};

/// Creates tags of published versions and verifies existing tags against the ledger.
#[derive(Debug, Parser)]
#[command(name = "id-tag", version, after_help = TAG_EXAMPLES, max_term_width = 100)]
pub(crate) struct Tag {
    /// The command.
    #[command(subcommand)]
    pub(crate) command: TagCommand,
}

const TAG_EXAMPLES: &str = "Examples:
  id-tag plan                       list the tags in the ledger, and which are missing
  id-tag apply --remote origin      create them, in this clone and at the remote
  id-tag verify --remote origin     verify every tag, in this clone and at the remote

A tag is created once and never moved; a tag on another object is reported with both objects.

Exit status: 0 done, or all tags match; 1 a tag does not match; 2 could not run.";

/// The subcommands of `id-tag`.
#[derive(Debug, Subcommand)]
pub(crate) enum TagCommand {
    /// List the tags in the ledger, and which are missing.
    Plan(PlanArguments),
    /// Create the missing tags.
    Apply(ApplyArguments),
    /// Verify every tag against the ledger.
    Verify(TagVerifyArguments),
}

/// The ledger.
#[derive(Debug, Args)]
pub(crate) struct LedgerAt {
    /// The commit of the ledger and the policy.
    #[arg(long, value_name = "REV", default_value = "HEAD", help_heading = "Repository")]
    pub(crate) rev: String,
    /// Also read the tags of this remote: a name or an address.
    #[arg(long, value_name = "REMOTE", help_heading = "Repository")]
    pub(crate) remote: Option<String>,
}

/// Options of `plan`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-tag plan\n  id-tag plan --show plugin-local_preview-1.0.0", exit_status!(show)))]
pub(crate) struct PlanArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The ledger.
    #[command(flatten)]
    pub(crate) ledger: LedgerAt,
    /// Print one tag object as it would be created.
    #[arg(long, value_name = "TAG", help_heading = "Output")]
    pub(crate) show: Option<String>,
}

/// Options of `apply`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-tag apply\n  id-tag apply --remote origin\n  id-tag apply --sign", exit_status!(write)))]
pub(crate) struct ApplyArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The ledger.
    #[command(flatten)]
    pub(crate) ledger: LedgerAt,
    /// Sign the tags as git's configuration sets (gpg or ssh); always done if tag.gpgSign is set.
    #[arg(long)]
    pub(crate) sign: bool,
    /// Dry run: print what would be created.
    #[arg(long, help_heading = "Output")]
    pub(crate) dry_run: bool,
}

/// Options of `verify`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-tag verify\n  id-tag verify --rev origin/main --remote origin --format json", exit_status!(check))
)]
pub(crate) struct TagVerifyArguments {
    /// Options of every check.
    #[command(flatten)]
    pub(crate) common: Common,
    /// The ledger.
    #[command(flatten)]
    pub(crate) ledger: LedgerAt,
}
