//! The command line of `id-plugin`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::common::exit_status;
use super::{Common, MintArguments, Place};

/// Creates plugins, generates their derived files, and manages their lifecycle.
#[derive(Debug, Parser)]
#[command(name = "id-plugin", version, after_help = PLUGIN_EXAMPLES, max_term_width = 100)]
pub(crate) struct Plugin {
    /// The command.
    #[command(subcommand)]
    pub(crate) command: PluginCommand,
}

const PLUGIN_EXAMPLES: &str = "Examples:
  id-plugin new \"Local Preview\" --language python --operation render
  id-plugin add-operation local_preview publish --summary \"Publishes a page\"
  id-plugin generate                          regenerate out-of-date derived files
  id-plugin bump local_preview minor
  id-plugin deprecate local_preview --reason \"nobody previews\" --replaced-by PLG_PREVIEW

Exit status: 0 done, 1 refused (the gate would refuse it) or out of date, 2 could not run.";

/// The subcommands of `id-plugin`.
#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// Create a plugin: its ID card, its nine artifacts, a handler that runs and tests that pass.
    New(NewArguments),
    /// Regenerate derived files: manifest, contract, policy snapshot, README, health check, AUTO sections.
    Generate(GenerateArguments),
    /// Add an operation to the spec, with schemas, examples, a test, a scenario and a function.
    AddOperation(AddOperationArguments),
    /// Raise the version.
    Bump(BumpArguments),
    /// Publish a draft: its status becomes active.
    Publish(PublishArguments),
    /// Deprecate a plugin.
    Deprecate(DeprecateArguments),
    /// Move a plugin to another directory of `plugins/`.
    Move(MoveArguments),
    /// Change the key of a plugin; the old key becomes an alias.
    Rekey(RekeyArguments),
    /// Consolidate plugins into one: they refer to it, and it lists them.
    Consolidate(ConsolidateArguments),
    /// Check the manifests of other plugin systems: schemas, and the rules of their packs.
    Doctor(PluginDoctorArguments),
    /// Write an index of the plugins of other systems into a SQLite database, or compare it.
    Sync(SyncArguments),
    /// List the plugins of every enabled system: identity, version and status, and whether they are valid.
    List(ListPluginsArguments),
    /// Print the compliance checklist of a plugin: each item passed, failed or not run, with the rules that found something.
    Status(StatusArguments),
}

/// Options of every command that writes.
#[derive(Debug, Args)]
pub(crate) struct Writing {
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

/// The languages of generated handlers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LanguageArgument {
    /// Python 3, standard library only.
    Python,
    /// Rust, as a separate cargo package.
    Rust,
    /// TypeScript, for Node 22.18 and later, which runs it without a build.
    Typescript,
    /// JavaScript (ECMAScript modules), for Node 18 and later.
    Javascript,
}

/// Options of `new`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-plugin new \"Local Preview\" --language python --operation render\n  id-plugin new \"Line Count\" --language rust --operation count --dry-run", exit_status!(write))
)]
pub(crate) struct NewArguments {
    /// The identity.
    #[command(flatten)]
    pub(crate) mint: MintArguments,
    /// The language of the handler.
    #[arg(long, value_enum, default_value = "python")]
    pub(crate) language: LanguageArgument,
    /// An operation, e.g. `render`; repeatable.
    #[arg(long = "operation", value_name = "OP", default_value = "run")]
    pub(crate) operations: Vec<String>,
    /// The description.
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// An SPDX licence expression.
    #[arg(long, value_name = "LICENCE")]
    pub(crate) license: Option<String>,
    /// Start as a draft, which is not published until `id-plugin publish`.
    #[arg(long)]
    pub(crate) draft: bool,
    /// The interface that the plugin implements.
    #[arg(long, value_name = "NAME", default_value = "id-guard.process")]
    pub(crate) api: String,
    /// The supported versions of the interface.
    #[arg(long, value_name = "RANGE", default_value = ">=0.1, <1")]
    pub(crate) range: String,
}

/// Options of `generate`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-plugin generate\n  id-plugin generate local_preview --refresh\n  id-plugin generate --check", exit_status!(compare))
)]
pub(crate) struct GenerateArguments {
    /// The plugins, by directory or key [default: all].
    pub(crate) plugins: Vec<String>,
    /// Dry-run options.
    #[command(flatten)]
    pub(crate) writing: Writing,
    /// Write nothing; exit with 1 if a file is out of date.
    #[arg(long)]
    pub(crate) check: bool,
    /// Regenerate the policy snapshot even if the existing one belongs to this version.
    #[arg(long)]
    pub(crate) refresh: bool,
}

/// Options of `add-operation`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Example:\n  id-plugin add-operation local_preview publish --summary \"Publishes a page\"", exit_status!(write))
)]
pub(crate) struct AddOperationArguments {
    /// The plugin, by directory or key.
    pub(crate) plugin: String,
    /// The name of the operation: lower-case letters and digits, words joined by `_`.
    pub(crate) operation: String,
    /// A summary, in one line.
    #[arg(long, value_name = "TEXT", help_heading = "Output")]
    pub(crate) summary: Option<String>,
    /// Dry-run options.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// Options of `bump`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-plugin bump local_preview minor\n  id-plugin bump local_preview 2.0.0-rc.1", exit_status!(write))
)]
pub(crate) struct BumpArguments {
    /// The plugin, by directory or key.
    pub(crate) plugin: String,
    /// `major`, `minor`, `patch`, or the version itself.
    pub(crate) to: String,
    /// Dry-run options.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// Options of `publish`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-plugin publish local_preview\n  id-plugin publish PLG_LOCAL_PREVIEW 1.0.0", exit_status!(write))
)]
pub(crate) struct PublishArguments {
    /// The plugin, by directory or key.
    pub(crate) plugin: String,
    /// The version to publish [default: the current version].
    pub(crate) version: Option<String>,
    /// Dry-run options.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// Options of `deprecate`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Example:\n  id-plugin deprecate local_preview --reason \"nobody previews\" --replaced-by PLG_PREVIEW", exit_status!(write))
)]
pub(crate) struct DeprecateArguments {
    /// The plugin, by directory or key.
    pub(crate) plugin: String,
    /// The reason.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// The key of the replacement.
    #[arg(long, value_name = "KEY")]
    pub(crate) replaced_by: Option<String>,
    /// The first deprecated version [default: the current version].
    #[arg(long, value_name = "VERSION")]
    pub(crate) since: Option<String>,
    /// Dry-run options.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// Options of `move`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Example:\n  id-plugin move local_preview page_preview", exit_status!(write)))]
pub(crate) struct MoveArguments {
    /// The plugin, by directory or key.
    pub(crate) plugin: String,
    /// The name of the new directory.
    pub(crate) to: String,
    /// Dry-run options.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// Options of `rekey`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Example:\n  id-plugin rekey local_preview PLG_PAGE_PREVIEW", exit_status!(write)))]
pub(crate) struct RekeyArguments {
    /// The plugin, by directory or key.
    pub(crate) plugin: String,
    /// The new key.
    pub(crate) key: String,
    /// Dry-run options.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// Options of `consolidate`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Example:\n  id-plugin consolidate page_preview local_preview remote_preview", exit_status!(write)))]
pub(crate) struct ConsolidateArguments {
    /// The plugin that replaces the others, by directory or key.
    pub(crate) into: String,
    /// The plugins to consolidate into it.
    #[arg(required = true)]
    pub(crate) others: Vec<String>,
    /// Dry-run options.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// Options of `doctor`.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-plugin doctor\n  id-plugin doctor plugins/local-preview.yaml --format json\n  id-plugin doctor plugins/demo --config config.json\n\nExit status: 0 no findings, 1 findings, 2 could not run."
)]
pub(crate) struct PluginDoctorArguments {
    /// The manifests, or directories that contain them [default: all].
    pub(crate) paths: Vec<String>,
    /// Validate a host's configuration of the plugin against the schema in its manifest.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Options of every report.
    #[command(flatten)]
    pub(crate) common: Common,
}

/// Options of `sync`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-plugin sync\n  id-plugin sync --check\n  id-plugin sync --db plugins.sqlite", exit_status!(compare))
)]
pub(crate) struct SyncArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The database: a new file, or an index that this command wrote [default: .id-guard/plugins.sqlite, which git ignores].
    #[arg(long, value_name = "FILE")]
    pub(crate) db: Option<PathBuf>,
    /// Write nothing; exit with 1 if the index is out of date.
    #[arg(long)]
    pub(crate) check: bool,
}

/// Options of `list`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-plugin list\n  id-plugin list --dialect cartero --format plain\n  id-plugin list --format json", exit_status!(show)))]
pub(crate) struct ListPluginsArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// List the plugins of one system: the name of its pack, or `plugin-spec` for plugins with a spec.
    #[arg(long, value_name = "NAME")]
    pub(crate) dialect: Option<String>,
    /// The format.
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = PluginListFormat::Human, help_heading = "Output")]
    pub(crate) format: PluginListFormat,
    /// Print JSON, as `--format json` does.
    #[arg(long, conflicts_with = "format", help_heading = "Output")]
    pub(crate) json: bool,
}

/// Options of `id-plugin status`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  id-plugin status PLG_LOCAL_PREVIEW
  id-plugin status local_preview --json --strict

Exit status: 0 no item failed, 1 an item failed (with --strict: or was not run), 2 could not run.")]
pub(crate) struct StatusArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The plugin: its key, the name of its directory, or its path.
    #[arg(value_name = "KEY")]
    pub(crate) plugin: String,
    /// An item that was not run counts as failed.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print JSON.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}

/// The formats of a list of plugins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PluginListFormat {
    /// A table for people.
    Human,
    /// As the plugin system itself prints it, where its pack describes that.
    Plain,
    /// For programs.
    Json,
}
