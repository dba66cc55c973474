//! `id-ledger prove` and `verify-proof`: a line, or a sealed state, for readers who have no ledger.

use std::path::Path;

use artifact::Ulid;
use diagnostic::sanitise;
use ledger::{Event, EventType, LoadedLedger, Machine, StateForm, StateProof};
use snapshot::{Memory, ObjectId, RepoPath, Snapshot as _};
use tlog::{Hash, TlogProof, Tree, Trust, verify_inclusion};

use super::{MAX_TEXT_BYTES, Place, Source, find, pins, read_sound, text, trust};
use crate::arguments::{ProveArguments, VerifyProofArguments};
use crate::environment;
use crate::error::CommandError;
use crate::output::warn;

pub(super) fn prove(arguments: &ProveArguments) -> Result<String, CommandError> {
    let place = Place::open(&arguments.place.repo)?;
    let source = Source::open(&place.repository, None)?;
    let proof = source.with(|files| {
        let mut tree = Tree::default();
        let mut lines: Vec<Vec<u8>> = Vec::new();
        let mut sealed: Option<(u64, StateForm, Machine)> = None;
        let read = read_sound(files, &mut |line, machine| {
            tree.push(line.leaf);
            lines.push(line.bytes.to_vec());
            let seal = line.event.ok().filter(|event| arguments.state && event.kind == EventType::Seal);
            if let Some(form) = seal.and_then(|event| StateForm::of_seal(event.count("state"))) {
                sealed = Some((line.number, form, machine.clone()));
            }
        })?;
        check_signed(&read, arguments.unsigned)?;
        let checkpoint = ledger::files::checkpoint(files)?.unwrap_or_default();
        let checkpoint =
            String::from_utf8(checkpoint).map_err(|_| CommandError::failed("the checkpoint is not UTF-8"))?;
        let prove = |index: u64| {
            let inclusion = tree.prove_inclusion(index, read.size());
            let inclusion = inclusion
                .ok_or_else(|| CommandError::failed(format!("the ledger has {} lines", read.size())))?;
            let extra = Some(lines[index as usize].clone());
            Ok::<_, CommandError>(TlogProof { extra, inclusion, checkpoint: checkpoint.clone() })
        };
        if arguments.state {
            let (index, form, machine) = sealed.ok_or_else(|| {
                CommandError::failed_with("nothing was sealed yet", "id-ledger record --seal")
            })?;
            let name = arguments.identity.as_deref().unwrap_or_default();
            let subject = match Ulid::parse(name) {
                Ok(ulid) => ulid,
                Err(_) => find(&read.machine, name)?.0,
            };
            return Ok(StateProof::new(&machine, form, subject, prove(index)?).to_string());
        }
        let index = match (arguments.line, arguments.identity.as_deref()) {
            (Some(line), _) => {
                line.checked_sub(1).ok_or_else(|| CommandError::failed("lines are counted from 1"))?
            }
            (None, name) => line_of(&read.machine, name.unwrap_or_default())?,
        };
        Ok(prove(index)?.to_string())
    })?;
    match &arguments.out {
        None => Ok(proof),
        Some(path) => {
            repo::disk::write(path, proof.as_bytes())?;
            Ok(format!("wrote {}\n", path.display()))
        }
    }
}

/// Refuses to prove anything in a log that is not signed, unless that is wanted: nobody can verify such a proof.
fn check_signed(read: &LoadedLedger, unsigned: bool) -> Result<(), CommandError> {
    if read.machine.log().is_some_and(|log| log.key.is_some()) {
        return Ok(());
    }
    let message = "the log is unsigned: nobody can verify this proof";
    if unsigned {
        warn(message);
        return Ok(());
    }
    Err(CommandError::refused(
        message,
        "sign the log: id-ledger key rotate, with the option --new-key-file; to write the proof all the same, pass --unsigned",
    ))
}

/// The line of `IDENTITY` or `IDENTITY@VERSION`, from 0.
fn line_of(machine: &Machine, name: &str) -> Result<u64, CommandError> {
    let (name, version) = name.split_once('@').map_or((name, None), |(name, version)| (name, Some(version)));
    let (_, identity) = find(machine, name)?;
    let Some(version) = version else { return Ok(identity.last_line) };
    let found = identity.versions.iter().find(|(known, ..)| &**known == version);
    found.map(|(_, line, _)| *line).ok_or_else(|| {
        let versions: Vec<&str> = identity.versions.iter().map(|(version, ..)| &**version).collect();
        CommandError::failed_with(
            format!("{name} was never published as {}", sanitise::text(version)),
            format!("published: {}", versions.join(", ")),
        )
    })
}

pub(super) fn verify(arguments: &VerifyProofArguments) -> Result<String, CommandError> {
    let written = text(&arguments.proof)?;
    let refuse = |message: String| CommandError::refused(message, String::new());
    let state = written.lines().next().is_some_and(|line| line.contains("state-proof@"));
    let state =
        state.then(|| StateProof::parse(&written)).transpose().map_err(|error| refuse(error.to_string()))?;
    let proof = match &state {
        Some(state) => state.seal.clone(),
        None => TlogProof::parse(written.as_bytes()).map_err(|error| refuse(error.to_string()))?,
    };
    let line = proof
        .extra
        .clone()
        .ok_or_else(|| refuse("the proof does not contain the line that it proves".into()))?;
    let opened = proof.open().map_err(|error| refuse(error.to_string()))?;
    if opened.note.is_none() {
        return Err(refuse("the log is unsigned: nobody can verify this proof".into()));
    }
    let checkpoint = &opened.checkpoint;
    let pin = pins::read(pins::Memory::Reader, &checkpoint.origin)?;
    let by_pin = || pin.as_ref().and_then(|pin| pin.key.clone()).map(Trust::log);
    let believed =
        trust(arguments.key.as_deref(), arguments.trust.as_deref())?.or_else(by_pin).ok_or_else(|| {
            CommandError::failed_with(
                "it is not known whom to trust",
                "pass the log's key with the option --key, or a policy with --trust",
            )
        })?;
    let witnesses = believed.verify(&opened).map_err(|error| refuse(error.to_string()))?;
    verify_inclusion(&Hash::leaf(&line), &proof.inclusion, checkpoint.size, &checkpoint.root)
        .map_err(|error| refuse(format!("the line is not in the log: {error}")))?;
    if let Some(pin) = &pin
        && pin.opened.checkpoint.size == checkpoint.size
        && pin.opened.checkpoint.root != checkpoint.root
    {
        let pinned = &pin.opened.checkpoint;
        return Err(refuse(format!(
            "the log was forked (split view): at {} lines the root of the proof is {}, and the pinned root is {}; keep both as evidence",
            pinned.size, checkpoint.root, pinned.root
        )));
    }
    let event = Event::read(&line)
        .map_err(|flaw| refuse(format!("the proven line is not a valid event: {}", flaw.message)))?;
    let mut printed = format!(
        "{} contains it: line {} of {}, signed by {}{}\n",
        checkpoint.origin,
        proof.inclusion.index + 1,
        checkpoint.size,
        signer(&believed, &opened, arguments.key.is_none() && arguments.trust.is_none()),
        if witnesses.is_empty() { String::new() } else { format!(", seen by {}", witnesses.join(", ")) }
    );
    match &state {
        Some(state) => {
            let found = state.verify().map_err(|error| refuse(error.to_string()))?;
            printed += &match found {
                Some(state) => format!("sealed {}: {}\n", when(&event), state.line()),
                None => {
                    format!("{} was not there when the state was sealed, {}\n", state.subject, when(&event))
                }
            };
        }
        None => printed += &describe(&event),
    }
    if let Some(path) = &arguments.artifact {
        let Content { digest, bytes, is_directory } = content(path)?;
        let named = event.text("sha256").and_then(|text| Hash::from_hex(&text));
        if named.is_none() && event.card_sha256.is_none() {
            return Err(refuse(format!(
                "{} names no content: prove a published version, such as PLG_LOCAL_PREVIEW@1.0.0",
                event.kind.name()
            )));
        }
        if named != Some(digest) && event.card_sha256 != Some(digest) {
            return Err(refuse(format!(
                "{} has SHA-256 {}, and the line names {}: it is not what was published, or not all of it",
                path.display(),
                digest.hex(),
                named.or(event.card_sha256).map(|hash| hash.hex()).unwrap_or_default()
            )));
        }
        // A file can contain the lines of a directory, and then has its digest.
        let object = event.text("tree").and_then(|text| ObjectId::from_hex(text.as_bytes()));
        if let Some(object) = object.filter(|_| named == Some(digest)) {
            let was_file = repo::Objects::blob_id_like(object, &bytes)? == object;
            if was_file == is_directory {
                let [is, was] = if is_directory { ["directory", "file"] } else { ["file", "directory"] };
                return Err(refuse(format!("{} is a {is}, and a {was} was published", path.display())));
            }
        }
        let what = if named == Some(digest) { "the published content" } else { "the card" };
        printed += &format!("{} is {what}\n", path.display());
    }
    Ok(printed.lines().map(|line| format!("{}\n", sanitise::text(line))).collect())
}

/// The key that was believed, and where it is from.
fn signer(believed: &Trust, opened: &tlog::Opened, pinned: bool) -> String {
    let signers = opened.note.as_ref().and_then(|note| note.signers(&believed.logs).ok()).unwrap_or_default();
    let names: Vec<String> = signers.iter().map(|key| format!("{}+{:08x}", key.name(), key.id())).collect();
    format!("{}{}", names.join(", "), if pinned { " (the pinned key)" } else { "" })
}

fn when(event: &Event<'_>) -> String {
    environment::time_of(u64::try_from(event.time).unwrap_or_default() * 1000)
}

fn describe(event: &Event<'_>) -> String {
    let details: Vec<String> =
        event.details().iter().map(|(name, value)| format!("{name}={value}")).collect();
    let subject = event.subject.map(|ulid| ulid.to_string()).unwrap_or_default();
    let time = when(event);
    format!("{} {subject} {} by {}, {time}\n", event.kind.name(), details.join(" "), event.by.value())
}

/// What an artifact is digested from.
struct Content {
    digest: Hash,
    /// The content of the file, or the lines of the directory.
    bytes: Vec<u8>,
    is_directory: bool,
}

/// Reads a file, or a directory as it is published.
fn content(path: &Path) -> Result<Content, CommandError> {
    let of = |bytes: Vec<u8>, is_directory| Content { digest: ledger::sha256(&bytes), bytes, is_directory };
    if !path.is_dir() {
        let bytes = repo::disk::read(path, MAX_TEXT_BYTES << 7)?;
        return bytes
            .map(|bytes| of(bytes, false))
            .ok_or_else(|| CommandError::failed(format!("file not found: {}", path.display())));
    }
    let mut memory = Memory::new();
    let root = RepoPath::from("artifact");
    for file in repo::disk::files(path, MAX_TEXT_BYTES << 7)? {
        memory.insert(root.join(&file.path), file.mode, file.bytes);
    }
    let node =
        memory.find(&root)?.ok_or_else(|| CommandError::failed(format!("{} is empty", path.display())))?;
    Ok(of(artifact::content::listing(&memory, &node)?, true))
}
