//! The command line of `id-plugin`.

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::{MintArguments, Place};

/// Makes plugins, derives their generated files, and takes the steps of their life.
#[derive(Debug, Parser)]
#[command(name = "id-plugin", version, after_help = PLUGIN_EXAMPLES, max_term_width = 100)]
pub(crate) struct Plugin {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: PluginCommand,
}

const PLUGIN_EXAMPLES: &str = "Examples:
  id-plugin new \"Local Preview\" --language python --operation render
  id-plugin add-operation local_preview publish --summary \"Publishes a page\"
  id-plugin generate                          make every derived file again that is stale
  id-plugin bump local_preview minor
  id-plugin deprecate local_preview --reason \"nobody previews\" --replaced-by PLG_PREVIEW

Exit status: 0 done, 1 refused as the gate would refuse it, or something is stale; 2 could not be done.";

/// The verbs of `id-plugin`.
#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// Make a plugin: its ID card, its nine artifacts, a handler that answers and tests that run.
    New(NewArguments),
    /// Make the derived files again: manifest, contract, policy snapshot, README, health check, AUTO sections.
    Generate(GenerateArguments),
    /// Add an operation: to the spec, with schemas, examples, a test, a scenario and a function.
    AddOperation(AddOperationArguments),
    /// Raise the version.
    Bump(BumpArguments),
    /// Say that a plugin is not to be used any more.
    Deprecate(DeprecateArguments),
    /// Move a plugin to another folder of `plugins/`.
    Move(MoveArguments),
    /// Give a plugin another key; the old one stays as an alias.
    Rekey(RekeyArguments),
    /// Let one plugin take in others: they point to it, and it names them.
    Consolidate(ConsolidateArguments),
    /// List the plugins: key, version, status, folder, and whether their derived files are fresh.
    List(ListPluginsArguments),
}

/// How a verb that writes is held back.
#[derive(Debug, Args)]
pub(crate) struct Writing {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Write nothing, and say what would be written.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Write nothing, and show what would change.
    #[arg(long)]
    pub(crate) diff: bool,
}

/// A language that handlers are scaffolded in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum LanguageArgument {
    /// Python 3, with its own library alone.
    Python,
    /// Rust, as a cargo package of its own.
    Rust,
    /// TypeScript, as Node 22.18 and later run it.
    Typescript,
}

/// What `new` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-plugin new \"Local Preview\" --language python --operation render\n  id-plugin new \"Line Count\" --language rust --operation count --dry-run"
)]
pub(crate) struct NewArguments {
    /// Who it is.
    #[command(flatten)]
    pub(crate) mint: MintArguments,
    /// The language of the handler.
    #[arg(long, value_enum, default_value = "python")]
    pub(crate) language: LanguageArgument,
    /// An operation, as in `render`; may be given again.
    #[arg(long = "operation", value_name = "OP", default_value = "run")]
    pub(crate) operations: Vec<String>,
    /// What the plugin is for.
    #[arg(long, value_name = "TEXT")]
    pub(crate) description: Option<String>,
    /// An SPDX licence expression.
    #[arg(long, value_name = "LICENCE")]
    pub(crate) license: Option<String>,
    /// The interface that it is made for.
    #[arg(long, value_name = "NAME", default_value = "id-guard.process")]
    pub(crate) api: String,
    /// The versions of the interface that it works with.
    #[arg(long, value_name = "RANGE", default_value = ">=0.1, <1")]
    pub(crate) range: String,
}

/// What `generate` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-plugin generate\n  id-plugin generate local_preview --refresh\n  id-plugin generate --check"
)]
pub(crate) struct GenerateArguments {
    /// The plugins, by folder or key; all of them where none is named.
    pub(crate) plugins: Vec<String>,
    /// How it is held back.
    #[command(flatten)]
    pub(crate) writing: Writing,
    /// Write nothing, and exit with 1 where something is stale.
    #[arg(long)]
    pub(crate) check: bool,
    /// Take the policy snapshot anew, even if the one that stands was made for this version.
    #[arg(long)]
    pub(crate) refresh: bool,
}

/// What `add-operation` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  id-plugin add-operation local_preview publish --summary \"Publishes a page\""
)]
pub(crate) struct AddOperationArguments {
    /// The plugin, by folder or key.
    pub(crate) plugin: String,
    /// The operation's name: words of lower-case letters and digits joined by `_`.
    pub(crate) operation: String,
    /// What it does, in a line.
    #[arg(long, value_name = "TEXT")]
    pub(crate) summary: Option<String>,
    /// How it is held back.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// What `bump` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-plugin bump local_preview minor\n  id-plugin bump local_preview 2.0.0-rc.1"
)]
pub(crate) struct BumpArguments {
    /// The plugin, by folder or key.
    pub(crate) plugin: String,
    /// `major`, `minor`, `patch`, or the version itself.
    pub(crate) to: String,
    /// How it is held back.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// What `deprecate` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  id-plugin deprecate local_preview --reason \"nobody previews\" --replaced-by PLG_PREVIEW"
)]
pub(crate) struct DeprecateArguments {
    /// The plugin, by folder or key.
    pub(crate) plugin: String,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// The key of what to use instead.
    #[arg(long, value_name = "KEY")]
    pub(crate) replaced_by: Option<String>,
    /// The version from which on; today's where none is given.
    #[arg(long, value_name = "VERSION")]
    pub(crate) since: Option<String>,
    /// How it is held back.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// What `move` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  id-plugin move local_preview page_preview")]
pub(crate) struct MoveArguments {
    /// The plugin, by folder or key.
    pub(crate) plugin: String,
    /// The new folder's name.
    pub(crate) to: String,
    /// How it is held back.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// What `rekey` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  id-plugin rekey local_preview PLG_PAGE_PREVIEW")]
pub(crate) struct RekeyArguments {
    /// The plugin, by folder or key.
    pub(crate) plugin: String,
    /// The new key.
    pub(crate) key: String,
    /// How it is held back.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// What `consolidate` takes.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  id-plugin consolidate page_preview local_preview remote_preview")]
pub(crate) struct ConsolidateArguments {
    /// The plugin that takes the others in, by folder or key.
    pub(crate) into: String,
    /// The plugins that are taken in.
    #[arg(required = true)]
    pub(crate) others: Vec<String>,
    /// How it is held back.
    #[command(flatten)]
    pub(crate) writing: Writing,
}

/// What `list` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  id-plugin list\n  id-plugin list --json")]
pub(crate) struct ListPluginsArguments {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Print them as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
