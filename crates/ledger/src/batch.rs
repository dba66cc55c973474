//! A batch: lines made behind what stands, each held to what may follow, and none of them written yet.

use snapshot::{Error, Result};
use tlog::{Checkpoint, Hash, SigningKey};

use crate::files::{self, CHECKPOINT, Files, LOG_KEY, SEGMENT, segment_name};
use crate::{Draft, Event, Place, Read, Refusal, RefusalKind};

/// A ledger as it was read, and the lines that were made since.
pub struct Batch {
    /// The ledger, the made lines included.
    pub read: Read,
    /// The made lines, without line feeds.
    pub lines: Vec<String>,
}

impl Batch {
    /// Starts behind a ledger.
    #[must_use]
    pub fn new(read: Read) -> Batch {
        Batch { read, lines: Vec::new() }
    }

    /// Makes a line behind the identity's last one. What is refused leaves no trace.
    ///
    /// # Errors
    /// When the step is not allowed.
    pub fn make(&mut self, draft: &Draft) -> std::result::Result<Hash, Refusal> {
        let prev = self.read.machine.prev(draft.subject).filter(|_| !draft.kind.begins());
        let missing = prev.is_none() && !draft.kind.begins();
        let line = draft.line(prev.or(missing.then(Hash::empty)).as_ref());
        let leaf = self.take(&line)?;
        if let Some(src) = &draft.src {
            self.read.last_src = Some(src.clone());
            self.read.last_time = draft.time;
        }
        Ok(leaf)
    }

    /// Takes a line as it stands: one by hand, which nobody derives.
    ///
    /// # Errors
    /// When it cannot be read, or the step is not allowed.
    pub fn take(&mut self, line: &str) -> std::result::Result<Hash, Refusal> {
        let event = Event::read(line.as_bytes()).map_err(|flaw| Refusal {
            kind: RefusalKind::Illegal,
            message: format!("the event cannot be written: {}", flaw.message),
            because_of: None,
        })?;
        let leaf = Hash::leaf(line.as_bytes());
        self.read.machine.step(self.read.size(), &event, leaf)?;
        self.read.frontier.push(leaf);
        self.read.last_kind = Some(event.kind);
        self.lines.push(line.into());
        Ok(leaf)
    }

    /// Returns the made lines as bytes, a piece a segment, each with the place where it stands.
    pub(crate) fn pieces(&self) -> Vec<(Place, Vec<u8>)> {
        let mut at = self.read.size() - self.lines.len() as u64;
        let mut lines = self.lines.as_slice();
        let mut pieces = Vec::new();
        while !lines.is_empty() {
            let segment = at / SEGMENT;
            let offset = if segment == self.read.end.segment { self.read.end.offset } else { 0 };
            let room = usize::try_from(SEGMENT - at % SEGMENT).unwrap_or(usize::MAX);
            let (now, later) = lines.split_at(room.min(lines.len()));
            let bytes = now.iter().flat_map(|line| [line.as_bytes(), b"\n"]).collect::<Vec<_>>().concat();
            pieces.push((Place { segment, offset }, bytes));
            at += now.len() as u64;
            lines = later;
        }
        pieces
    }

    /// Returns the checkpoint that covers every line.
    ///
    /// # Errors
    /// When the key that signs the log is not among `keys`.
    pub(crate) fn checkpoint(&self, origin: &str, keys: &[&SigningKey]) -> Result<Checkpoint> {
        let log_key = self.read.machine.log().and_then(|log| log.key.as_ref());
        if let Some(key) = log_key.filter(|key| !keys.iter().any(|signing| signing.verifier() == *key)) {
            return Err(Error::Refused {
                what: format!("the log is signed by {key}, and that key is not at hand"),
                help: "give it: --key-file FILE, or the variable ID_GUARD_LOG_KEY".into(),
            });
        }
        Ok(Checkpoint {
            origin: origin.into(),
            size: self.read.size(),
            root: self.read.frontier.root(),
            extensions: Vec::new(),
        })
    }

    /// Returns the ledger's files that the made lines change, whole, as they are to stand; none where no line was made.
    ///
    /// # Errors
    /// When the log's key is not at hand, or the ledger as it stands is not what was read.
    pub fn files(
        &self,
        files: &dyn Files,
        origin: &str,
        keys: &[&SigningKey],
    ) -> Result<Vec<(String, Vec<u8>)>> {
        if self.lines.is_empty() {
            return Ok(Vec::new());
        }
        let checkpoint = self.checkpoint(origin, keys)?;
        let mut changed = Vec::new();
        for (place, bytes) in self.pieces() {
            let stands = files::segment(files, place.segment)?.unwrap_or_default();
            if stands.len() as u64 != place.offset {
                return Err(Error::Refused {
                    what: format!(
                        "{} holds lines that its checkpoint does not cover",
                        segment_name(place.segment)
                    ),
                    help: "id-ledger verify tells everything that is wrong".into(),
                });
            }
            changed.push((segment_name(place.segment), [stands, bytes].concat()));
        }
        changed.push((CHECKPOINT.into(), checkpoint.sign(keys).into_bytes()));
        if let Some(key) = self.read.machine.log().and_then(|log| log.key.as_ref()) {
            changed.push((LOG_KEY.into(), format!("{key}\n").into_bytes()));
        }
        Ok(changed)
    }
}
