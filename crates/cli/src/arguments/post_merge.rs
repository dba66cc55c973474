//! The command line of `id-guard post-merge`.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{Place, Signing};

/// The default branch of `--writer branch`.
pub(crate) const LEDGER_BRANCH: &str = "id-guard/ledger";

/// The default number of attempts to push.
const ATTEMPTS: u8 = 8;

/// Options of `post-merge`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  id-guard post-merge                          record merged changes, and push the commit with its tags
  id-guard post-merge --dry-run                print what would be recorded
  id-guard post-merge --writer pull-request    push a branch for a pull request
  id-guard post-merge --local                  the same without a remote

The commit is a function of its parent commit: two concurrent jobs build the same one. A rejected push is derived
again from the new tip, after a wait that doubles from 0.5 s to 30 s; nothing is ever force-pushed.

Witnesses that have an address in .ledger/trust.policy are asked for cosignatures before the push. If too few answer,
`ledger: {witnesses: required}` in the policy publishes nothing; the default publishes, warns, and asks again next time.

Exit status: 0 done, or nothing to do; 1 done, but an event or a tag could not be recorded; 2 could not run.")]
pub(crate) struct PostMergeArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The remote of the recorded branch: a name or an address.
    #[arg(long, value_name = "REMOTE", default_value = "origin", help_heading = "Repository")]
    pub(crate) remote: String,
    /// The recorded branch [default: the remote's default branch, or the branch that is checked out].
    #[arg(long, value_name = "BRANCH", help_heading = "Base")]
    pub(crate) branch: Option<String>,
    /// How to publish the record.
    #[arg(long, value_enum, default_value_t = WriterArgument::Push)]
    pub(crate) writer: WriterArgument,
    /// The branch that `--writer branch` writes.
    #[arg(long, value_name = "BRANCH", default_value = LEDGER_BRANCH)]
    pub(crate) ledger_branch: String,
    /// How often to push before giving up, if other pushes come first.
    #[arg(long, value_name = "N", default_value_t = ATTEMPTS, value_parser = clap::value_parser!(u8).range(1..))]
    pub(crate) attempts: u8,
    /// Use only this repository: fetch nothing, push nothing.
    #[arg(long, conflicts_with = "remote")]
    pub(crate) local: bool,
    /// The name of the log, for a new ledger [default: `ledger.origin` of the policy].
    #[arg(long, value_name = "NAME")]
    pub(crate) origin: Option<String>,
    /// The key that signs the checkpoint.
    #[command(flatten)]
    pub(crate) signing: Signing,
    /// Ask these witnesses for cosignatures, instead of all that have an address in .ledger/trust.policy (C2SP tlog-witness); repeatable.
    #[arg(long, value_name = "URL")]
    pub(crate) witness: Vec<String>,
    /// Trust only the certificates in this file (PEM) for https, instead of the platform's.
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Append a seal: one hash over the state of every identity.
    #[arg(long)]
    pub(crate) seal: bool,
    /// Sign commit and tags as git's configuration sets (gpg or ssh); always done if commit.gpgSign or tag.gpgSign is set.
    #[arg(long)]
    pub(crate) sign: bool,
    /// Dry run: print what would be published; write no object.
    #[arg(long, help_heading = "Output")]
    pub(crate) dry_run: bool,
    /// Print JSON.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}

impl PostMergeArguments {
    /// Returns the defaults for a repository.
    pub(crate) fn at(repo: &Path) -> PostMergeArguments {
        PostMergeArguments {
            place: Place { repo: repo.into() },
            remote: "origin".into(),
            branch: None,
            writer: WriterArgument::Push,
            ledger_branch: LEDGER_BRANCH.into(),
            attempts: ATTEMPTS,
            local: false,
            origin: None,
            signing: Signing { key_file: None },
            witness: Vec::new(),
            ca: None,
            seal: false,
            sign: false,
            dry_run: false,
            json: false,
        }
    }
}

/// How to publish the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum WriterArgument {
    /// One commit on the branch, pushed with its tags.
    Push,
    /// A separate branch for a pull request; tags are created after it is merged.
    PullRequest,
    /// A separate branch that contains the ledger and the registry.
    Branch,
}
