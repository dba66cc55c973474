//! The command line of `id-registry`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::Place;
use super::common::exit_status;

/// Builds and queries the registry of all identities and keys.
#[derive(Debug, Parser)]
#[command(name = "id-registry", version, after_help = REGISTRY_EXAMPLES, max_term_width = 100)]
pub(crate) struct Registry {
    /// The command.
    #[command(subcommand)]
    pub(crate) command: RegistryCommand,
}

const REGISTRY_EXAMPLES: &str = "Examples:
  id-registry build --check                   is ids/registry.yaml up to date?
  id-registry get PLG_LOCAL_PREVIEW           show an identity by ULID, key, alias, former key or path
  id-registry list --status deprecated        list deprecated identities
  id-registry diff v1 v2                      what changed between two commits
  id-registry export sqlite --out registry.db

Answers are computed from the sources; the file only saves time. `--at REV` reads a commit.

Exit status: 0 done; 1 out of date, or not found; 2 could not run.";

/// The subcommands of `id-registry`.
#[derive(Debug, Subcommand)]
pub(crate) enum RegistryCommand {
    /// Generate ids/registry.yaml from cards, specs and ledger, or check that it is up to date.
    Build(BuildArguments),
    /// Show one identity, by its ULID, a current or former key, or its path.
    Get(GetArguments),
    /// Find identities whose ULID, keys, path or owner contain a string.
    Find(FindArguments),
    /// List identities.
    List(ListArguments),
    /// Show what changed for each identity between two commits.
    Diff(DiffArguments),
    /// Show the ledger events of one identity.
    Log(RegistryLogArguments),
    /// Print the registry of a commit.
    At(AtArguments),
    /// Write the registry for other tools.
    Export(ExportArguments),
}

/// Repository and revision options.
#[derive(Debug, Args)]
pub(crate) struct Moment {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Read this commit instead of the working tree.
    #[arg(long, value_name = "REV", help_heading = "Repository")]
    pub(crate) at: Option<String>,
}

/// Options of `build`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-registry build\n  id-registry build --check\n  id-registry build --check --at origin/main", exit_status!(compare))
)]
pub(crate) struct BuildArguments {
    /// Repository and revision options.
    #[command(flatten)]
    pub(crate) moment: Moment,
    /// Write nothing; if the file is out of date, print the difference and exit with 1.
    #[arg(long)]
    pub(crate) check: bool,
    /// Read every source again, without the cache of an earlier run.
    #[arg(long)]
    pub(crate) full: bool,
}

/// Options of `get`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-registry get PLG_LOCAL_PREVIEW\n  id-registry get plugins/local_preview/src/main.py --json\n  id-registry get 01JD4ZK3V8Q2W4X6Y8Z0A1B2C3 --at v1.0.0", exit_status!(find))
)]
pub(crate) struct GetArguments {
    /// A ULID, a key (current, former or alias), a path (current or former), or the tag of any version.
    pub(crate) name: String,
    /// Repository and revision options.
    #[command(flatten)]
    pub(crate) moment: Moment,
    /// Print JSON.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}

/// The identities to include.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Only identities of this kind.
    #[arg(long, value_enum)]
    pub(crate) kind: Option<KindArgument>,
    /// Only identities with this status.
    #[arg(long, value_enum)]
    pub(crate) status: Option<StatusArgument>,
    /// Only identities of this owner.
    #[arg(long, value_name = "WHO")]
    pub(crate) owner: Option<String>,
}

/// The kinds of artifacts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum KindArgument {
    /// A plugin.
    Plugin,
    /// A document.
    Document,
    /// A module.
    Module,
    /// A policy pack.
    PolicyPack,
}

impl KindArgument {
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
    }
}

/// The statuses of an identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusArgument {
    /// In use.
    Active,
    /// Not to be used for new work.
    Deprecated,
    /// Replaced by another identity.
    Consolidated,
    /// Removed.
    Retired,
}

impl StatusArgument {
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
    }
}

/// Options of `find`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-registry find preview\n  id-registry find example.org --format csv", exit_status!(show)))]
pub(crate) struct FindArguments {
    /// The string; case is ignored.
    pub(crate) text: String,
    /// Repository, filter and format.
    #[command(flatten)]
    pub(crate) list: ListArguments,
}

/// Options of `list`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-registry list\n  id-registry list --kind plugin --status active --format json", exit_status!(show))
)]
pub(crate) struct ListArguments {
    /// Repository and revision options.
    #[command(flatten)]
    pub(crate) moment: Moment,
    /// The identities to include.
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// The format.
    #[arg(long, value_enum, default_value_t = ListFormat::Table, help_heading = "Output")]
    pub(crate) format: ListFormat,
}

/// The formats of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For a person at a terminal.
    Table,
    /// An array of identities.
    Json,
    /// CSV (RFC 4180), for spreadsheets.
    Csv,
    /// A Markdown table.
    Md,
}

/// Options of `diff`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-registry diff v1.0.0 v1.1.0\n  id-registry diff main HEAD --json", exit_status!(show)))]
pub(crate) struct DiffArguments {
    /// The earlier commit.
    pub(crate) from: String,
    /// The later commit.
    pub(crate) to: String,
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Print JSON.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}

/// Options of `log`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-registry log PLG_LOCAL_PREVIEW\n  id-registry log plugins/local_preview --json", exit_status!(find))
)]
pub(crate) struct RegistryLogArguments {
    /// A ULID, a key (current, former or alias), or a path.
    pub(crate) name: String,
    /// Repository and revision options.
    #[command(flatten)]
    pub(crate) moment: Moment,
    /// Print the lines unchanged.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}

/// Options of `at`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-registry at v1.0.0\n  id-registry at HEAD~10 > registry.yaml", exit_status!(show)))]
pub(crate) struct AtArguments {
    /// The commit.
    pub(crate) rev: String,
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
}

/// Options of `export`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-registry export json --out registry.json\n  id-registry export sqlite --out registry.db && sqlite3 registry.db 'select key, version, yanked from published'", exit_status!(show))
)]
pub(crate) struct ExportArguments {
    /// The format.
    #[arg(value_enum)]
    pub(crate) format: ExportFormat,
    /// Repository and revision options.
    #[command(flatten)]
    pub(crate) moment: Moment,
    /// The file [default: standard output].
    #[arg(long, value_name = "FILE", required_if_eq("format", "sqlite"), help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
    /// Overwrite an existing file.
    #[arg(long)]
    pub(crate) force: bool,
    /// Also export identities whose ID card does not declare them public.
    #[arg(long)]
    pub(crate) include_private: bool,
}

/// The formats of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// The same document as the YAML file.
    Json,
    /// CSV (RFC 4180), one row per identity.
    Csv,
    /// A Markdown table.
    Md,
    /// A SQLite database: identities, versions, events and their history.
    Sqlite,
}
