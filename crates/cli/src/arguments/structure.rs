//! The command line of `id-structure`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::Common;
use super::common::exit_status;

/// Checks the artifacts: ID cards, uniqueness, structure and schemas.
#[derive(Debug, Parser)]
#[command(name = "id-structure", version, after_help = STRUCTURE_EXAMPLES, max_term_width = 100)]
pub(crate) struct Structure {
    /// The command.
    #[command(subcommand)]
    pub(crate) command: StructureCommand,
}

const STRUCTURE_EXAMPLES: &str = "Examples:
  id-structure check                     check every artifact of the working tree
  id-structure check --staged            check every artifact of the index
  id-structure check --head v1.0.0       check every artifact of a commit
  id-structure check --base origin/main  check the artifacts that a change modifies

Exit status: 0 all checks passed, 1 findings at level deny, 2 the check could not run.";

/// The subcommands of `id-structure`.
#[derive(Debug, Subcommand)]
pub(crate) enum StructureCommand {
    /// Check all artifacts, or with --base those that a change modifies.
    Check(StructureArguments),
}

/// Options of `id-structure check`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-structure check\n  id-structure check --staged --format json", exit_status!(check)))]
pub(crate) struct StructureArguments {
    /// Options of every check.
    #[command(flatten)]
    pub(crate) common: Common,
    /// Check only the artifacts that changed since this base.
    #[arg(long, value_name = "REV", help_heading = "Base")]
    pub(crate) base: Option<String>,
    /// Check a commit instead of the working tree.
    #[arg(long, value_name = "REV", conflicts_with = "staged", help_heading = "Base")]
    pub(crate) head: Option<String>,
    /// Check the index instead of the working tree.
    #[arg(long, help_heading = "Base")]
    pub(crate) staged: bool,
    /// A coverage report (lcov, Cobertura) of the checked plugins; repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) coverage: Vec<PathBuf>,
    /// Whether a repository in which nothing is governed passes: hooks may be installed for every repository of a user.
    #[arg(skip)]
    pub(crate) may_check_nothing: bool,
}

impl StructureArguments {
    /// Returns the defaults of `id-structure check`.
    pub(crate) fn of(common: Common) -> StructureArguments {
        StructureArguments {
            common,
            base: None,
            head: None,
            staged: false,
            coverage: Vec::new(),
            may_check_nothing: false,
        }
    }
}
