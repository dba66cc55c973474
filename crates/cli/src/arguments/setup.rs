//! The command lines of `id-guard init` and `id-guard doctor`: how a repository begins, and what is missing.

use std::path::PathBuf;

use clap::Args;

use super::WriterArgument;

/// What `init` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  id-guard init --minimal                                       the policy alone
  id-guard init --action OWNER/id-guard@COMMIT --hooks          policy, workflows, git's hooks
  id-guard init --action OWNER/id-guard@COMMIT --base-controlled --writer pull-request

What stands there already is never written over.")]
pub(crate) struct InitArguments {
    /// The repository, or a directory inside it.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) repo: PathBuf,
    /// Write the policy alone: no workflow.
    #[arg(long, conflicts_with_all = ["action", "base_controlled", "writer", "branch"])]
    pub(crate) minimal: bool,
    /// The Action that the workflows run, by its commit: OWNER/NAME@COMMIT, or `./` in the repository of the Action itself.
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: Option<String>,
    /// Let the base control the gate: workflow, policy and tools are taken from it.
    #[arg(long)]
    pub(crate) base_controlled: bool,
    /// How the post-merge workflow publishes.
    #[arg(long, value_enum)]
    pub(crate) writer: Option<WriterArgument>,
    /// The mainline; without it, the remote's default branch, or the one that is checked out.
    #[arg(long, value_name = "BRANCH")]
    pub(crate) branch: Option<String>,
    /// The log's name; without it, what the address of the remote `origin` makes.
    #[arg(long, value_name = "NAME")]
    pub(crate) origin: Option<String>,
    /// Install git's own hooks as well: pre-commit and pre-push.
    #[arg(long)]
    pub(crate) hooks: bool,
    /// Write nothing, and say what would be written.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What `doctor` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  id-guard doctor
  id-guard doctor --online      asks GitHub as well, as whoever gh is logged in as

Exit status: 0 nothing stands in the way; 1 something does.")]
pub(crate) struct DoctorArguments {
    /// The repository, or a directory inside it.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) repo: PathBuf,
    /// Ask GitHub, through its program gh: are tags and mainline protected, is the check required?
    #[arg(long)]
    pub(crate) online: bool,
}
