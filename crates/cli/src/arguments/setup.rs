//! The command lines of `id-guard init` and `id-guard doctor`: setting up a repository, and diagnosing its setup.

use clap::Args;

use super::common::exit_status;
use super::{Place, WriterArgument};

/// Options of `init`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:
  id-guard init --minimal                                       only the policy
  id-guard init --hooks                                         the policy and git hooks
  id-guard init --minimal --here                                for the plugins below this sub-folder
  id-guard init --action OWNER/id-guard@COMMIT --hooks          policy, workflows, git hooks
  id-guard init --preset krew                                   a ready-made policy of a registry
  id-guard init --action OWNER/id-guard@COMMIT --base-controlled --writer pull-request

Existing files are never overwritten.",
    exit_status!(write)
))]
pub(crate) struct InitArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Write only the policy, no workflow.
    #[arg(long, conflicts_with_all = ["action", "base_controlled", "writer", "branch"])]
    pub(crate) minimal: bool,
    /// Use a ready-made policy for the registry of another project; `list` prints the names. Without an Action, no workflow is written.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["scripts", "root", "here", "origin"])]
    pub(crate) preset: Option<String>,
    /// The Action that the workflows run, by its commit: OWNER/NAME@COMMIT, or `./` in the repository of the Action itself.
    #[arg(long, value_name = "ACTION")]
    pub(crate) action: Option<String>,
    /// Take workflow, policy and tools of the gate from the base branch.
    #[arg(long)]
    pub(crate) base_controlled: bool,
    /// How the post-merge workflow publishes.
    #[arg(long, value_enum)]
    pub(crate) writer: Option<WriterArgument>,
    /// The base branch [default: the remote's default branch, or the branch that is checked out].
    #[arg(long, value_name = "BRANCH", help_heading = "Base")]
    pub(crate) branch: Option<String>,
    /// The name of the log [default: built from the address of the remote `origin`].
    #[arg(long, value_name = "NAME")]
    pub(crate) origin: Option<String>,
    /// The directory that the plugins are below, from the root of the repository; `.` is the root itself.
    #[arg(long, value_name = "DIR", help_heading = "Repository", conflicts_with = "here")]
    pub(crate) root: Option<String>,
    /// The plugins are below the sub-folder in which the command runs.
    #[arg(long, help_heading = "Repository")]
    pub(crate) here: bool,
    /// Also install git hooks: pre-commit and pre-push. Without an Action, no workflow is written.
    #[arg(long)]
    pub(crate) hooks: bool,
    /// Also write the scripts of specification 004, `scripts/ids/*.py`, each of which runs a program of the toolkit.
    #[arg(long)]
    pub(crate) scripts: bool,
    /// Dry run: print what would be written.
    #[arg(long, help_heading = "Output")]
    pub(crate) dry_run: bool,
}

/// Options of `doctor`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  id-guard doctor
  id-guard doctor --online      also asks GitHub, as the user that gh is logged in as

Exit status: 0 no problem found, 1 a problem was found, 2 could not run.")]
pub(crate) struct DoctorArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Also ask GitHub, through its program gh: are tags and the base branch protected, is the check required?
    #[arg(long)]
    pub(crate) online: bool,
}
