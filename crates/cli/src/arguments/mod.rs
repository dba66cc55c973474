//! The command line: one definition feeds the parser, help, completions, man pages and the reference.

mod ci;
mod ledger;
mod mint;
mod plugin;
mod policy;
mod post_merge;
mod registry;
mod release;
mod setup;
mod structure;
mod tag;

use std::path::{Path, PathBuf};

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::event::Event;

pub(crate) use ci::*;
pub(crate) use ledger::*;
pub(crate) use mint::*;
pub(crate) use plugin::*;
pub(crate) use policy::*;
pub(crate) use post_merge::*;
pub(crate) use registry::*;
pub(crate) use release::*;
pub(crate) use setup::*;
pub(crate) use structure::*;
pub(crate) use tag::*;

/// Judges changes and histories of a repository that holds plugins.
#[derive(Debug, Parser)]
#[command(name = "id-guard", version, after_help = GUARD_EXAMPLES, max_term_width = 100)]
pub(crate) struct Guard {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: GuardCommand,
}

const GUARD_EXAMPLES: &str = "Examples:
  id-guard check                     judge this branch against its upstream
  id-guard check --base origin/main  judge it against a branch
  id-guard check --staged            judge what the next commit will hold
  id-guard audit                     judge the whole history
  id-guard explain IMM001            say what a code means and what to do

Exit status: 0 judged and nothing fails, 1 judged and something fails, 2 could not judge.";

/// The verbs of `id-guard`.
#[derive(Debug, Subcommand)]
pub(crate) enum GuardCommand {
    /// Judge a change: a branch against its base, the index or the working tree.
    Check(CheckArguments),
    /// Judge a whole history, every commit of it.
    Audit(AuditArguments),
    /// Do what an event of a CI system asks for: fetch, judge or record, annotate, sum up.
    Ci(CiArguments),
    /// Judge from a git hook.
    #[command(subcommand)]
    Hook(HookCommand),
    /// Make every derived file again that is stale.
    Fix(FixArguments),
    /// Record what was merged: ledger, registry, one commit, tags, one atomic push.
    PostMerge(PostMergeArguments),
    /// Show, pin, test and preview the policy.
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// Say what a rule holds, why, and what to do about a finding.
    Explain(ExplainArguments),
    /// List the rules.
    Rules(RulesArguments),
    /// Print a JSON Schema.
    Schema(SchemaArguments),
    /// Look at a repository and say what stands in the way of judging it, or of the gate holding.
    Doctor(DoctorArguments),
    /// Begin: write the policy, the workflows and the hooks of a repository that has none.
    Init(InitArguments),
    /// Print completions for a shell.
    #[command(hide = true)]
    Completions(CompletionsArguments),
}

/// Holds what stands: ID cards, the ledger and every path that policy governs.
#[derive(Debug, Parser)]
#[command(name = "id-immutability", version, after_help = IMMUTABILITY_EXAMPLES, max_term_width = 100)]
pub(crate) struct Immutability {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: ImmutabilityCommand,
}

const IMMUTABILITY_EXAMPLES: &str = "Examples:
  id-immutability check --base origin/main
  id-immutability audit --all-parents
  id-immutability audit --policy append-only.yaml --format json

Exit status: 0 judged and nothing fails, 1 judged and something fails, 2 could not judge.";

/// The verbs of `id-immutability`.
#[derive(Debug, Subcommand)]
pub(crate) enum ImmutabilityCommand {
    /// Judge what a change does to what stands.
    Check(CheckArguments),
    /// Judge what a whole history did to what stood.
    Audit(AuditArguments),
}

/// What every run takes.
#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The repository, or a directory inside it.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) repo: PathBuf,
    /// Judge with this policy file instead of the one on base.
    #[arg(long, value_name = "FILE")]
    pub(crate) policy: Option<PathBuf>,
    /// How to print the report.
    #[arg(long, value_enum, default_value_t = FormatArgument::Human)]
    pub(crate) format: FormatArgument,
    /// Write a report to a file as well, as in `sarif=out.sarif`; may be given several times.
    #[arg(long, value_name = "FORMAT=FILE")]
    pub(crate) report: Vec<String>,
    /// When to colour.
    #[arg(long, value_enum, default_value_t = ColorArgument::Auto)]
    pub(crate) color: ColorArgument,
    /// The most annotations of each level that `--format github` prints.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub(crate) annotations_max: usize,
    /// Print nothing when nothing fails.
    #[arg(long, short, conflicts_with = "verbose")]
    pub(crate) quiet: bool,
    /// Print waived findings whole, too.
    #[arg(long, short)]
    pub(crate) verbose: bool,
}

impl Common {
    /// What a run takes where nothing was said but the place.
    pub(crate) fn at(repo: &Path) -> Common {
        Common {
            repo: repo.into(),
            policy: None,
            format: FormatArgument::Human,
            report: Vec::new(),
            color: ColorArgument::Never,
            annotations_max: 10,
            quiet: false,
            verbose: false,
        }
    }
}

/// The forms of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FormatArgument {
    /// For a person at a terminal.
    Human,
    /// For programs; see `id-guard schema report`.
    Json,
    /// SARIF 2.1.0, for code scanning.
    Sarif,
    /// GitHub annotations.
    Github,
    /// JUnit XML.
    Junit,
    /// Markdown for a GitHub job summary.
    Summary,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ColorArgument {
    /// On a terminal, unless NO_COLOR is set.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What `check` takes.
#[derive(Debug, Args)]
#[command(after_help = CHECK_EXAMPLES)]
pub(crate) struct CheckArguments {
    /// What every run takes.
    #[command(flatten)]
    pub(crate) common: Common,
    /// The base to judge against: a branch, a tag, a commit.
    #[arg(long, value_name = "REV")]
    pub(crate) base: Option<String>,
    /// What is judged.
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub(crate) head: String,
    /// Judge the index, as the next commit.
    #[arg(long, conflicts_with_all = ["head", "worktree", "pre_push", "event"])]
    pub(crate) staged: bool,
    /// Judge the working tree, as the next commit.
    #[arg(long, conflicts_with_all = ["head", "pre_push", "event"])]
    pub(crate) worktree: bool,
    /// Take the policy from this revision instead of the base, as for a branch that is stacked on another one.
    #[arg(long, value_name = "REV", conflicts_with = "policy")]
    pub(crate) policy_from: Option<String>,
    /// Judge each commit of the range as well, so that an edit that was taken back shows.
    #[arg(long)]
    pub(crate) per_commit: bool,
    /// Judge the mainline itself, as it is pushed, and not a change that is still to be merged; push events and pre-push lines say so.
    #[arg(long)]
    pub(crate) pushed: bool,
    /// Read what is pushed from standard input, as git's pre-push hook gets it.
    #[arg(long, conflicts_with_all = ["base", "head", "event"])]
    pub(crate) pre_push: bool,
    /// Take base and head from a GitHub event file.
    #[arg(long, value_name = "FILE", conflicts_with = "base")]
    pub(crate) event: Option<PathBuf>,
    /// The event's name, where it is not in GITHUB_EVENT_NAME.
    #[arg(long, value_name = "NAME")]
    pub(crate) event_name: Option<String>,
    /// Say which base was chosen and why, and judge nothing.
    #[arg(long)]
    pub(crate) explain_base: bool,
    /// A coverage report (lcov, Cobertura) that the judged plugins are held to; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) coverage: Vec<PathBuf>,
    /// The index that is judged instead of the repository's own: a hook's.
    #[arg(skip)]
    pub(crate) index: Option<PathBuf>,
    /// The event, where it was read already.
    #[arg(skip)]
    pub(crate) given: Option<Box<Event>>,
    /// The pre-push lines, where a hook read them already.
    #[arg(skip)]
    pub(crate) pushed_lines: Option<String>,
    /// The remote that is pushed to, where a hook was told.
    #[arg(skip)]
    pub(crate) remote: Option<String>,
}

impl CheckArguments {
    /// What `check` takes where nothing else was said.
    pub(crate) fn of(common: Common) -> CheckArguments {
        CheckArguments {
            common,
            base: None,
            head: "HEAD".into(),
            staged: false,
            worktree: false,
            policy_from: None,
            per_commit: false,
            pushed: false,
            pre_push: false,
            event: None,
            event_name: None,
            explain_base: false,
            coverage: Vec::new(),
            index: None,
            given: None,
            pushed_lines: None,
            remote: None,
        }
    }
}

const CHECK_EXAMPLES: &str = "Examples:
  id-guard check --base origin/main --per-commit
  id-guard check --format github --report sarif=id-guard.sarif
  id-guard check --explain-base";

/// What `audit` takes.
#[derive(Debug, Args)]
#[command(after_help = AUDIT_EXAMPLES)]
pub(crate) struct AuditArguments {
    /// What every run takes.
    #[command(flatten)]
    pub(crate) common: Common,
    /// The commit whose history is judged.
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub(crate) head: String,
    /// Judge only commits behind this one.
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// Follow every parent of a merge, not only the first.
    #[arg(long)]
    pub(crate) all_parents: bool,
    /// Read whole objects and hash each again, instead of trusting the pack's deltas.
    #[arg(long)]
    pub(crate) verify_objects: bool,
    /// Where to keep what the next audit can go on from.
    #[arg(long, value_name = "DIR")]
    pub(crate) cache: Option<PathBuf>,
    /// Begin at the root, and keep nothing.
    #[arg(long, conflicts_with = "cache")]
    pub(crate) no_cache: bool,
}

impl AuditArguments {
    /// What `audit` takes where nothing else was said.
    pub(crate) fn of(common: Common) -> AuditArguments {
        AuditArguments {
            common,
            head: "HEAD".into(),
            since: None,
            all_parents: false,
            verify_objects: false,
            cache: None,
            no_cache: false,
        }
    }
}

const AUDIT_EXAMPLES: &str = "Examples:
  id-guard audit --all-parents
  id-guard audit --since v1.0.0 --format json
  id-guard audit --verify-objects --no-cache";

/// What `explain` takes.
#[derive(Debug, Args)]
pub(crate) struct ExplainArguments {
    /// A rule's code or name.
    pub(crate) rule: String,
}

/// What `rules` takes.
#[derive(Debug, Args)]
pub(crate) struct RulesArguments {
    /// Print them as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `schema` takes.
#[derive(Debug, Args)]
pub(crate) struct SchemaArguments {
    /// The schema's name; without one, the names are listed.
    pub(crate) name: Option<String>,
}

/// What `completions` takes.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell.
    pub(crate) shell: clap_complete::Shell,
}

/// What `fix` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  id-guard fix --diff\n  id-guard fix")]
pub(crate) struct FixArguments {
    /// The repository, or a directory inside it.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) repo: PathBuf,
    /// Write nothing, and say what would be written.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write nothing, and show what would change.
    #[arg(long)]
    pub(crate) diff: bool,
}
