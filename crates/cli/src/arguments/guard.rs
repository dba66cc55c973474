//! The command line of `id-guard`: its subcommands, and the options of the small ones.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::common::exit_status;
use super::{
    AuditArguments, CheckArguments, CiArguments, DoctorArguments, HookCommand, InitArguments, Place,
    PolicyCommand, PostMergeArguments,
};

/// Checks changes and histories of a repository of plugins.
#[derive(Debug, Parser)]
#[command(name = "id-guard", version, after_help = GUARD_EXAMPLES, max_term_width = 100)]
pub(crate) struct Guard {
    /// The command.
    #[command(subcommand)]
    pub(crate) command: GuardCommand,
}

const GUARD_EXAMPLES: &str = concat!(
    "Examples:
  id-guard check                     check this branch against its upstream
  id-guard check --base origin/main  check it against a branch
  id-guard check --staged            check the index, before a commit
  id-guard audit                     audit the full history
  id-guard explain IMM001            explain a rule and how to fix its findings",
    exit_status!(check)
);

/// The subcommands of `id-guard`.
#[derive(Debug, Subcommand)]
pub(crate) enum GuardCommand {
    /// Check a change: a branch, the index or the working tree against its base.
    Check(CheckArguments),
    /// Audit the full history, commit by commit.
    Audit(AuditArguments),
    /// Run in CI: fetch what the event needs, check or record it, write annotations and a summary.
    Ci(CiArguments),
    /// Run as a git hook.
    #[command(subcommand, after_help = concat!("Examples:\n  id-guard hook pre-commit\n  id-guard hook pre-push origin https://example.org/plugins.git", exit_status!(check)))]
    Hook(HookCommand),
    /// Regenerate out-of-date derived files.
    Fix(FixArguments),
    /// Record merged changes: ledger, registry, one commit, tags, one atomic push.
    PostMerge(PostMergeArguments),
    /// Show, pin, test and preview the policy.
    #[command(subcommand, after_help = concat!("Examples:\n  id-guard policy show\n  id-guard policy preview --proposed strict-branch", exit_status!(show)))]
    Policy(PolicyCommand),
    /// Explain a rule and how to fix its findings.
    Explain(ExplainArguments),
    /// List the rules.
    Rules(RulesArguments),
    /// Print a JSON Schema.
    Schema(SchemaArguments),
    /// Diagnose the repository, policy and CI setup.
    Doctor(DoctorArguments),
    /// Set up a repository: write the policy, workflows and hooks.
    Init(InitArguments),
    /// Print the shell completions of a command.
    Completions(CompletionsArguments),
    /// Print a man page, or write all of them into a directory.
    Man(ManArguments),
}

/// Options of `explain`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:
  id-guard explain IMM001
  id-guard explain card-changed",
    exit_status!(show)
))]
pub(crate) struct ExplainArguments {
    /// The code or name of a rule.
    pub(crate) rule: String,
}

/// Options of `rules`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:
  id-guard rules
  id-guard rules --json",
    exit_status!(show)
))]
pub(crate) struct RulesArguments {
    /// Print JSON.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}

/// Options of `schema`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:
  id-guard schema              list the names
  id-guard schema report",
    exit_status!(show)
))]
pub(crate) struct SchemaArguments {
    /// The name of the schema; without it, all names are listed.
    pub(crate) name: Option<String>,
}

/// Options of `completions`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:
  id-guard completions bash > ~/.local/share/bash-completion/completions/id-guard
  id-guard completions zsh id-ledger > ~/.zfunc/_id-ledger
  id-guard completions fish id-plugin | source",
    exit_status!(show)
))]
pub(crate) struct CompletionsArguments {
    /// The shell.
    pub(crate) shell: ShellArgument,
    /// The command to complete.
    #[arg(value_name = "TOOL", default_value = "id-guard")]
    pub(crate) tool: String,
}

/// The shells that have completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShellArgument {
    /// GNU Bash.
    Bash,
    /// Z shell.
    Zsh,
    /// fish.
    Fish,
    /// PowerShell.
    Powershell,
    /// Elvish.
    Elvish,
}

/// Options of `man`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:
  id-guard man                          list the pages
  id-guard man id-guard-check | man -l -
  id-guard man --out ~/.local/share/man/man1",
    exit_status!(show)
))]
pub(crate) struct ManArguments {
    /// The page, e.g. `id-guard-check`; without it, all names are listed.
    pub(crate) command: Option<String>,
    /// Write pages into this directory instead: the named one, or all.
    #[arg(long, value_name = "DIR", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
}

/// Options of `fix`.
#[derive(Debug, Args)]
#[command(after_help = concat!(
    "Examples:
  id-guard fix --diff
  id-guard fix",
    exit_status!(write)
))]
pub(crate) struct FixArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Dry run: print what would be written.
    #[arg(long, help_heading = "Output")]
    pub(crate) dry_run: bool,
    /// Dry run: print what would change, as a diff.
    #[arg(long, help_heading = "Output")]
    pub(crate) diff: bool,
}
