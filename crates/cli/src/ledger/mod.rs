//! `id-ledger`: one module per subcommand, and what they share.

mod append;
mod cat;
mod checkpoint;
mod collect;
mod freshness;
mod in_change;
mod key;
mod log;
mod merge;
mod pin;
mod pins;
mod prove;
mod record;
mod served;
mod streams;
mod tiles;
mod trust;
pub(crate) mod verify;
mod verify_proof;
mod watch;
mod witness;
pub(crate) mod witnesses;

pub(crate) use record::{Recording, complain_of, counted, describe_omission, is_unchanged, summary};
pub(crate) use trust::{TrustSource, verify_trust};
pub(crate) use verify_proof::VERIFY_PROOF_SCHEMA;

use std::borrow::Cow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use artifact::Ulid;
use diagnostic::sanitise;
use ledger::files::{ATTESTATIONS, CHECKPOINT, FOLDER, Files, InSnapshot};
use ledger::{Batch, Discipline, EventType, Fault, Identity, LoadedLedger, Machine, ReadOptions, Writer};
use policy::Policy;
use repo::{Commit, Folder, Repository};
use snapshot::ObjectId;
use tlog::{Checkpoint, Opened, SigningKey, Trust, VerifierKey};

use crate::arguments::{Ledger, LedgerCommand, LogArguments, Signing};
use crate::error::{CommandError, finish};
use crate::output::{advise, warn};
use crate::session::{load_policy, open};
use crate::{base, environment};

/// The largest file that is read beside the ledger: keys, proofs, checkpoints, policies.
const MAX_TEXT_BYTES: u64 = 4 << 20;
/// The largest state that a writer keeps for the next one.
const MAX_KEPT_BYTES: u64 = 1 << 30;

pub(crate) fn run(arguments: &Ledger) -> ExitCode {
    match &arguments.command {
        LedgerCommand::Record(arguments) => record::run(arguments),
        LedgerCommand::Append(arguments) => finish(append::run(arguments)),
        LedgerCommand::Log(arguments) => finish(log::run(arguments)),
        LedgerCommand::Cat(arguments) => finish(cat::run(arguments)),
        LedgerCommand::Verify(arguments) => verify::run(arguments),
        LedgerCommand::Prove(arguments) => finish(prove::run(arguments)),
        LedgerCommand::VerifyProof(arguments) => verify_proof::run(arguments),
        LedgerCommand::Checkpoint(command) => finish(checkpoint::run(command)),
        LedgerCommand::Key(command) => finish(key::run(command)),
        LedgerCommand::Pin(command) => finish(pin::run(command)),
        LedgerCommand::Watch(arguments) => finish(watch::run(arguments)),
        LedgerCommand::Witness(command) => finish(witness::run(command)),
        LedgerCommand::Tiles(arguments) => finish(tiles::run(arguments)),
        LedgerCommand::MergeDriver(arguments) => finish(merge::run(arguments)),
    }
}

/// Returns whether a commit contains a ledger, or what is left of one.
pub(crate) fn is_begun(repository: &Repository, rev: &str) -> Result<bool, CommandError> {
    let commit = repository.commit(crate::base::commit(repository, rev)?)?;
    let files = InSnapshot(&commit);
    Ok(ledger::files::read_checkpoint(&files)?.is_some() || ledger::files::has_lines(&files)?)
}

/// Refuses to start a ledger where one was deleted: it would be a fork under the same name.
pub(crate) fn refuse_lost(repository: &Repository, head: ObjectId) -> Result<(), CommandError> {
    let commits = repo::walk(repository.objects(), head, &mut |_| false, repo::Walk::FirstParent)?;
    for commit in commits.iter().rev() {
        let had = ledger::files::read_checkpoint(&InSnapshot(&repository.commit(commit.id)?))?;
        if had.is_some() {
            return Err(CommandError::failed_with(
                format!(
                    "the ledger was deleted in {}; restore it (a new ledger would be a fork)",
                    commit.id.short()
                ),
                format!("bring it back: git checkout {} -- {FOLDER}", commit.id.short()),
            ));
        }
    }
    Ok(())
}

/// Shows what happened to an identity.
pub(crate) fn log(arguments: &LogArguments) -> Result<String, CommandError> {
    log::run(arguments)
}

/// The fields of an event that is made.
type Payload = Vec<(&'static str, ledger::Json)>;

/// A repository whose ledger is worked on.
struct Place {
    repository: Repository,
    root: PathBuf,
}

impl Place {
    fn open(path: &Path) -> Result<Place, CommandError> {
        let repository = open(path)?;
        let root = repository.workdir().ok_or_else(|| {
            CommandError::failed_with(
                "this repository is bare: it has no working tree",
                "read a commit: --rev main",
            )
        })?;
        Ok(Place { repository, root })
    }

    fn folder(&self) -> PathBuf {
        self.root.join(FOLDER)
    }

    /// Locks the ledger of the working tree for writing, under what policy lets it do now.
    fn writer(&self, discipline: &Discipline) -> Result<Writer, CommandError> {
        let lock = self.repository.common_dir().join("id-guard-ledger.lock");
        let kept = self.kept_file().and_then(|file| repo::disk::read_cache(&file, MAX_KEPT_BYTES));
        let mut writer = Writer::open(&self.folder(), &lock, self.floor()?, kept)?;
        writer.batch.read.machine.discipline = discipline.clone();
        Ok(writer)
    }

    /// Commits what was made, and keeps what the next writer can take up.
    fn commit(&self, writer: Writer, origin: &str, keys: &[&SigningKey]) -> Result<Checkpoint, CommandError> {
        let (checkpoint, kept) = writer.commit(origin, keys)?;
        if let Some((file, kept)) = self.kept_file().zip(kept) {
            // What cannot be kept is read again.
            let _ = repo::disk::write_cache(&file, &kept);
        }
        Ok(checkpoint)
    }

    fn kept_file(&self) -> Option<PathBuf> {
        let place = self.folder().canonicalize().ok()?;
        let key = ledger::sha256(place.as_os_str().as_encoded_bytes()).hex();
        Some(environment::cache_directory()?.join(format!("ledger-{}.bin", &key[..40])))
    }

    /// The ledger of the working tree, of which nothing is written.
    fn batch(&self, discipline: &Discipline) -> Result<Batch, CommandError> {
        let mut read = Source::open(&self.repository, None)?.with(|files| {
            let read = ReadOptions::default().read(files, &mut |_, _| {})?;
            match read.faults.first() {
                None => Ok(read),
                Some(fault) => Err(unsound(fault)),
            }
        })?;
        read.machine.discipline = discipline.clone();
        Ok(Batch::new(read))
    }

    /// How many lines the ledger has in git: what the working tree has is not less.
    fn floor(&self) -> Result<u64, CommandError> {
        let Some(head) = self.repository.resolve("HEAD")? else { return Ok(0) };
        let bytes = ledger::files::checkpoint(&InSnapshot(&self.repository.commit(head)?))?;
        Ok(bytes.and_then(|bytes| Some(tlog::open(&bytes).ok()?.checkpoint.size)).unwrap_or(0))
    }

    /// Refuses to go on where no ledger was begun, before a folder is made.
    fn has_ledger(&self) -> Result<(), CommandError> {
        match self.folder().join(CHECKPOINT).symlink_metadata() {
            Ok(_) => Ok(()),
            Err(_) => Err(no_ledger()),
        }
    }

    /// The policy of the commit that `HEAD` names; the embedded baseline where there is none.
    fn policy(&self) -> Result<Policy, CommandError> {
        match self.repository.resolve("HEAD")? {
            Some(id) => Ok(load_policy(None, &self.repository.commit(id)?, Some(id))?.0),
            None => Ok(Policy::from_file("-", b"schema_version: 1\n".to_vec(), None)?),
        }
    }
}

fn no_ledger() -> CommandError {
    CommandError::failed_with("no ledger found", "begin it: id-ledger record --origin example.org/plugins")
}

fn unsound(fault: &Fault) -> CommandError {
    CommandError::refused(
        format!("{FOLDER}/{}: {}", fault.file, fault.message),
        "id-ledger verify shows all problems",
    )
}

/// Where a ledger is read from.
enum Source<'r> {
    Commit(Commit<'r>),
    Disk(Option<Folder>),
    Served(Box<served::ServedFiles>),
}

impl<'r> Source<'r> {
    /// The ledger of a commit, or of the working tree.
    fn open(repository: &'r Repository, rev: Option<&str>) -> Result<Source<'r>, CommandError> {
        let rev = rev.or_else(|| repository.workdir().is_none().then_some("HEAD"));
        match rev {
            Some(rev) => {
                let id = base::commit(repository, rev)?;
                Ok(Source::Commit(repository.commit(id)?))
            }
            None => {
                let folder = repository.workdir().map(|root| root.join(FOLDER));
                let there = folder.filter(|folder| folder.symlink_metadata().is_ok());
                Ok(Source::Disk(there.map(|folder| Folder::open(&folder)).transpose()?))
            }
        }
    }

    /// Hands the files over.
    fn with<T>(&self, work: impl FnOnce(&dyn Files) -> Result<T, CommandError>) -> Result<T, CommandError> {
        match self {
            Source::Commit(commit) => work(&InSnapshot(commit)),
            Source::Disk(Some(folder)) => work(folder),
            Source::Served(files) => work(&**files),
            Source::Disk(None) => work(&ledger::files::EmptyLedger),
        }
    }
}

/// Reads a ledger that is to be relied on: what is wrong with it is the end.
fn read_sound(
    files: &dyn Files,
    each: &mut dyn FnMut(&ledger::Line<'_>, &Machine),
) -> Result<LoadedLedger, CommandError> {
    let read = ReadOptions::default().read(files, each)?;
    match read.faults.first() {
        None if read.size() > 0 => Ok(read),
        None => Err(no_ledger()),
        Some(fault) => Err(unsound(fault)),
    }
}

/// Verifies a ledger that is to be relied on, and keeps only the states of selected identities; each line is passed on with its number and leaf hash.
fn scan_sound(
    files: &dyn Files,
    selects: &ledger::Selection<'_>,
    each: &mut dyn FnMut(u64, &[u8], tlog::Hash),
) -> Result<LoadedLedger, CommandError> {
    let read = ledger::scan(files, selects, each)?;
    match read.faults.first() {
        None if read.size() > 0 => Ok(read),
        None => Err(no_ledger()),
        Some(fault) => Err(unsound(fault)),
    }
}

/// Reads the checkpoint of a ledger that has lines: what it states, and its bytes.
fn committed(files: &dyn Files) -> Result<(Opened, Vec<u8>), CommandError> {
    let bytes = ledger::files::checkpoint(files)?.ok_or_else(no_ledger)?;
    let opened = tlog::open(&bytes)
        .map_err(|error| CommandError::failed(format!("{FOLDER}/{CHECKPOINT}: {error}")))?;
    Ok((opened, bytes))
}

/// Refuses a ledger that lost lines while it was read.
fn covered(has_all: bool) -> Result<(), CommandError> {
    match has_all {
        true => Ok(()),
        false => Err(CommandError::failed_with("the ledger changed while it was read", "run it again")),
    }
}

/// Finds the identity that a name means: its ULID, or a key that it has or ever had.
fn named(files: &dyn Files, name: &str) -> Result<Option<Ulid>, CommandError> {
    match Ulid::parse(name) {
        Ok(ulid) => Ok(Some(ulid)),
        Err(_) => Ok(ledger::holder_of(files, name)?),
    }
}

/// Reads the private key that signs the log, where one is at hand.
pub(crate) fn signing_key(signing: &Signing) -> Result<Option<SigningKey>, CommandError> {
    match &signing.key_file {
        Some(path) => private_key(path).map(Some),
        None => environment::variable("ID_GUARD_LOG_KEY")
            .map(|text| parse_key(&text, "ID_GUARD_LOG_KEY"))
            .transpose(),
    }
}

fn private_key(path: &Path) -> Result<SigningKey, CommandError> {
    let text = text(path)?;
    refuse_open_key(path)?;
    parse_key(&text, &path.display().to_string())
}

/// Refuses a key that others can replace, and warns about one that others can read.
fn refuse_open_key(path: &Path) -> Result<(), CommandError> {
    const WRITABLE_BY_OTHERS: u32 = 0o022;
    const OPEN_TO_OTHERS: u32 = 0o077;
    let Some(mode) = repo::disk::permissions(path)?.filter(|mode| mode & OPEN_TO_OTHERS != 0) else {
        return Ok(());
    };
    let shown = sanitise::text(&path.display().to_string());
    let help = format!("close it: chmod 600 {}", artifact::shell::word(path.display().to_string()));
    if mode & WRITABLE_BY_OTHERS != 0 {
        let message = format!("the key file {shown} has mode {mode:o}: it is writable by others");
        return Err(CommandError::failed_with(message, help));
    }
    warn(&format!("the key file {shown} has mode {mode:o}: it is readable by others"));
    advise(&help);
    Ok(())
}

/// The content of a private key is never printed, not even if it is invalid.
fn parse_key(text: &str, place: &str) -> Result<SigningKey, CommandError> {
    SigningKey::parse(text.trim_end()).map_err(|error| {
        CommandError::failed_with(
            format!("{place} does not contain a private key: {error}"),
            "generate one: id-ledger key generate example.org/plugins --out log.key",
        )
    })
}

/// Reads a file that the user names.
fn text(path: &Path) -> Result<String, CommandError> {
    let bytes = repo::disk::read(path, MAX_TEXT_BYTES)?;
    let bytes = bytes.ok_or_else(|| CommandError::failed(format!("file not found: {}", path.display())))?;
    String::from_utf8(bytes).map_err(|_| CommandError::failed(format!("{} is not UTF-8", path.display())))
}

/// Whom the user trusts: a key, or a policy.
fn trust(key: Option<&str>, file: Option<&Path>) -> Result<Option<Trust>, CommandError> {
    match (key, file) {
        (Some(key), _) => {
            let key =
                VerifierKey::parse(key).map_err(|error| CommandError::failed(format!("--key: {error}")))?;
            Ok(Some(Trust::log(key)))
        }
        (None, Some(path)) => {
            let trust = Trust::parse(&text(path)?);
            trust.map(Some).map_err(|error| CommandError::failed(format!("{}: {error}", path.display())))
        }
        (None, None) => Ok(None),
    }
}

/// Finds an identity by its ULID, or by a key that it has or ever had.
fn find<'m>(machine: &'m Machine, name: &str) -> Result<(Ulid, Cow<'m, Identity>), CommandError> {
    let ulid = Ulid::parse(name).ok().or_else(|| machine.holder_of(name));
    ulid.and_then(|ulid| Some((ulid, machine.identity(ulid)?))).ok_or_else(|| {
        CommandError::failed_with(
            format!("the ledger knows no identity {}", sanitise::text(name)),
            "id-ledger log lists what happened to all of them",
        )
    })
}

/// Returns who does it, for events by hand.
fn author(repository: &Repository, by: Option<&String>) -> Result<String, CommandError> {
    let known = || environment::variable("GIT_AUTHOR_EMAIL").or_else(|| repository.user_email());
    by.cloned().or_else(known).filter(|by| !by.trim().is_empty()).ok_or_else(|| {
        CommandError::failed_with(
            "it is not known who does this",
            "pass --by you@example.org, or set git config user.email",
        )
    })
}

/// Copies an attestation to where its digest names it; returns the digest.
fn attestation(
    place: &Place,
    file: Option<&PathBuf>,
    event: (EventType, &tlog::Hash),
    discipline: &Discipline,
    dry_run: bool,
) -> Result<Option<tlog::Hash>, CommandError> {
    let Some(file) = file else { return Ok(None) };
    let text = text(file)?;
    let digest = ledger::sha256(text.as_bytes());
    ledger::attestation::verify(text.as_bytes(), event.1, event.0, discipline).map_err(|message| {
        CommandError::failed_with(
            format!("{}: {message}", file.display()),
            format!(
                "an attestation is a DSSE envelope with an in-toto statement, which has a subject with the SHA-256 {}",
                event.1.hex()
            ),
        )
    })?;
    if !dry_run {
        put(place, ATTESTATIONS, &format!("{}.json", digest.hex()), text.as_bytes())?;
    }
    Ok(Some(digest))
}

/// Returns what an attestation of an event must name, as a line of output.
fn subject_line(event: &tlog::Hash) -> String {
    format!("an attestation of it has a subject with the SHA-256 {}\n", event.hex())
}

/// Refuses an event that the policy requires to be attested, with the digest that the attestation must name; a dry run only prints both.
fn without_attestation(
    (kind, event): (EventType, &tlog::Hash),
    att: Option<&tlog::Hash>,
    discipline: &Discipline,
    dry_run: bool,
) -> Result<String, CommandError> {
    if att.is_some() || !discipline.attested.contains(&kind) {
        return Ok(subject_line(event));
    }
    let required = format!("the policy requires an attestation (`att`) for {}", kind.name());
    if dry_run {
        return Ok(format!("{required}: pass it with the option --att\n{}", subject_line(event)));
    }
    Err(CommandError::refused(
        format!("{} is refused: {required}", kind.name()),
        format!(
            "sign an in-toto statement of which one subject has the SHA-256 {}, and pass its DSSE envelope with the option --att",
            event.hex()
        ),
    ))
}

/// Writes a file into a folder of the ledger, through no link.
fn put(place: &Place, folder: &str, name: &str, bytes: &[u8]) -> Result<(), CommandError> {
    Folder::create(&place.folder())?;
    let folder = Folder::create(&place.root.join(folder))?;
    if folder.length(name)?.is_none() {
        repo::disk::create(&folder.path().join(name), bytes)?;
    }
    Ok(())
}
