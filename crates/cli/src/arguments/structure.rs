//! The command line of `id-structure`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::Common;

/// Judges the artifacts themselves: cards, uniqueness, one artifact, structure and schemas.
#[derive(Debug, Parser)]
#[command(name = "id-structure", version, after_help = STRUCTURE_EXAMPLES, max_term_width = 100)]
pub(crate) struct Structure {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: StructureCommand,
}

const STRUCTURE_EXAMPLES: &str = "Examples:
  id-structure check                     judge every artifact of the working tree
  id-structure check --staged            judge every artifact of the index
  id-structure check --head v1.0.0       judge every artifact of a commit
  id-structure check --base origin/main  judge what a change touches

Exit status: 0 judged and nothing fails, 1 judged and something fails, 2 could not judge.";

/// The verbs of `id-structure`.
#[derive(Debug, Subcommand)]
pub(crate) enum StructureCommand {
    /// Judge the artifacts: all of them, or with a base those that a change touches.
    Check(StructureArguments),
}

/// What `id-structure check` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  id-structure check\n  id-structure check --staged --format json")]
pub(crate) struct StructureArguments {
    /// What every run takes.
    #[command(flatten)]
    pub(crate) common: Common,
    /// Judge only what the change since this base touches.
    #[arg(long, value_name = "REV")]
    pub(crate) base: Option<String>,
    /// Judge a commit instead of the working tree.
    #[arg(long, value_name = "REV", conflicts_with = "staged")]
    pub(crate) head: Option<String>,
    /// Judge the index instead of the working tree.
    #[arg(long)]
    pub(crate) staged: bool,
    /// A coverage report (lcov, Cobertura) that the plugins are held to; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) coverage: Vec<PathBuf>,
    /// The index that is judged instead of the repository's own: a hook's.
    #[arg(skip)]
    pub(crate) index: Option<PathBuf>,
}

impl StructureArguments {
    /// What `id-structure check` takes where nothing else was said.
    pub(crate) fn of(common: Common) -> StructureArguments {
        StructureArguments {
            common,
            base: None,
            head: None,
            staged: false,
            coverage: Vec::new(),
            index: None,
        }
    }
}
