//! `id-ledger prove`: a line, or a sealed state, for readers who have no ledger.

use artifact::Ulid;
use diagnostic::sanitise;
use ledger::{EventType, LoadedLedger, Machine, StateForm, StateProof};
use tlog::{TlogProof, Tree};

use super::{Place, Source, find, read_sound};
use crate::arguments::ProveArguments;
use crate::error::CommandError;
use crate::output::{advise, warn};

pub(super) fn run(arguments: &ProveArguments) -> Result<String, CommandError> {
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
