//! A batch: lines that were validated and appended in memory, but are not yet written.

use snapshot::{Error, Result};
use tlog::{Checkpoint, Hash, SigningKey};

use crate::files::{self, CHECKPOINT, Files, LOG_KEY, SEGMENT, segment_name};
use crate::{Draft, Event, LoadedLedger, Position, Refusal, RefusalKind};

/// A loaded ledger, and the lines appended since.
pub struct Batch {
    /// The ledger, including the appended lines.
    pub read: LoadedLedger,
    /// The appended lines, without newlines.
    pub lines: Vec<String>,
}

impl Batch {
    /// Starts a batch after the last line of a ledger.
    #[must_use]
    pub fn new(read: LoadedLedger) -> Batch {
        Batch { read, lines: Vec::new() }
    }

    /// Appends a line for an event, with the leaf hash of the identity's last line as `prev`. A refused event changes nothing.
    ///
    /// # Errors
    /// When the event is not allowed.
    pub fn append(&mut self, draft: &Draft) -> std::result::Result<Hash, Refusal> {
        let prev = self.read.machine.prev(draft.subject).filter(|_| !draft.kind.is_first());
        let missing = prev.is_none() && !draft.kind.is_first();
        let line = draft.line(prev.or(missing.then(Hash::empty)).as_ref());
        let leaf = self.append_line(&line)?;
        if let Some(src) = &draft.src {
            self.read.last_src = Some(src.clone());
            self.read.last_time = draft.time;
        }
        Ok(leaf)
    }

    /// Appends an existing line unchanged, such as one that was appended manually.
    ///
    /// # Errors
    /// When the line is invalid, or the event is not allowed.
    pub fn append_line(&mut self, line: &str) -> std::result::Result<Hash, Refusal> {
        let event = Event::read(line.as_bytes()).map_err(|problem| Refusal {
            kind: RefusalKind::Illegal,
            message: format!("invalid event: {}", problem.message),
            because_of: None,
        })?;
        let leaf = Hash::leaf(line.as_bytes());
        self.read.machine.apply(self.read.size(), &event, leaf)?;
        self.read.frontier.push(leaf);
        self.read.last_kind = Some(event.kind);
        self.lines.push(line.into());
        Ok(leaf)
    }

    /// Returns the bytes of the appended lines, one piece per segment, each with the position where it belongs.
    pub(crate) fn pieces(&self) -> Vec<(Position, Vec<u8>)> {
        self.pieces_from(self.read.end)
    }

    /// Returns the same pieces for lines that begin at `end`.
    pub(crate) fn pieces_from(&self, end: Position) -> Vec<(Position, Vec<u8>)> {
        let mut at = self.read.size() - self.lines.len() as u64;
        let mut lines = self.lines.as_slice();
        let mut pieces = Vec::new();
        while !lines.is_empty() {
            let segment = at / SEGMENT;
            let offset = if segment == end.segment { end.offset } else { 0 };
            let room = usize::try_from(SEGMENT - at % SEGMENT).unwrap_or(usize::MAX);
            let (now, later) = lines.split_at(room.min(lines.len()));
            let bytes = now.iter().flat_map(|line| [line.as_bytes(), b"\n"]).collect::<Vec<_>>().concat();
            pieces.push((Position { segment, offset }, bytes));
            at += now.len() as u64;
            lines = later;
        }
        pieces
    }

    /// Returns the checkpoint that covers every line.
    ///
    /// # Errors
    /// When the signing key of the log is not in `keys`.
    pub(crate) fn checkpoint(&self, origin: &str, keys: &[&SigningKey]) -> Result<Checkpoint> {
        let log_key = self.read.machine.log().and_then(|log| log.key.as_ref());
        if let Some(key) = log_key.filter(|key| !keys.iter().any(|signing| signing.verifier() == *key)) {
            return Err(Error::Refused {
                what: format!("missing signing key: the log is signed by {key}"),
                help: "pass the key's file with the option --key-file, or set ID_GUARD_LOG_KEY".into(),
            });
        }
        Ok(Checkpoint {
            origin: origin.into(),
            size: self.read.size(),
            root: self.read.frontier.root(),
            extensions: Vec::new(),
        })
    }

    /// Returns the full new content of the ledger files that the appended lines change; none if no line was appended.
    ///
    /// What an interrupted append left after the committed lines is cut.
    ///
    /// # Errors
    /// When the signing key of the log is missing, or the files changed since they were read.
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
        for (position, bytes) in self.pieces() {
            let mut existing = files::segment(files, position.segment)?.unwrap_or_default();
            let end = usize::try_from(position.offset).unwrap_or(usize::MAX);
            if existing.len() < end {
                return Err(Error::Refused {
                    what: format!("{} became shorter while it was read", segment_name(position.segment)),
                    help: "run it again".into(),
                });
            }
            existing.truncate(end);
            changed.push((segment_name(position.segment), [existing, bytes].concat()));
        }
        changed.push((CHECKPOINT.into(), checkpoint.sign(keys).into_bytes()));
        if let Some(key) = self.read.machine.log().and_then(|log| log.key.as_ref()) {
            changed.push((LOG_KEY.into(), format!("{key}\n").into_bytes()));
        }
        Ok(changed)
    }
}
