//! Compares a proof with the log as it is served now: that the log continues the proof's checkpoint, and the state of its identity.

use diagnostic::sanitise;
use ledger::{Identity, ReadOptions};
use tlog::{Checkpoint, Trust};

use super::facts::{Facts, Presence};
use super::{Verification, refuse};
use crate::arguments::VerifyProofArguments;
use crate::error::CommandError;
use crate::ledger::served::ServedFiles;

/// Reads the log at `--tiles`, and adds what happened since the proof.
pub(super) fn compare(
    arguments: &VerifyProofArguments,
    believed: &Trust,
    proven: &Checkpoint,
    facts: &mut Facts,
    found: &mut Verification,
) -> Result<(), CommandError> {
    let Some(place) = &arguments.tiles else { return Ok(()) };
    let files = ServedFiles::open(place, &arguments.served)?;
    let served = &files.checkpoint().opened;
    believed.verify(served).map_err(refuse)?;
    let now = &served.checkpoint;
    if now.origin != proven.origin {
        let (origin, other) = (sanitise::text(&proven.origin), sanitise::text(&now.origin));
        return Err(refuse(format!("the proof is of {origin}, and {other} is served")));
    }
    let options = ReadOptions { sizes: [proven.size].into(), ..ReadOptions::default() };
    let read = options.read(&files, &mut |_, _| {})?;
    if let Some(fault) = read.faults.first() {
        return Err(refuse(format!("the served log: {}: {}", fault.file, fault.message)));
    }
    let is_continued = proven.size <= now.size && read.roots.get(&proven.size) == Some(&proven.root);
    if !is_continued {
        return Err(CommandError::refused(
            format!(
                "the served log, of {} lines, does not continue the proof's checkpoint, of {}: it is behind, or was forked (split view)",
                now.size, proven.size
            ),
            "keep the proof and the served checkpoint: if both are signed, they are the evidence",
        ));
    }
    found.lines.push(format!("the served log continues it: {} lines", now.size));
    if let Some(identity) = facts.ulid.and_then(|ulid| read.machine.identity(ulid)) {
        update(facts, &identity);
        found.lines.push(format!("{} is {} now", facts.name(), identity.status.name()));
    }
    Ok(())
}

/// The current state of the identity, instead of that of the proof; the version stays the proven one.
fn update(facts: &mut Facts, identity: &Identity) {
    facts.key = Some(identity.key.to_string());
    facts.aliases = identity.aliases.iter().chain(&identity.former).map(ToString::to_string).collect();
    facts.presence = Some(Presence::Exists(identity.status));
    let yanked = identity.versions.iter().filter(|(.., yanked)| yanked.is_some());
    facts.yanked = Some(yanked.map(|(version, ..)| version.to_string()).collect());
    facts.merged_into = identity.merged_into;
    facts.replaced_by = identity.replaced_by.as_ref().map(ToString::to_string);
    facts.is_state = true;
}
