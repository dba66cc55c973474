//! The command lines of `id-guard ci` and `id-guard hook`: what a CI system and git itself call.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::WriterArgument;

/// What `ci` takes. Whatever is not given is read from the variable that its help names, as the Action sets it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  id-guard ci --event event.json --event-name pull_request   what the gate says of a pull request
  id-guard ci --command audit                                the whole history, ledger and tags
  id-guard ci --command post-merge --dry-run                 what the writer would record

An option that is not given is read from the environment: --fail-on from INPUT_FAIL_ON, and so on; the event from
GITHUB_EVENT_PATH and GITHUB_EVENT_NAME. Where GITHUB_ACTIONS is `true`, findings are printed as annotations, too; a
summary goes to GITHUB_STEP_SUMMARY, and outputs to GITHUB_OUTPUT.

Exit status: 0 judged and nothing fails, 1 judged and something fails, 2 could not judge.")]
pub(crate) struct CiArguments {
    /// The repository, or a directory inside it.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) repo: PathBuf,
    /// What to do; without it, `check`, which is an audit where the event names no change.
    #[arg(long, value_enum)]
    pub(crate) command: Option<CiCommandArgument>,
    /// The base to judge against, instead of the event's.
    #[arg(long, value_name = "REV")]
    pub(crate) base: Option<String>,
    /// What is judged, instead of the event's.
    #[arg(long, value_name = "REV")]
    pub(crate) head: Option<String>,
    /// The event file.
    #[arg(long, value_name = "FILE")]
    pub(crate) event: Option<PathBuf>,
    /// The event's name.
    #[arg(long, value_name = "NAME")]
    pub(crate) event_name: Option<String>,
    /// Where the policy comes from: `base`, or a branch of the remote.
    #[arg(long, value_name = "BRANCH")]
    pub(crate) policy_from: Option<String>,
    /// Judge each commit of the range as well: `true` or `false`.
    #[arg(long, value_name = "BOOL")]
    pub(crate) per_commit: Option<String>,
    /// What makes the run fail.
    #[arg(long, value_enum)]
    pub(crate) fail_on: Option<FailOnArgument>,
    /// Write a report to a file as well, as in `junit=out.xml`; may be given several times.
    #[arg(long, value_name = "FORMAT=FILE")]
    pub(crate) report: Vec<String>,
    /// The folder that takes report.json and report.sarif; without it, a new one in RUNNER_TEMP.
    #[arg(long, value_name = "DIR")]
    pub(crate) reports: Option<PathBuf>,
    /// Whether to write a job summary: `true` or `false`.
    #[arg(long, value_name = "BOOL")]
    pub(crate) summary: Option<String>,
    /// The most annotations of each level; 0 for none.
    #[arg(long, value_name = "N")]
    pub(crate) annotations_max: Option<String>,
    /// The branch that `post-merge` records; without it, the remote's default branch.
    #[arg(long, value_name = "BRANCH")]
    pub(crate) branch: Option<String>,
    /// How `post-merge` publishes.
    #[arg(long, value_enum)]
    pub(crate) writer: Option<WriterArgument>,
    /// The tags that `release` packs, parted by spaces.
    #[arg(long, value_name = "TAGS")]
    pub(crate) tags: Option<String>,
    /// Say what `post-merge` would do, and do nothing; pack what `release` would publish, and publish nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// The remote that base and head are fetched from.
    #[arg(long, value_name = "REMOTE", default_value = "origin")]
    pub(crate) remote: String,
}

/// What a CI system can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CiCommandArgument {
    /// Judge the change that the event names.
    Check,
    /// Judge the whole history, every artifact, the ledger and the tags.
    Audit,
    /// Record what was merged.
    PostMerge,
    /// Pack what was tagged, and publish it where a runner asks.
    Release,
}

/// What makes a run fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOnArgument {
    /// Findings of level deny.
    Deny,
    /// Warnings as well.
    Warn,
    /// Nothing that was judged; what could not be judged still does.
    Never,
}

/// The hooks that git calls.
#[derive(Debug, Subcommand)]
pub(crate) enum HookCommand {
    /// Judge what the next commit will hold.
    PreCommit(HookArguments),
    /// Judge what is pushed: from git's lines on standard input, or from PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF.
    PrePush(HookArguments),
}

/// What `hook` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  exec id-guard hook pre-commit          in .git/hooks/pre-commit
  exec id-guard hook pre-push \"$@\"       in .git/hooks/pre-push

`id-guard init --hooks` writes both. Nothing is printed when nothing fails.")]
pub(crate) struct HookArguments {
    /// What git tells the hook: for a push, the remote's name and address.
    #[arg(value_name = "ARGUMENT")]
    pub(crate) given: Vec<String>,
}
