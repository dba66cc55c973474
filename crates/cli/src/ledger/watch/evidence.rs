//! The evidence of a fork: both checkpoints as they were signed, kept for good.

use std::path::PathBuf;

use tlog::Checkpoint;

use crate::arguments::WatchArguments;
use crate::environment;
use crate::error::CommandError;

/// What proves a fork to anyone who has the log's key.
pub(super) struct Evidence {
    /// The checkpoint that was seen before.
    pub(super) seen: String,
    /// The one that is served now.
    pub(super) served: String,
    /// The root of the served log at the earlier size, and the proof that the served checkpoint continues that root.
    pub(super) proof: Option<String>,
}

/// Writes the evidence, which is never overwritten, and returns the refusal that names it.
pub(super) fn keep(
    arguments: &WatchArguments,
    checkpoint: &Checkpoint,
    evidence: &Evidence,
    message: String,
) -> CommandError {
    match write(arguments, checkpoint, evidence) {
        Ok(place) => CommandError::refused(
            message,
            format!(
                "both checkpoints are in {}: show them to those who run the log, and to others",
                place.display()
            ),
        ),
        // The checkpoints themselves are printed, where they cannot be written.
        Err(error) => CommandError::refused(
            format!("{message}; the evidence cannot be written: {}", error.message()),
            format!("keep both checkpoints: {:?} and {:?}", evidence.seen, evidence.served),
        ),
    }
}

fn write(
    arguments: &WatchArguments,
    checkpoint: &Checkpoint,
    evidence: &Evidence,
) -> Result<PathBuf, CommandError> {
    let default = || Some(environment::config_directory()?.join("evidence"));
    let folder = arguments.evidence.clone().or_else(default).ok_or_else(|| {
        CommandError::failed_with("no directory for the evidence", "name one with the option --evidence")
    })?;
    let digest =
        ledger::sha256([evidence.seen.as_bytes(), evidence.served.as_bytes()].concat().as_slice()).hex();
    let place = folder.join(format!("{}-{}", checkpoint.size, &digest[..16]));
    let files = [
        ("seen.checkpoint", Some(evidence.seen.as_str())),
        ("served.checkpoint", Some(evidence.served.as_str())),
        ("served.proof", evidence.proof.as_deref()),
    ];
    for (name, text) in files {
        let file = place.join(name);
        if let Some(text) = text.filter(|_| file.symlink_metadata().is_err()) {
            repo::disk::create(&file, text.as_bytes())?;
        }
    }
    Ok(place)
}
