//! The command line of `id-guard post-merge`.

use std::path::Path;

use clap::{Args, ValueEnum};

use super::{Place, Signing};

/// The branch that `--writer branch` writes, where nothing else is said.
pub(crate) const LEDGER_BRANCH: &str = "id-guard/ledger";

/// What `post-merge` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  id-guard post-merge                          record what was merged, and push the commit with its tags
  id-guard post-merge --dry-run                show what that would be
  id-guard post-merge --writer pull-request    push a branch to be merged like any other change
  id-guard post-merge --local                  the same without a remote

The commit is a function of the commit it stands on: two writers make the same one. A push that was overtaken is made
again from what is there by then, at most three times; nothing is ever forced.

Exit status: 0 done, or nothing to do; 1 done, but something could not be recorded or tagged; 2 could not be done.")]
pub(crate) struct PostMergeArguments {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The remote whose branch is recorded: a name or an address.
    #[arg(long, value_name = "REMOTE", default_value = "origin")]
    pub(crate) remote: String,
    /// The branch that is recorded; without it, the remote's default branch, or the one that is checked out.
    #[arg(long, value_name = "BRANCH")]
    pub(crate) branch: Option<String>,
    /// How what is recorded comes to the remote.
    #[arg(long, value_enum, default_value_t = WriterArgument::Push)]
    pub(crate) writer: WriterArgument,
    /// The branch that `--writer branch` writes.
    #[arg(long, value_name = "BRANCH", default_value = LEDGER_BRANCH)]
    pub(crate) ledger_branch: String,
    /// Work on this repository alone: fetch nothing, push nothing.
    #[arg(long, conflicts_with = "remote")]
    pub(crate) local: bool,
    /// The log's name, for a ledger that begins; without it, `ledger.origin` of the policy.
    #[arg(long, value_name = "NAME")]
    pub(crate) origin: Option<String>,
    /// Who signs the checkpoint.
    #[command(flatten)]
    pub(crate) signing: Signing,
    /// Close what is recorded with a seal of every identity's state.
    #[arg(long)]
    pub(crate) seal: bool,
    /// Sign commit and tags as git's own configuration says (gpg or ssh); done anyway where commit.gpgSign and tag.gpgSign are set.
    #[arg(long)]
    pub(crate) sign: bool,
    /// Publish nothing and write no object; show what would be.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print what was done as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

impl PostMergeArguments {
    /// What `post-merge` takes where nothing was said but the place.
    pub(crate) fn at(repo: &Path) -> PostMergeArguments {
        PostMergeArguments {
            place: Place { repo: repo.into() },
            remote: "origin".into(),
            branch: None,
            writer: WriterArgument::Push,
            ledger_branch: LEDGER_BRANCH.into(),
            local: false,
            origin: None,
            signing: Signing { key_file: None },
            seal: false,
            sign: false,
            dry_run: false,
            json: false,
        }
    }
}

/// How what is recorded comes to the remote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WriterArgument {
    /// One commit on the branch, pushed with its tags.
    Push,
    /// A branch of its own, to be merged like any other change; tags follow once it is.
    PullRequest,
    /// A branch beside the recorded one, which holds the ledger and the registry.
    Branch,
}
