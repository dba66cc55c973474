//! Proofs that are made while the lines of the ledger pass by, or from tiles: no line but the proved one is kept.

use std::cell::RefCell;

use artifact::Ulid;
use diagnostic::sanitise;
use ledger::files::Files;
use ledger::{Event, LoadedLedger, Machine, StateForm, StateProof};
use tlog::{Checkpoint, Hash, PathBuilder, TileSource as _, TlogProof, tile, verify_inclusion};

use super::served::{Served, ServedCheckpoint};
use super::{committed, find, named, scan_sound};
use crate::arguments::ProveArguments;
use crate::error::CommandError;
use crate::output::{advise, warn};

/// The size of a tile, in bytes: 256 entries of the greatest length.
const MAX_TILE_BYTES: u64 = 256 * (2 + 65_535);
/// How a SEAL ends.
const SEAL_END: &[u8] = b"\"type\":\"SEAL\",\"v\":1}";

/// Proves what is requested from the lines of a ledger.
pub(super) fn from_lines(files: &dyn Files, arguments: &ProveArguments) -> Result<String, CommandError> {
    let name = arguments.identity.as_deref().unwrap_or_default();
    if arguments.state {
        return Ok(prove_state(files, name, arguments.unsigned)?.to_string());
    }
    let index = match arguments.line {
        Some(line) => index_of(line)?,
        None => {
            let subject = named(files, name.split_once('@').map_or(name, |(name, _)| name))?;
            let read = scan_sound(files, &|ulid| Some(ulid) == subject, &mut |_, _, _| {})?;
            line_of(&read.machine, name)?
        }
    };
    let (proof, read) = prove_line(files, index)?;
    check_signed(is_signed(&read), arguments.unsigned)?;
    Ok(proof.to_string())
}

fn is_signed(read: &LoadedLedger) -> bool {
    read.machine.log().is_some_and(|log| log.key.is_some())
}

/// Returns the index of a line that a person counts from 1.
fn index_of(line: u64) -> Result<u64, CommandError> {
    line.checked_sub(1).ok_or_else(|| CommandError::failed("lines are counted from 1"))
}

/// Proves a line while the lines pass by.
fn prove_line(files: &dyn Files, index: u64) -> Result<(TlogProof, LoadedLedger), CommandError> {
    let (opened, checkpoint) = committed(files)?;
    let size = opened.checkpoint.size;
    let missing = || CommandError::failed(format!("the ledger has {size} lines"));
    let mut path = PathBuilder::new(index, size);
    let mut proved = None;
    let read = scan_sound(files, &|_| false, &mut |number, line, leaf| {
        if let Some(path) = &mut path {
            path.push(leaf);
        }
        if number == index {
            proved = Some(line.to_vec());
        }
    })?;
    let inclusion = path.and_then(PathBuilder::finish).ok_or_else(missing)?;
    Ok((TlogProof { extra: proved, inclusion, checkpoint: text(checkpoint)? }, read))
}

/// Proves a line from tiles, of which only those on its path are read.
pub(super) fn from_tiles(served: &Served, arguments: &ProveArguments) -> Result<TlogProof, CommandError> {
    let index = index_of(arguments.line.unwrap_or_default())?;
    let failure = RefCell::new(None);
    let read = |name: &str| match served.read(name, MAX_TILE_BYTES) {
        Ok(found) => found,
        Err(error) => {
            failure.replace(Some(error));
            None
        }
    };
    let ServedCheckpoint { note, opened } = served.checkpoint()?;
    let Checkpoint { size, root, .. } = &opened.checkpoint;
    if index >= *size {
        return Err(CommandError::failed(format!("the ledger has {size} lines")));
    }
    let proved = tile::entry(index, *size, &read).zip(tile::prove_inclusion(index, *size, &read));
    let found =
        proved.filter(|(line, proof)| verify_inclusion(&Hash::leaf(line), proof, *size, root).is_ok());
    let (line, inclusion) = found.ok_or_else(|| {
        let mismatch = || {
            CommandError::failed_with(
                format!("the tiles in {} do not match the checkpoint there", served.name()),
                "write all of them again: id-ledger tiles, without --from",
            )
        };
        failure.take().unwrap_or_else(mismatch)
    })?;
    check_signed(opened.note.is_some(), arguments.unsigned)?;
    Ok(TlogProof { extra: Some(line), inclusion, checkpoint: note })
}

fn text(checkpoint: Vec<u8>) -> Result<String, CommandError> {
    String::from_utf8(checkpoint).map_err(|_| CommandError::failed("the checkpoint is not UTF-8"))
}

/// Proves the state of an identity in the last seal, or its absence.
fn prove_state(files: &dyn Files, name: &str, unsigned: bool) -> Result<StateProof, CommandError> {
    let named = named(files, name)?;
    let mut seal: Option<(u64, Vec<u8>)> = None;
    let read = scan_sound(files, &|ulid| Some(ulid) == named, &mut |number, line, _| {
        if line.ends_with(SEAL_END) {
            seal = Some((number, line.to_vec()));
        }
    })?;
    check_signed(is_signed(&read), unsigned)?;
    let (index, line) =
        seal.ok_or_else(|| CommandError::failed_with("nothing was sealed yet", "id-ledger record --seal"))?;
    let subject = match Ulid::parse(name) {
        Ok(ulid) => ulid,
        Err(_) => find(&read.machine, name)?.0,
    };
    let sealed = Event::read(&line).ok().and_then(|event| {
        Some((StateForm::of_seal(event.count("state"))?, Hash::from_hex(&event.text("root")?)?))
    });
    let (form, root) = sealed.ok_or_else(|| CommandError::failed("the last seal is invalid"))?;
    let lines = ledger::prove_state(files, (index, form), root, subject)?.ok_or_else(|| {
        CommandError::failed_with(
            format!("the states before line {} do not have the root that it seals", index + 1),
            "id-ledger verify shows all problems",
        )
    })?;
    Ok(StateProof { form, subject, lines, seal: prove_line(files, index)?.0 })
}

/// Refuses to prove anything in a log that is not signed, unless that is wanted: nobody can verify such a proof.
fn check_signed(is_signed: bool, unsigned: bool) -> Result<(), CommandError> {
    if is_signed {
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
    if let Some((_, _, Some(line))) = found {
        warn(&format!("version {version} of {name} was yanked in line {}", line + 1));
        advise(&format!("prove its state as well: id-ledger prove {name} --state"));
    }
    found.map(|(_, line, _)| *line).ok_or_else(|| {
        let versions: Vec<&str> = identity.versions.iter().map(|(version, ..)| &**version).collect();
        CommandError::failed_with(
            format!("{name} was never published as {}", sanitise::text(version)),
            format!("published: {}", versions.join(", ")),
        )
    })
}
