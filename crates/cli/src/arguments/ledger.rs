//! The command line of `id-ledger`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use super::common::exit_status;
use super::verify_proof::{MaxAge, VerifyProofArguments};
use super::{Common, Place};

/// Records, verifies and proves the append-only ledger of the repository.
#[derive(Debug, Parser)]
#[command(name = "id-ledger", version, after_help = LEDGER_EXAMPLES, max_term_width = 100)]
pub(crate) struct Ledger {
    /// The command.
    #[command(subcommand)]
    pub(crate) command: LedgerCommand,
}

const LEDGER_EXAMPLES: &str = "Examples:
  id-ledger record --origin example.org/plugins      record the commits merged since the last record
  id-ledger log PLG_LOCAL_PREVIEW                    show the events of an identity
  id-ledger verify --rederive                        verify every line against tree, state and history
  id-ledger prove PLG_LOCAL_PREVIEW --out a.tlog-proof
  id-ledger verify-proof a.tlog-proof --key KEY      needs neither repository nor ledger

Exit status: 0 done, or all checks passed; 1 refused, or findings at level deny; 2 could not run.";

/// The subcommands of `id-ledger`.
#[derive(Debug, Subcommand)]
pub(crate) enum LedgerCommand {
    /// Record the commits of the base branch since the last recorded commit.
    Record(RecordArguments),
    /// Append an event by hand, or request one in a change.
    Append(AppendArguments),
    /// Show the events of one identity, or of all.
    Log(LogArguments),
    /// Print the lines in their order: ids.jsonl is the first segment, although a listing shows it last.
    Cat(CatArguments),
    /// Verify the ledger: its checkpoint, schema and order, and with --rederive its history.
    Verify(VerifyArguments),
    /// Prove that the log contains a line, or the state of an identity in the last seal.
    Prove(ProveArguments),
    /// Verify a proof, without repository and ledger.
    VerifyProof(VerifyProofArguments),
    /// Show, prove, verify and cosign checkpoints.
    #[command(subcommand, after_help = concat!("Examples:\n  id-ledger checkpoint show\n  id-ledger checkpoint prove --since 12 > consistency", exit_status!(find)))]
    Checkpoint(CheckpointCommand),
    /// Generate, show and rotate the key that signs the log.
    #[command(subcommand, after_help = concat!("Examples:\n  id-ledger key generate example.org/plugins --out log.key\n  id-ledger key show log.key", exit_status!(write)))]
    Key(KeyCommand),
    /// Show or forget the pinned checkpoint of a log.
    #[command(subcommand, after_help = concat!("Example:\n  id-ledger pin show example.org/plugins", exit_status!(find)))]
    Pin(PinCommand),
    /// Follow a log that is served as tiles, and notice a fork.
    Watch(WatchArguments),
    /// Run a witness: a server that cosigns the checkpoints of logs (C2SP tlog-witness).
    #[command(subcommand, after_help = concat!("Example:\n  id-ledger witness serve --listen 127.0.0.1:8080 --state /var/lib/witness --key-file witness.key --log example.org/plugins+903e5d81+Afn8...", exit_status!(show)))]
    Witness(WitnessCommand),
    /// Write the log as static tiles (C2SP tlog-tiles).
    Tiles(TilesArguments),
    /// Merge two ledgers that both grew; for git's `merge` attribute, in `in-change` mode.
    MergeDriver(MergeDriverArguments),
}

/// The key that signs the log.
#[derive(Debug, Args)]
pub(crate) struct Signing {
    /// The file of the key that signs the log [default: the key in the variable ID_GUARD_LOG_KEY].
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: Option<PathBuf>,
}

/// Options of `record`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-ledger record --origin example.org/plugins\n  id-ledger record --key-file log.key --seal\n  id-ledger record --dry-run", exit_status!(write))
)]
pub(crate) struct RecordArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The last commit to record.
    #[arg(long, value_name = "REV", default_value = "HEAD", help_heading = "Base")]
    pub(crate) head: String,
    /// The name of the log, for a new ledger [default: `ledger.origin` of the policy].
    #[arg(long, value_name = "NAME")]
    pub(crate) origin: Option<String>,
    /// The key that signs.
    #[command(flatten)]
    pub(crate) signing: Signing,
    /// Append a seal: one hash over the state of every identity, against which presence and absence can be proved.
    #[arg(long)]
    pub(crate) seal: bool,
    /// Dry run: print the lines that would be written.
    #[arg(long, help_heading = "Output")]
    pub(crate) dry_run: bool,
}

/// Options of `append`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-ledger append yank PLG_LOCAL_PREVIEW version=1.2.0 --reason \"it deletes files\" --request\n  id-ledger append transfer PLG_LOCAL_PREVIEW to=new@example.org --reason \"agreed by both\"", exit_status!(write))
)]
pub(crate) struct AppendArguments {
    /// The event, e.g. `yank` or `transfer`.
    pub(crate) event: String,
    /// The identity: its ULID or its key.
    pub(crate) identity: String,
    /// The fields of the event, e.g. `version=1.2.0`; fields that the ledger knows can be omitted.
    #[arg(value_name = "FIELD=VALUE")]
    pub(crate) fields: Vec<String>,
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The reason.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: String,
    /// The person who appends it [default: git's user.email].
    #[arg(long, value_name = "WHO")]
    pub(crate) by: Option<String>,
    /// An attestation (a DSSE envelope) for the event; it is copied into .ledger/att.
    #[arg(long, value_name = "FILE")]
    pub(crate) att: Option<PathBuf>,
    /// Write a request into .ledger/pending instead; it is recorded after it is merged.
    #[arg(long)]
    pub(crate) request: bool,
    /// The key that signs.
    #[command(flatten)]
    pub(crate) signing: Signing,
    /// Dry run: print the line that would be written, and the digest that an attestation of it must name.
    #[arg(long, help_heading = "Output")]
    pub(crate) dry_run: bool,
}

/// Options of `log`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-ledger log\n  id-ledger log PLG_LOCAL_PREVIEW --json", exit_status!(find)))]
pub(crate) struct LogArguments {
    /// The identity: its ULID, its key or a former key.
    pub(crate) identity: Option<String>,
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Read the ledger of this commit instead of the working tree's.
    #[arg(long, value_name = "REV", help_heading = "Repository")]
    pub(crate) rev: Option<String>,
    /// Read the log that is served as tiles at this address, or in this directory, instead of the repository's.
    #[arg(long, value_name = "URL|DIR", help_heading = "Repository", conflicts_with_all = ["rev", "repo"])]
    pub(crate) tiles: Option<String>,
    /// How the log is read.
    #[command(flatten)]
    pub(crate) served: ServedArguments,
    /// Print the lines unchanged.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}

/// Options of `cat`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-ledger cat\n  id-ledger cat --from 17 --rev origin/main", exit_status!(show)))]
pub(crate) struct CatArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Read the ledger of this commit instead of the working tree's.
    #[arg(long, value_name = "REV", help_heading = "Repository")]
    pub(crate) rev: Option<String>,
    /// The first line to print; the first line of the ledger is 1.
    #[arg(long, value_name = "LINE", default_value_t = 1, help_heading = "Output")]
    pub(crate) from: u64,
}

/// Options of `verify`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-ledger verify --rederive\n  id-ledger verify --rev origin/main --trust trust.policy --pin\n  id-ledger verify --since old.checkpoint", exit_status!(check))
)]
pub(crate) struct VerifyArguments {
    /// Options of every check.
    #[command(flatten)]
    pub(crate) common: Common,
    /// Verify the ledger of this commit instead of the working tree's.
    #[arg(long, value_name = "REV", help_heading = "Repository")]
    pub(crate) rev: Option<String>,
    /// Derive every line from the history again and require identical bytes.
    #[arg(long)]
    pub(crate) rederive: bool,
    /// Accept the checkpoint only if this trust policy does (C2SP tlog-policy) [default: .ledger/trust.policy and the policy's
    /// ledger.key]; `none` applies neither.
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) trust: Option<PathBuf>,
    /// How the age of the checkpoint is limited.
    #[command(flatten)]
    pub(crate) age: MaxAge,
    /// If the log was forked (split view), write the evidence to this file: both signed checkpoints, and the root of this ledger at the earlier size.
    #[arg(long, value_name = "FILE")]
    pub(crate) evidence: Option<PathBuf>,
    /// An earlier checkpoint that this ledger must continue; repeatable.
    #[arg(long, value_name = "FILE")]
    pub(crate) since: Vec<PathBuf>,
    /// Pin the checkpoint if the ledger is valid. Every later checkpoint must continue the pinned one; an existing pin is always verified.
    #[arg(long)]
    pub(crate) pin: bool,
}

impl VerifyArguments {
    /// Returns the defaults of `verify`.
    pub(crate) fn of(common: Common) -> VerifyArguments {
        VerifyArguments {
            common,
            rev: None,
            rederive: false,
            trust: None,
            age: MaxAge::default(),
            evidence: None,
            since: Vec::new(),
            pin: false,
        }
    }
}

/// Options of `prove`.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Examples:\n  id-ledger prove PLG_LOCAL_PREVIEW@1.2.0 --out local-preview.tlog-proof\n  id-ledger prove --line 17\n  id-ledger prove 01JD4ZK3V8Q2W4X6Y8Z0A1B2C3 --state", exit_status!(find))
)]
pub(crate) struct ProveArguments {
    /// The identity: its ULID or key. Proves its last line, or with `@VERSION` the line that published the version.
    #[arg(required_unless_present = "line")]
    pub(crate) identity: Option<String>,
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// Prove this line; the first line is 1.
    #[arg(long, value_name = "N", conflicts_with_all = ["identity", "state"])]
    pub(crate) line: Option<u64>,
    /// Prove the state of the identity in the last seal, or that it did not exist.
    #[arg(long)]
    pub(crate) state: bool,
    /// Write a proof although the log is not signed: nobody can verify it.
    #[arg(long)]
    pub(crate) unsigned: bool,
    /// Read the log that is served as tiles at this address, or in this directory, instead of the repository's; with --line, only the tiles on
    /// the path of the line.
    #[arg(long, value_name = "URL|DIR", conflicts_with = "repo", help_heading = "Repository")]
    pub(crate) tiles: Option<String>,
    /// How the log is read.
    #[command(flatten)]
    pub(crate) served: ServedArguments,
    /// Write the proof to a file.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
}

/// The subcommands of `checkpoint`.
#[derive(Debug, Subcommand)]
pub(crate) enum CheckpointCommand {
    /// Print the checkpoint.
    #[command(after_help = concat!("Example:\n  id-ledger checkpoint show", exit_status!(show)))]
    Show(Place),
    /// Compute size and root of the lines, without reading the checkpoint.
    #[command(after_help = concat!("Example:\n  id-ledger checkpoint root", exit_status!(show)))]
    Root(Place),
    /// Prove that the ledger continues an earlier checkpoint; prints one hash per line.
    Prove(CheckpointProveArguments),
    /// Verify, without the ledger, that one checkpoint continues another; moves the pin of the log forward.
    Verify(CheckpointVerifyArguments),
    /// Cosign a checkpoint as a witness, if it continues the checkpoint that was cosigned before.
    Cosign(CosignArguments),
    /// Sign a new checkpoint over all lines, after a merge in `in-change` mode.
    Renew(RenewArguments),
}

/// Options of `checkpoint prove`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-ledger checkpoint prove --since old.checkpoint > consistency\n  id-ledger checkpoint prove --since 12", exit_status!(find)))]
pub(crate) struct CheckpointProveArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The earlier checkpoint: its file, or its size.
    #[arg(long, value_name = "FILE|SIZE")]
    pub(crate) since: String,
}

/// Options of `checkpoint verify`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Example:\n  id-ledger checkpoint verify old.checkpoint new.checkpoint consistency --key example.org/plugins+903e5d81+Afn8...", exit_status!(verified)))]
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
    /// The trust policy (C2SP tlog-policy).
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) trust: Option<PathBuf>,
}

/// Options of `checkpoint cosign`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-ledger checkpoint cosign .ledger/checkpoint --key example.org/plugins+903e5d81+Afn8... --key-file witness.key --state /var/lib/witness --out .ledger/checkpoint\n  id-ledger checkpoint cosign .ledger/checkpoint --witness https://witness.example.net --out .ledger/checkpoint", exit_status!(write)))]
pub(crate) struct CosignArguments {
    /// The checkpoint, signed by its log.
    pub(crate) checkpoint: PathBuf,
    /// The repository with the ledger, from which `--witness` proves that the checkpoint continues the earlier one.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The log's key.
    #[arg(long, value_name = "KEY", required_unless_present = "witness")]
    pub(crate) key: Option<String>,
    /// The witness's private key.
    #[arg(long, value_name = "FILE", required_unless_present = "witness")]
    pub(crate) key_file: Option<PathBuf>,
    /// Ask the witness at this address instead (C2SP tlog-witness); repeatable. Its cosignature must verify against the trust policy.
    #[arg(long, value_name = "URL", conflicts_with_all = ["key", "key_file", "proof", "state", "first"])]
    pub(crate) witness: Vec<String>,
    /// The trust policy with the witnesses' keys (C2SP tlog-policy) [default: .ledger/trust.policy].
    #[arg(long, value_name = "FILE", requires = "witness", help_heading = "Policy")]
    pub(crate) trust: Option<PathBuf>,
    /// Trust only the certificates in this file (PEM) for https, instead of the platform's.
    #[arg(long, value_name = "FILE", requires = "witness")]
    pub(crate) ca: Option<PathBuf>,
    /// The consistency proof from the last checkpoint that this witness cosigned.
    #[arg(long, value_name = "FILE")]
    pub(crate) proof: Option<PathBuf>,
    /// The directory in which this witness remembers what it cosigned; required in CI and without a home directory [default: a directory
    /// below ~/.config/id-guard].
    #[arg(long, value_name = "DIR")]
    pub(crate) state: Option<PathBuf>,
    /// Cosign the first checkpoint of a log that this witness sees. Without it, a witness that remembers nothing of the log refuses.
    #[arg(long)]
    pub(crate) first: bool,
    /// Write the cosigned checkpoint to a file, usually the input file.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) out: Option<PathBuf>,
}

/// Options of `checkpoint renew`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Example:\n  id-ledger checkpoint renew --key-file log.key", exit_status!(write)))]
pub(crate) struct RenewArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The key that signs.
    #[command(flatten)]
    pub(crate) signing: Signing,
}

/// How a log is read that others serve.
#[derive(Debug, Default, Args)]
pub(crate) struct ServedArguments {
    /// Trust only the certificates in this file (PEM) for https, instead of the platform's.
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
}

/// Options of `watch`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  id-ledger watch https://example.org/log --key example.org/plugins+903e5d81+Afn8... --pin
  id-ledger watch https://example.org/log --identity PLG_LOCAL_PREVIEW --json --pin
  id-ledger watch site --pin --run ./notify --every 300

The pinned checkpoint is what was seen last: events since then are printed, and --pin moves it. Without a pin, only those
of named identities are. A log that does not continue the pin is a fork: both checkpoints are kept, and the pin stays.

Exit status: 0 consistent; 1 forked, rolled back, behind, or not signed as required; 2 could not run.")]
pub(crate) struct WatchArguments {
    /// The log: the address of its files (C2SP tlog-tiles), or their directory.
    #[arg(value_name = "URL|DIR")]
    pub(crate) log: String,
    /// Only the events of this identity: its ULID, or a key that it has or had; repeatable. A ULID spares reading the lines before.
    #[arg(long, value_name = "KEY")]
    pub(crate) identity: Vec<String>,
    /// Remember the checkpoint. The next run prints what came since, and refuses a log that does not continue it.
    #[arg(long)]
    pub(crate) pin: bool,
    /// The log's key [default: the key of the pinned checkpoint].
    #[arg(long, value_name = "KEY", conflicts_with = "trust")]
    pub(crate) key: Option<String>,
    /// The trust policy (C2SP tlog-policy).
    #[arg(long, value_name = "FILE", help_heading = "Policy")]
    pub(crate) trust: Option<PathBuf>,
    /// How the log is read.
    #[command(flatten)]
    pub(crate) served: ServedArguments,
    /// Run this program with the events as JSON lines on its standard input, if there are any. If it fails, the pin is not moved.
    #[arg(long, value_name = "PROGRAM")]
    pub(crate) run: Option<PathBuf>,
    /// Look again after this many seconds, until the log is forked.
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..))]
    pub(crate) every: Option<u64>,
    /// The directory for the evidence of a fork [default: ~/.config/id-guard/evidence].
    #[arg(long, value_name = "DIR")]
    pub(crate) evidence: Option<PathBuf>,
    /// Print JSON lines: the log, the line's number, and the event.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
}

/// The subcommands of `witness`.
#[derive(Debug, Subcommand)]
pub(crate) enum WitnessCommand {
    /// Serve `POST /add-checkpoint` and `GET /ORIGIN_SHA256/checkpoint`. Put a server with a certificate in front of it.
    Serve(WitnessServeArguments),
}

/// Options of `witness serve`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Example:\n  id-ledger witness serve --listen 127.0.0.1:8080 --state /var/lib/witness --key-file witness.key --log example.org/plugins+903e5d81+Afn8...

What was cosigned last of each log is on disk before the answer is sent. A failed write ends the server.", exit_status!(show)))]
pub(crate) struct WitnessServeArguments {
    /// The address and port to listen on; port 0 takes a free one, which is printed.
    #[arg(long, value_name = "ADDR")]
    pub(crate) listen: String,
    /// The directory in which this witness remembers what it cosigned; the same as of `checkpoint cosign --state`.
    #[arg(long, value_name = "DIR")]
    pub(crate) state: PathBuf,
    /// The witness's private key.
    #[arg(long, value_name = "FILE")]
    pub(crate) key_file: PathBuf,
    /// The key of a log that is cosigned; repeatable.
    #[arg(long, value_name = "VKEY", required = true, num_args = 1..)]
    pub(crate) log: Vec<String>,
}

/// The subcommands of `pin`.
#[derive(Debug, Subcommand)]
pub(crate) enum PinCommand {
    /// Print the pinned checkpoint and the key that signed it.
    #[command(after_help = concat!("Example:\n  id-ledger pin show example.org/plugins", exit_status!(find)))]
    Show {
        /// The name of the log.
        origin: String,
    },
    /// Delete the pin: the next checkpoint of the log is trusted on first use.
    #[command(after_help = concat!("Example:\n  id-ledger pin forget example.org/plugins", exit_status!(find)))]
    Forget {
        /// The name of the log.
        origin: String,
    },
}

/// The subcommands of `key`.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Generate a key pair; the private key is written to a file that only its owner can read.
    Generate(KeyGenerateArguments),
    /// Print the public key of a private key.
    Show(KeyShowArguments),
    /// Replace the key that signs the log; both keys sign the event.
    Rotate(KeyRotateArguments),
}

/// Options of `key generate`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-ledger key generate example.org/plugins --out log.key\n  id-ledger key generate witness.example.net --witness --out witness.key", exit_status!(write)))]
pub(crate) struct KeyGenerateArguments {
    /// The name of the key: for a log its origin, for a witness its own name.
    pub(crate) name: String,
    /// The file; it must not exist.
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    pub(crate) out: PathBuf,
    /// Generate a witness key.
    #[arg(long)]
    pub(crate) witness: bool,
}

/// Options of `key show`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Example:\n  id-ledger key show log.key", exit_status!(show)))]
pub(crate) struct KeyShowArguments {
    /// The file of the private key.
    pub(crate) file: PathBuf,
}

/// Options of `key rotate`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Example:\n  id-ledger key rotate --key-file log.key --new-key-file new.key --reason \"yearly rotation\"", exit_status!(write)))]
pub(crate) struct KeyRotateArguments {
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The current key.
    #[command(flatten)]
    pub(crate) signing: Signing,
    /// The new key.
    #[arg(long, value_name = "FILE")]
    pub(crate) new_key_file: PathBuf,
    /// The reason.
    #[arg(long, value_name = "TEXT")]
    pub(crate) reason: Option<String>,
    /// An attestation (a DSSE envelope) for the event.
    #[arg(long, value_name = "FILE")]
    pub(crate) att: Option<PathBuf>,
    /// Dry run: print the digest that an attestation must name, and the line if the current key is passed.
    #[arg(long, help_heading = "Output")]
    pub(crate) dry_run: bool,
}

/// Options of `tiles`.
#[derive(Debug, Args)]
#[command(after_help = concat!("Examples:\n  id-ledger tiles public\n  id-ledger tiles public --from 4096", exit_status!(write)))]
pub(crate) struct TilesArguments {
    /// The directory of the tiles and the checkpoint.
    pub(crate) out: PathBuf,
    /// The repository.
    #[command(flatten)]
    pub(crate) place: Place,
    /// The size that was written before: its full tiles are not written again, and only newer lines are read.
    #[arg(long, value_name = "SIZE", default_value_t = 0)]
    pub(crate) from: u64,
}

/// Options of `merge-driver`: git's %O, %A and %B.
#[derive(Debug, Args)]
#[command(
    after_help = concat!("Example (set-up, if the policy has `ledger: {mode: in-change}`):\n  git config merge.id-ledger.driver \"id-ledger merge-driver %O %A %B\"\n  echo '.ledger/ids*.jsonl merge=id-ledger' >> .gitattributes", exit_status!(merge))
)]
pub(crate) struct MergeDriverArguments {
    /// The common ancestor's version.
    pub(crate) base: PathBuf,
    /// Our version; the merged one is written here.
    pub(crate) ours: PathBuf,
    /// Their version.
    pub(crate) theirs: PathBuf,
}
