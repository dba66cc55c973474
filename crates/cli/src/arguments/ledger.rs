//! The command line of `id-ledger`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::Common;

/// Keeps the ledger: derived from history, append-only, provable.
#[derive(Debug, Parser)]
#[command(name = "id-ledger", version, after_help = LEDGER_EXAMPLES, max_term_width = 100)]
pub(crate) struct Ledger {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: LedgerCommand,
}

const LEDGER_EXAMPLES: &str = "Examples:
  id-ledger record --origin example.org/plugins      record what was merged since the last time
  id-ledger log PLG_LOCAL_PREVIEW                    show what happened to an identity
  id-ledger verify --rederive                        hold every line against tree, state and history
  id-ledger prove PLG_LOCAL_PREVIEW --out a.tlog-proof
  id-ledger verify-proof a.tlog-proof --key KEY      needs neither repository nor ledger

Exit status: 0 done, or judged and nothing fails; 1 refused, or judged and something fails; 2 could not be done.";

/// The verbs of `id-ledger`.
#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Record what the commits of the mainline did since the last recorded one.
    Record(RecordArguments),
    /// Append an event by hand, or ask for one in a change.
    Append(AppendArguments),
    /// Show what happened: to one identity, or to all.
    Log(LogArguments),
    /// Hold the ledger to its checkpoint, its lines to their schema and order, and with --rederive to the history.
    Verify(VerifyArguments),
    /// Prove a line against the checkpoint, or what the last seal says of an identity.
    Prove(ProveArguments),
    /// Verify a proof, without repository and ledger.
    VerifyProof(VerifyProofArguments),
    /// Show, prove, verify and cosign checkpoints.
    #[command(subcommand)]
    Checkpoint(CheckpointCommand),
    /// Make, show and rotate the key that signs the log.
    #[command(subcommand)]
    Key(KeyCommand),
    /// Show or forget what was pinned of a log.
    #[command(subcommand)]
    Pin(PinCommand),
    /// Write the log as static tiles (C2SP tlog-tiles).
    Tiles(TilesArguments),
    /// Merge two ledgers that grew side by side; for git's `merge` attribute, in `in-change` mode.
    MergeDriver(MergeDriverArguments),
}

/// Where the repository is.
#[derive(Debug, Args)]
pub(crate) struct Place {
    /// The repository, or a directory inside it.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) repo: PathBuf,
}

/// Where the key is that signs the log.
#[derive(Debug, Args)]
pub(crate) struct Signing {
    /// The file of the key that signs the log; without it, the variable ID_GUARD_LOG_KEY holds the key itself.
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
}

/// What `record` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-ledger record --origin example.org/plugins\n  id-ledger record --key-file log.key --seal\n  id-ledger record --dry-run"
)]
pub(crate) struct RecordArguments {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The commit up to which the mainline is recorded.
    #[arg(long, value_name = "REV", default_value = "HEAD")]
    pub(crate) head: String,
    /// The log's name, for a ledger that begins; without it, `ledger.origin` of the policy.
    #[arg(long, value_name = "NAME")]
    pub(crate) origin: Option<String>,
    /// Who signs.
    #[command(flatten)]
    pub(crate) signing: Signing,
    /// Close with a seal: the state of every identity as one hash, against which presence and absence can be proved.
    #[arg(long)]
    pub(crate) seal: bool,
    /// Write nothing, and show the lines that would be written.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What `append` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-ledger append yank PLG_LOCAL_PREVIEW version=1.2.0 --reason \"it deletes files\" --request\n  id-ledger append transfer PLG_LOCAL_PREVIEW to=new@example.org --reason \"agreed by both\""
)]
pub(crate) struct AppendArguments {
    /// What happened, as in `yank` or `transfer`.
    pub(crate) event: String,
    /// The identity: its ULID or its key.
    pub(crate) identity: String,
    /// The event's own fields, as in `version=1.2.0`; what the ledger knows already may be left out.
    #[arg(value_name = "FIELD=VALUE")]
    pub(crate) fields: Vec<String>,
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Why it is done by hand.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// Who does it; without it, git's user.email.
    #[arg(long, value_name = "WHO")]
    pub(crate) by: Option<String>,
    /// An attestation (a DSSE envelope) that stands behind it; it is copied into .ledger/att.
    #[arg(long, value_name = "FILE")]
    pub(crate) att: Option<PathBuf>,
    /// Write a request into .ledger/pending instead, to be recorded once it is merged.
    #[arg(long)]
    pub(crate) request: bool,
    /// Who signs.
    #[command(flatten)]
    pub(crate) signing: Signing,
    /// Write nothing, and show the line that would be written.
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// What `log` takes.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  id-ledger log\n  id-ledger log PLG_LOCAL_PREVIEW --json")]
pub(crate) struct LogArguments {
    /// The identity: its ULID or a key that it has or had.
    pub(crate) identity: Option<String>,
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Read the ledger of a commit instead of the working tree's.
    #[arg(long, value_name = "REV")]
    pub(crate) rev: Option<String>,
    /// Print the lines as they stand.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What `verify` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-ledger verify --rederive\n  id-ledger verify --rev origin/main --trust trust.policy --pin\n  id-ledger verify --since old.checkpoint"
)]
pub(crate) struct VerifyArguments {
    /// What every run takes.
    #[command(flatten)]
    pub(crate) common: Common,
    /// Verify the ledger of a commit instead of the working tree's.
    #[arg(long, value_name = "REV")]
    pub(crate) rev: Option<String>,
    /// Derive every line again from the history, and demand the same bytes.
    #[arg(long)]
    pub(crate) rederive: bool,
    /// Believe the checkpoint only as this policy says (C2SP tlog-policy).
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
    /// Where a log that tells two stories is written down: both checkpoints as they were signed, and the root that this ledger has at the earlier one.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Option<PathBuf>,
    /// An earlier checkpoint that this ledger must continue; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub(crate) since: Vec<PathBuf>,
    /// Remember the checkpoint once all is well: every later one must continue it. What is remembered is always held against.
    #[arg(long)]
    pub(crate) pin: bool,
}

impl VerifyArguments {
    /// What `verify` takes where nothing else was said.
    pub(crate) fn of(common: Common) -> VerifyArguments {
        VerifyArguments {
            common,
            rev: None,
            rederive: false,
            trust: None,
            evidence: None,
            since: Vec::new(),
            pin: false,
        }
    }
}

/// What `prove` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-ledger prove PLG_LOCAL_PREVIEW@1.2.0 --out local-preview.tlog-proof\n  id-ledger prove --line 17\n  id-ledger prove 01JD4ZK3V8Q2W4X6Y8Z0A1B2C3 --state"
)]
pub(crate) struct ProveArguments {
    /// The identity: its ULID or key; its last line is proved, with `@VERSION` the one that published that version.
    #[arg(required_unless_present = "line")]
    pub(crate) identity: Option<String>,
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Prove this line, counted from 1.
    #[arg(long, value_name = "N", conflicts_with_all = ["identity", "state"])]
    pub(crate) line: Option<u64>,
    /// Prove what the last seal says of the identity: what it was then, or that it was not there.
    #[arg(long)]
    pub(crate) state: bool,
    /// Write the proof to a file.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// What `verify-proof` takes.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  id-ledger verify-proof a.tlog-proof --key example.org/plugins+903e5d81+Afn8... --artifact guide.md\n  id-ledger verify-proof a.tlog-proof --trust trust.policy"
)]
pub(crate) struct VerifyProofArguments {
    /// The proof.
    pub(crate) proof: PathBuf,
    /// The file or directory that the proven line is about.
    #[arg(long, value_name = "PATH")]
    pub(crate) artifact: Option<PathBuf>,
    /// The log's key.
    #[arg(long, value_name = "KEY", conflicts_with = "trust")]
    pub(crate) key: Option<String>,
    /// Whom to trust (C2SP tlog-policy).
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
}

/// What can be done with checkpoints.
#[derive(Debug, Subcommand)]
pub(crate) enum CheckpointCommand {
    /// Print the checkpoint.
    Show(Place),
    /// Compute size and root of the lines as they stand, whatever they say and whatever the checkpoint says.
    Root(Place),
    /// Prove that the ledger continues an earlier checkpoint: a hash a line.
    Prove(CheckpointProveArguments),
    /// Verify that one checkpoint continues another, without the ledger; moves the pin of that log forward.
    Verify(CheckpointVerifyArguments),
    /// Vouch for a checkpoint as a witness, after it was shown to continue what was seen before.
    Cosign(CosignArguments),
    /// Cover every line again: after a merge in `in-change` mode.
    Renew(RenewArguments),
}

/// What `checkpoint prove` takes.
#[derive(Debug, Args)]
pub(crate) struct CheckpointProveArguments {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The earlier checkpoint: its file, or its size.
    #[arg(long, value_name = "FILE|SIZE")]
    pub(crate) since: String,
}

/// What `checkpoint verify` takes.
#[derive(Debug, Args)]
pub(crate) struct CheckpointVerifyArguments {
    /// The earlier checkpoint.
    pub(crate) old: PathBuf,
    /// The later one.
    pub(crate) new: PathBuf,
    /// The proof.
    pub(crate) proof: PathBuf,
    /// The log's key.
    #[arg(long, value_name = "KEY", conflicts_with = "trust", required_unless_present = "trust")]
    pub(crate) key: Option<String>,
    /// Whom to trust (C2SP tlog-policy).
    #[arg(long, value_name = "FILE")]
    pub(crate) trust: Option<PathBuf>,
}

/// What `checkpoint cosign` takes.
#[derive(Debug, Args)]
pub(crate) struct CosignArguments {
    /// The checkpoint, signed by its log.
    pub(crate) checkpoint: PathBuf,
    /// The log's key.
    #[arg(long, value_name = "KEY")]
    pub(crate) key: String,
    /// The witness's private key.
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: PathBuf,
    /// The consistency proof from the checkpoint that this witness vouched for last.
    #[arg(long, value_name = "FILE")]
    pub(crate) proof: Option<PathBuf>,
    /// Write the cosigned checkpoint to a file: as a rule the one that it was read from.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: Option<PathBuf>,
}

/// What `checkpoint renew` takes.
#[derive(Debug, Args)]
pub(crate) struct RenewArguments {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Who signs.
    #[command(flatten)]
    pub(crate) signing: Signing,
}

/// What can be done with pins.
#[derive(Debug, Subcommand)]
pub(crate) enum PinCommand {
    /// Print the checkpoint that was pinned, and the key that signed it.
    Show {
        /// The log's name.
        origin: String,
    },
    /// Forget it: the next checkpoint of that log is believed anew.
    Forget {
        /// The log's name.
        origin: String,
    },
}

/// What can be done with keys.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Make a key, and write its private half to a file that only its owner reads.
    Generate(KeyGenerateArguments),
    /// Print the public half of a private key.
    Show(KeyShowArguments),
    /// Put another key in the place of the one that signs the log; both sign the step.
    Rotate(KeyRotateArguments),
}

/// What `key generate` takes.
#[derive(Debug, Args)]
pub(crate) struct KeyGenerateArguments {
    /// The key's name: of a log its origin, of a witness its own.
    pub(crate) name: String,
    /// The file; it must not be there yet.
    #[arg(long, value_name = "FILE")]
    pub(crate) out: PathBuf,
    /// Make the key of a witness.
    #[arg(long)]
    pub(crate) witness: bool,
}

/// What `key show` takes.
#[derive(Debug, Args)]
pub(crate) struct KeyShowArguments {
    /// The file of the private key.
    pub(crate) file: PathBuf,
}

/// What `key rotate` takes.
#[derive(Debug, Args)]
pub(crate) struct KeyRotateArguments {
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The key that signs the log now.
    #[command(flatten)]
    pub(crate) signing: Signing,
    /// The key that shall sign it.
    #[arg(long, value_name = "FILE")]
    pub(crate) new_key_file: PathBuf,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// An attestation (a DSSE envelope) that stands behind it.
    #[arg(long, value_name = "FILE")]
    pub(crate) att: Option<PathBuf>,
}

/// What `tiles` takes.
#[derive(Debug, Args)]
pub(crate) struct TilesArguments {
    /// The folder that the tiles and the checkpoint go to.
    pub(crate) out: PathBuf,
    /// Where.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The size that was written before: full tiles of it are left alone.
    #[arg(long, value_name = "SIZE", default_value_t = 0)]
    pub(crate) from: u64,
}

/// What `merge-driver` takes: git's %O, %A and %B.
#[derive(Debug, Args)]
#[command(
    after_help = "Set-up, where policy says `ledger: {mode: in-change}`:\n  git config merge.id-ledger.driver \"id-ledger merge-driver %O %A %B\"\n  echo '.ledger/ids*.jsonl merge=id-ledger' >> .gitattributes"
)]
pub(crate) struct MergeDriverArguments {
    /// The common ancestor's version.
    pub(crate) base: PathBuf,
    /// Our version; the merged one is written here.
    pub(crate) ours: PathBuf,
    /// Their version.
    pub(crate) theirs: PathBuf,
}
