//! A batch: lines made behind what stands, each held to what may follow, and none of them written yet.

use tlog::Hash;

use crate::{Draft, Event, Read, Refusal, RefusalKind};

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
}
