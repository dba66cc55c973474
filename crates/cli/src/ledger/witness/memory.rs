//! What a witness cosigned last of each log, on disk before it answers; a log at a time.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use diagnostic::sanitise;
use repo::Folder;
use tlog::witness::{AddCheckpoint, Refused};
use tlog::{Checkpoint, Opened, SigningKey, VerifierKey};

use crate::environment;
use crate::error::CommandError;
use crate::ledger::pins::{self, Memory};

/// A witness: its key, the logs that it cosigns, and its memory of them.
pub(super) struct WitnessMemory {
    directory: PathBuf,
    key: SigningKey,
    keys: Vec<VerifierKey>,
    /// A lock for each log: checking and remembering are one step.
    logs: BTreeMap<String, Mutex<()>>,
}

/// What became of a request.
pub(super) enum Answer {
    /// The cosignature.
    Cosigned(String),
    /// The protocol's refusal.
    Refused(Refused),
}

impl WitnessMemory {
    /// Opens the memory; creates the directory of this witness in it.
    pub(super) fn open(
        directory: &Path,
        key: SigningKey,
        keys: Vec<VerifierKey>,
    ) -> Result<WitnessMemory, CommandError> {
        // Created one by one, each with its entry synced.
        Folder::create(directory)?;
        let logs = keys.iter().map(|key| (key.name().to_string(), Mutex::default())).collect();
        let memory = WitnessMemory { directory: directory.into(), key, keys, logs };
        Folder::create(&pins::folder(memory.place())?)?;
        for origin in memory.logs.keys() {
            // A memory that cannot be read is noticed now, and not at the first request.
            pins::read(memory.place(), origin)?;
        }
        Ok(memory)
    }

    fn place(&self) -> Memory<'_> {
        Memory::Witness(self.key.verifier(), Some(&self.directory))
    }

    /// The key of this witness.
    pub(super) fn verifier(&self) -> &VerifierKey {
        self.key.verifier()
    }

    /// A line for each log: what this witness remembers of it.
    pub(super) fn describe(&self) -> Result<Vec<String>, CommandError> {
        let describe = |origin: &String| {
            let origin_shown = sanitise::text(origin);
            Ok(match pins::read(self.place(), origin)? {
                Some(pin) => format!("{origin_shown}: {} lines cosigned", pin.opened.checkpoint.size),
                None => {
                    format!("{origin_shown}: nothing is remembered, its first checkpoint will be cosigned")
                }
            })
        };
        self.logs.keys().map(describe).collect()
    }

    /// Returns the checkpoint that this witness cosigned last, by the SHA-256 of the log's origin.
    pub(super) fn latest(&self, origin_digest: &str) -> Result<Option<String>, CommandError> {
        let known = self.logs.keys().find(|origin| ledger::sha256(origin.as_bytes()).hex() == origin_digest);
        let Some(origin) = known else { return Ok(None) };
        Ok(pins::read(self.place(), origin)?.map(|pin| pin.note()))
    }

    /// Cosigns a checkpoint that continues the last one. It is on disk before this returns.
    ///
    /// An error is one of the disk: what is remembered is then unknown, and the witness must end.
    pub(super) fn add(&self, request: &AddCheckpoint) -> Result<Answer, CommandError> {
        let new = match request.authenticate(&self.keys) {
            Ok(new) => new,
            Err(refused) => return Ok(Answer::Refused(refused)),
        };
        let Some(turn) = self.logs.get(&new.checkpoint.origin) else {
            return Ok(Answer::Refused(Refused::UnknownLog));
        };
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let pin = pins::read(self.place(), &new.checkpoint.origin)?;
            let last = pin.as_ref().map(|pin| &pin.opened.checkpoint);
            if let Err(refused) = request.check(&new.checkpoint, last) {
                self.keep_evidence(&new, last, &refused)?;
                return Ok(Answer::Refused(refused));
            }
            let time = u64::try_from(environment::now()).unwrap_or_default();
            let cosignature = self.key.sign(&new.checkpoint.text(), time);
            let note = format!("{}{cosignature}", own_signatures(&new, &self.keys));
            let of_log = self.keys.iter().find(|key| key.name() == new.checkpoint.origin);
            match pins::advance(self.place(), pin.as_ref(), &new, of_log, note.as_bytes()) {
                Ok(_) => return Ok(Answer::Cosigned(cosignature)),
                Err(error) => {
                    // Another process with the same memory, such as `checkpoint cosign`, came first: the new state decides.
                    let now = pins::read(self.place(), &new.checkpoint.origin)?;
                    if now.as_ref().map(|pin| &pin.opened.checkpoint) == last {
                        return Err(error);
                    }
                }
            }
        }
    }

    /// Keeps a signed checkpoint that contradicts the last one, once for each log: together they prove a fork.
    fn keep_evidence(
        &self,
        new: &Opened,
        last: Option<&Checkpoint>,
        refused: &Refused,
    ) -> Result<(), CommandError> {
        let is_evidence = matches!(refused, Refused::Inconsistent | Refused::Conflict { is_fork: true, .. });
        if !is_evidence || last.is_none() {
            return Ok(());
        }
        let origin = &new.checkpoint.origin;
        let name = format!("{}.refused", &ledger::sha256(origin.as_bytes()).hex()[..32]);
        let folder = Folder::open(&pins::folder(self.place())?)?;
        if folder.length(&name)?.is_none() {
            folder.replace(&name, own_signatures(new, &self.keys).as_bytes())?;
        }
        Ok(())
    }
}

/// The note with the signatures of these keys alone: others could be anything, and as many as fit.
fn own_signatures(opened: &Opened, keys: &[VerifierKey]) -> String {
    let signatures = opened.note.iter().flat_map(|note| &note.signatures);
    let known =
        signatures.filter(|line| keys.iter().any(|key| key.name() == line.name && key.id() == line.id));
    let lines: String = known.map(ToString::to_string).collect();
    format!("{}\n{lines}", opened.checkpoint.text())
}
