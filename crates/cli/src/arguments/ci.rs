//! The command lines of `id-guard ci` and `id-guard hook`, which a CI system and git call.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::common::exit_status;
use super::{Place, WriterArgument};

/// Options of `ci`. A missing option is read from the environment variable that the Action sets.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:
  id-guard ci --event event.json --event-name pull_request   check a pull request as the gate does
  id-guard ci --command audit                                audit the full history, the ledger and the tags
  id-guard ci --command post-merge --dry-run                 print what the post-merge job would record

A missing option is read from the environment: --fail-on from INPUT_FAIL_ON, and so on; the event from
GITHUB_EVENT_PATH and GITHUB_EVENT_NAME. If GITHUB_ACTIONS is `true`, findings are also printed as annotations.
The summary is written to GITHUB_STEP_SUMMARY, outputs to GITHUB_OUTPUT.",
    exit_status!(check)
))]
pub(crate) struct CiArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The command to run [default: `check`, or `audit` for an event without a change].
    #[arg(long, value_enum)]
    pub(crate) command: Option<CiCommandArgument>,
    /// The base to compare with, instead of the event's.
    #[arg(long, value_name = "REV", help_heading = "Base")]
    pub(crate) base: Option<String>,
    /// The commit to check, instead of the event's.
    #[arg(long, value_name = "REV", help_heading = "Base")]
    pub(crate) head: Option<String>,
    /// The event file [default: GITHUB_EVENT_PATH].
    #[arg(long, value_name = "FILE", help_heading = "Base")]
    pub(crate) event: Option<PathBuf>,
    /// The name of the event [default: GITHUB_EVENT_NAME].
    #[arg(long, value_name = "NAME", help_heading = "Base")]
    pub(crate) event_name: Option<String>,
    /// Where to read the policy: `base`, or a branch of the remote.
    #[arg(long, value_name = "BRANCH", help_heading = "Policy")]
    pub(crate) policy_from: Option<String>,
    /// Also check each commit of the range: `true` or `false`.
    #[arg(long, value_name = "BOOL", help_heading = "Base")]
    pub(crate) per_commit: Option<String>,
    /// Which findings make the run fail.
    #[arg(long, value_enum)]
    pub(crate) fail_on: Option<FailOnArgument>,
    /// Also write a report to a file, e.g. `junit=out.xml`; repeatable.
    #[arg(long, value_name = "FORMAT=FILE", help_heading = "Output")]
    pub(crate) report: Vec<String>,
    /// The directory of report.json and report.sarif [default: a new directory in RUNNER_TEMP].
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) reports: Option<PathBuf>,
    /// Write a job summary: `true` or `false`.
    #[arg(long, value_name = "BOOL", help_heading = "Output")]
    pub(crate) summary: Option<String>,
    /// The maximum number of annotations of each level; 0 for none.
    #[arg(long, value_name = "N", help_heading = "Output")]
    pub(crate) annotations_max: Option<String>,
    /// The branch that `post-merge` records [default: the remote's default branch].
    #[arg(long, value_name = "BRANCH", help_heading = "Base")]
    pub(crate) branch: Option<String>,
    /// How `post-merge` publishes.
    #[arg(long, value_enum)]
    pub(crate) writer: Option<WriterArgument>,
    /// The tags that `release` packs, separated by spaces.
    #[arg(long, value_name = "TAGS")]
    pub(crate) tags: Option<String>,
    /// Dry run: print what `post-merge` would do; let `release` pack without publishing.
    #[arg(long, help_heading = "Output")]
    pub(crate) dry_run: bool,
    /// The remote to fetch base and head from.
    #[arg(long, value_name = "REMOTE", default_value = "origin", help_heading = "Repository")]
    pub(crate) remote: String,
}

/// The commands of `ci`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CiCommandArgument {
    /// Check the change of the event.
    Check,
    /// Audit the full history, every artifact, the ledger and the tags.
    Audit,
    /// Record merged changes.
    PostMerge,
    /// Pack tagged versions; on a runner, publish them.
    Release,
}

/// Which findings make a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOnArgument {
    /// Findings of level deny.
    Deny,
    /// Warnings as well.
    Warn,
    /// No finding; a check that could not run still does.
    Never,
}

/// The git hooks.
#[derive(Debug, Subcommand)]
#[allow(clippy::enum_variant_names, reason = "git's own names of the hooks")]
pub(crate) enum HookCommand {
    /// Check the next commit.
    PreCommit(HookArguments),
    /// Check pushed commits: from git's lines on standard input, or from PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF.
    PrePush(HookArguments),
    /// Check a push on the server, before its refs change: from git's lines on standard input.
    PreReceive(HookArguments),
}

/// Options of `hook`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:
  exec id-guard hook pre-commit          in .git/hooks/pre-commit
  exec id-guard hook pre-push \"$@\"       in .git/hooks/pre-push
  exec id-guard hook pre-receive         in hooks/pre-receive of a bare repository

`id-guard init --hooks` writes the first two. A hook that passes prints nothing.",
    exit_status!(check)
))]
pub(crate) struct HookArguments {
    /// The arguments that git passes to the hook: for a push, the remote's name and address.
    #[arg(value_name = "ARGUMENT")]
    pub(crate) given: Vec<String>,
}
