//! The command line of `id-registry`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::Place;

/// Builds the registry, and answers from it: every identity that ever existed, and every key that was ever taken.
#[derive(Debug, Parser)]
#[command(name = "id-registry", version, after_help = REGISTRY_EXAMPLES, max_term_width = 100)]
pub(crate) struct Registry {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: RegistryCommand,
}

const REGISTRY_EXAMPLES: &str = "Examples:
  id-registry build --check                   is ids/registry.yaml what its sources make?
  id-registry get PLG_LOCAL_PREVIEW           who is that: by ULID, key, alias, former key or path
  id-registry list --status deprecated        what is not to be relied on any more
  id-registry diff v1 v2                      what happened to identities in between, in words
  id-registry export sqlite --out registry.db

Every answer is made of the sources themselves; the file only saves work. `--at REV` asks a commit.

Exit status: 0 done; 1 judged and something fails, or nothing found; 2 could not be done.";

/// The verbs of `id-registry`.
#[derive(Debug, Subcommand)]
pub(crate) enum RegistryCommand {
    /// Make ids/registry.yaml of cards, specs and ledger, or hold it to them.
    Build(BuildArguments),
    /// Show one identity: by its ULID, a key that it has or had, or its path.
    Get(GetArguments),
    /// Find identities whose ULID, keys, path or owner hold a text.
    Find(FindArguments),
    /// List identities.
    List(ListArguments),
    /// Tell what happened to identities between two commits.
    Diff(DiffArguments),
    /// Show what the ledger tells of one identity.
    Log(RegistryLogArguments),
    /// Print the registry of a commit.
    At(AtArguments),
    /// Write the registry for other tools.
    Export(ExportArguments),
}

/// Where, and when.
#[derive(Debug, Args)]
pub(crate) struct Moment {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Ask a commit instead of the working tree.
    #[arg(long, value_name = "REV")]
    pub(crate) at: Option<String>,
}

/// What `build` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-registry build\n  id-registry build --check\n  id-registry build --check --at origin/main"
)]
pub(crate) struct BuildArguments {
    /// Where, and when.
    #[command(flatten)]
    pub(crate) moment: Moment,
    /// Write nothing; fail and show the difference where the file is not what its sources make.
    #[arg(long)]
    pub(crate) check: bool,
    /// Read every source again, whatever an earlier run knew.
    #[arg(long)]
    pub(crate) full: bool,
}

/// What `get` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-registry get PLG_LOCAL_PREVIEW\n  id-registry get plugins/local_preview/src/main.py --json\n  id-registry get 01JD4ZK3V8Q2W4X6Y8Z0A1B2C3 --at v1.0.0"
)]
pub(crate) struct GetArguments {
    /// A ULID, a key (of today, of once, or an alias), or a path.
    pub(crate) name: String,
    /// Where, and when.
    #[command(flatten)]
    pub(crate) moment: Moment,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Which identities.
#[derive(Debug, Args)]
pub(crate) struct Filter {
    /// Only of this kind.
    #[arg(long, value_enum)]
    pub(crate) kind: Option<KindArgument>,
    /// Only with this status.
    #[arg(long, value_enum)]
    pub(crate) status: Option<StatusArgument>,
    /// Only of this owner.
    #[arg(long, value_name = "WHO")]
    pub(crate) owner: Option<String>,
}

/// What an artifact is.
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

/// What an identity has become.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum StatusArgument {
    /// It is used.
    Active,
    /// It is not to be relied on any more.
    Deprecated,
    /// It went into another one.
    Consolidated,
    /// It is gone.
    Retired,
}

impl StatusArgument {
    pub(crate) fn name(self) -> String {
        self.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
    }
}

/// What `find` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  id-registry find preview\n  id-registry find example.org --format csv")]
pub(crate) struct FindArguments {
    /// The text, however it is cased.
    pub(crate) text: String,
    /// Where, when, which, how.
    #[command(flatten)]
    pub(crate) list: ListArguments,
}

/// What `list` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-registry list\n  id-registry list --kind plugin --status active --format json"
)]
pub(crate) struct ListArguments {
    /// Where, and when.
    #[command(flatten)]
    pub(crate) moment: Moment,
    /// Which.
    #[command(flatten)]
    pub(crate) filter: Filter,
    /// How to print them.
    #[arg(long, value_enum, default_value_t = ListFormat::Table)]
    pub(crate) format: ListFormat,
}

/// The forms of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// For a person at a terminal.
    Table,
    /// An array of identities.
    Json,
    /// RFC 4180, for spreadsheets.
    Csv,
    /// A Markdown table.
    Md,
}

/// What `diff` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  id-registry diff v1.0.0 v1.1.0\n  id-registry diff main HEAD --json")]
pub(crate) struct DiffArguments {
    /// The earlier commit.
    pub(crate) from: String,
    /// The later commit.
    pub(crate) to: String,
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Print JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `log` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-registry log PLG_LOCAL_PREVIEW\n  id-registry log plugins/local_preview --json"
)]
pub(crate) struct RegistryLogArguments {
    /// A ULID, a key (of today, of once, or an alias), or a path.
    pub(crate) name: String,
    /// Where, and when.
    #[command(flatten)]
    pub(crate) moment: Moment,
    /// Print the lines as they stand.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `at` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  id-registry at v1.0.0\n  id-registry at HEAD~10 > registry.yaml")]
pub(crate) struct AtArguments {
    /// The commit.
    pub(crate) rev: String,
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
}

/// What `export` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-registry export json --out registry.json\n  id-registry export sqlite --out registry.db && sqlite3 registry.db 'select key, version from identities'"
)]
pub(crate) struct ExportArguments {
    /// The form.
    #[arg(value_enum)]
    pub(crate) format: ExportFormat,
    /// Where, and when.
    #[command(flatten)]
    pub(crate) moment: Moment,
    /// The file; without it, standard output.
    #[arg(long, value_name = "FILE", required_if_eq("format", "sqlite"))]
    pub(crate) out: Option<PathBuf>,
    /// Replace the file, where there is one.
    #[arg(long)]
    pub(crate) force: bool,
}

/// The forms of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// The same document as the YAML.
    Json,
    /// RFC 4180, a row an identity.
    Csv,
    /// A Markdown table.
    Md,
    /// A SQLite database with indexes.
    Sqlite,
}
