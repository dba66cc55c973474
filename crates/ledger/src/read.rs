//! Reading a ledger from its first line: the tree, the states, and all faults.

pub(crate) mod scan;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use artifact::Problem;
use rayon::prelude::*;
use snapshot::Result;
use tlog::{Frontier, Hash, Opened, Trust, VerifierKey};

use crate::files::{self, Files, LOG_KEY, SEGMENT, segment_name};
use crate::lines::spans;
use crate::{Discipline, Event, EventType, Machine, RefusalKind, attestation, sha256};

/// The number of faults that are reported: most faults after an invalid line are only consequences of it.
const MAX_FAULTS: usize = 100;

/// The number of lines that are parsed in parallel before they are applied: enough for every core, few enough for its cache.
const LINES_PER_CHUNK: usize = 1024;

/// A fault of a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The kind of fault.
    pub kind: FaultKind,
    /// The file name in the ledger directory.
    pub file: String,
    /// The line number in the log, from 0, if the fault concerns a line.
    pub line: Option<u64>,
    /// The bytes at fault, as offsets in the file.
    pub span: Range<usize>,
    /// The message: lower case, no closing full stop.
    pub message: String,
    /// The line that conflicts with it.
    pub because_of: Option<u64>,
}

/// The kinds of faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// A line is not canonical, or does not match its schema.
    LineInvalid,
    /// `prev` of a line is not the last line of its identity.
    Order,
    /// A line names an identity that no earlier line created.
    UnknownSubject,
    /// The state of the identity does not allow the event.
    IllegalTransition,
    /// The checkpoint does not match the lines.
    CheckpointMismatch,
    /// A required signature of the checkpoint is missing or invalid.
    CheckpointUntrusted,
    /// The checkpoint does not extend an earlier one.
    CheckpointNotAncestor,
    /// A line cannot be derived from the commit history.
    NotDerivable,
}

/// A position between two lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Position {
    /// The segment.
    pub segment: u64,
    /// The byte offset in the segment.
    pub offset: u64,
}

/// A line, as passed to the callback of a reader.
pub struct Line<'l> {
    /// Its number, from 0.
    pub number: u64,
    /// Its bytes, without the newline.
    pub bytes: &'l [u8],
    /// The position of its first byte.
    pub position: Position,
    /// Its leaf hash.
    pub leaf: Hash,
    /// The event, or why the line is invalid.
    pub event: std::result::Result<&'l Event<'l>, &'l Problem>,
}

/// A ledger that was read, with its state and its faults.
pub struct LoadedLedger {
    /// The states after the last committed line.
    pub machine: Machine,
    /// The tree of the committed lines.
    pub frontier: Frontier,
    /// The end of the committed lines.
    pub end: Position,
    /// The number of bytes after them, left by an interrupted append. Readers ignore them.
    pub tail: u64,
    /// The requested root hashes, by size; sizes beyond the end are missing.
    pub roots: BTreeMap<u64, Hash>,
    /// The checkpoint, if it exists and can be read.
    pub checkpoint: Option<Opened>,
    /// The source commit of the last derived line.
    pub last_src: Option<String>,
    /// The time of that line, in seconds since 1970.
    pub last_time: i64,
    /// The event type of the last line.
    pub last_kind: Option<EventType>,
    /// All faults.
    pub faults: Vec<Fault>,
}

impl LoadedLedger {
    /// Returns a ledger of which nothing was read yet.
    fn empty() -> LoadedLedger {
        LoadedLedger {
            machine: Machine::new(Discipline::for_recorded_lines()),
            frontier: Frontier::default(),
            end: Position::default(),
            tail: 0,
            roots: BTreeMap::new(),
            checkpoint: None,
            last_src: None,
            last_time: 0,
            last_kind: None,
            faults: Vec::new(),
        }
    }

    /// Returns the number of committed lines.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }
}

/// Options for reading a ledger.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// The first new line and the policy settings for new lines. The policy of their own time applied to the lines before it.
    pub new_lines: Option<(u64, Discipline)>,
    /// The sizes whose root hashes are requested.
    pub sizes: BTreeSet<u64>,
    /// Whether all lines are read, and not only those that the checkpoint covers: true if the ledger itself is checked.
    pub whole: bool,
    /// Whether a ledger that is checked may have an uncommitted tail: the next writer cuts it.
    pub ignores_tail: bool,
}

impl ReadOptions {
    /// Reads a ledger from its first line, and passes each committed line to `each`.
    ///
    /// # Errors
    /// When a file cannot be read. Problems of the ledger itself are reported as faults.
    pub fn read(&self, files: &dyn Files, each: &mut dyn FnMut(&Line<'_>, &Machine)) -> Result<LoadedLedger> {
        let mut run = Run { files, options: self, each, read: LoadedLedger::empty() };
        run.checkpoint(files)?;
        run.note_root();
        let committed = run.committed();
        let mut number = 0;
        while let Some(bytes) = files::segment(files, number)? {
            run.segment(number, &bytes, committed)?;
            number += 1;
        }
        // Segments after a gap are not read, only reported.
        let after_gap = files
            .names()?
            .into_iter()
            .filter(|name| files::segment_number(name).is_some_and(|other| other >= number));
        for name in after_gap {
            run.read.tail += 1;
            if self.whole && !self.ignores_tail {
                run.broken(
                    &name,
                    format!("{name} exists, but the segment before it is missing: {}", segment_name(number)),
                );
            }
        }
        run.verify_checkpoint(files)?;
        Ok(run.read)
    }
}

struct Run<'r> {
    files: &'r dyn Files,
    options: &'r ReadOptions,
    each: &'r mut dyn FnMut(&Line<'_>, &Machine),
    read: LoadedLedger,
}

impl Run<'_> {
    fn fault(&mut self, fault: Fault) {
        if self.read.faults.len() < MAX_FAULTS {
            self.read.faults.push(fault);
        }
    }

    /// Reports a fault of the checkpoint.
    fn mismatch(&mut self, file: &str, message: String) {
        self.fault(Fault {
            kind: FaultKind::CheckpointMismatch,
            file: file.into(),
            line: None,
            span: 0..0,
            message,
            because_of: None,
        });
    }

    fn checkpoint(&mut self, files: &dyn Files) -> Result<()> {
        match files::read_checkpoint(files)?.map(|bytes| tlog::open(&bytes)) {
            None => {}
            Some(Ok(opened)) => self.read.checkpoint = Some(opened),
            Some(Err(error)) => self.mismatch(files::CHECKPOINT, error.to_string()),
        }
        Ok(())
    }

    /// Returns the number of lines that the checkpoint covers.
    fn committed(&self) -> u64 {
        match &self.read.checkpoint {
            _ if self.options.whole && !self.options.ignores_tail => u64::MAX,
            Some(opened) => opened.checkpoint.size,
            None => 0,
        }
    }

    /// Stores the root hash at the current size, if it is requested.
    fn note_root(&mut self) {
        let size = self.read.frontier.size();
        let of_checkpoint =
            self.read.checkpoint.as_ref().is_some_and(|opened| opened.checkpoint.size == size);
        if of_checkpoint || self.options.sizes.contains(&size) {
            self.read.roots.insert(size, self.read.frontier.root());
        }
    }

    fn segment(&mut self, number: u64, bytes: &[u8], committed: u64) -> Result<()> {
        let name = segment_name(number);
        let size = self.read.frontier.size();
        if size != number * SEGMENT {
            // Lines after the committed end, or after a segment that is not full, are not read.
            self.read.tail += bytes.len() as u64;
            if size < committed {
                self.broken(&name, format!("the segment before {name} has fewer than {SEGMENT} lines"));
            }
            return Ok(());
        }
        let most = usize::try_from(committed - size).unwrap_or(usize::MAX);
        let spans = spans(bytes, most);
        for part in spans.chunks(LINES_PER_CHUNK) {
            let lines: Vec<(Hash, std::result::Result<Event<'_>, Problem>)> = part
                .par_iter()
                .with_min_len(256)
                .map(|span| (Hash::leaf(&bytes[span.clone()]), Event::read(&bytes[span.clone()])))
                .collect();
            for (span, (leaf, event)) in part.iter().zip(&lines) {
                self.line(number, &name, bytes, span, *leaf, event.as_ref())?;
            }
        }
        let end = spans.last().map_or(0, |span| span.end + 1);
        self.read.end = Position { segment: number, offset: end as u64 };
        let rest = bytes.len() - end;
        self.read.tail += rest as u64;
        if self.options.whole && !self.options.ignores_tail && rest > 0 {
            let full = spans.len() as u64 == SEGMENT;
            let message = if full {
                format!("unexpected content after the {SEGMENT} lines of the segment")
            } else {
                "the last line is incomplete (missing final newline)".into()
            };
            let line = self.read.frontier.size();
            self.fault(Fault {
                kind: FaultKind::LineInvalid,
                file: name,
                line: Some(line),
                span: end..bytes.len(),
                message,
                because_of: None,
            });
        }
        Ok(())
    }

    fn broken(&mut self, file: &str, message: String) {
        self.fault(Fault {
            kind: FaultKind::LineInvalid,
            file: file.into(),
            line: None,
            span: 0..0,
            message,
            because_of: None,
        });
    }

    fn line(
        &mut self,
        segment: u64,
        name: &str,
        bytes: &[u8],
        span: &Range<usize>,
        leaf: Hash,
        event: std::result::Result<&Event<'_>, &Problem>,
    ) -> Result<()> {
        let number = self.read.frontier.size();
        let fault = match event {
            Err(problem) => Some((
                FaultKind::LineInvalid,
                span.start + problem.span.start..span.start + problem.span.end,
                problem.message.clone(),
                None,
            )),
            Ok(event) => {
                if let Some(src) = event.src {
                    self.read.last_src = Some(src.into());
                    self.read.last_time = event.time;
                }
                self.read.last_kind = Some(event.kind);
                if let Some((_, discipline)) =
                    self.options.new_lines.as_ref().filter(|(from, _)| *from == number)
                {
                    self.read.machine.discipline = discipline.clone();
                }
                if let Some(message) = self.attestation_problem(event)? {
                    self.fault(Fault {
                        kind: FaultKind::LineInvalid,
                        file: name.into(),
                        line: Some(number),
                        span: span.clone(),
                        message,
                        because_of: None,
                    });
                }
                let refusal = self.read.machine.apply(number, event, leaf).err();
                if refusal.is_some() {
                    self.read.machine.resume(event.subject, number, leaf);
                }
                refusal.map(|refusal| {
                    let kind = match refusal.kind {
                        RefusalKind::Order => FaultKind::Order,
                        RefusalKind::UnknownSubject => FaultKind::UnknownSubject,
                        RefusalKind::Illegal => FaultKind::IllegalTransition,
                    };
                    (kind, span.clone(), refusal.message, refusal.because_of)
                })
            }
        };
        if let Some((kind, span, message, because_of)) = fault {
            self.fault(Fault { kind, file: name.into(), line: Some(number), span, message, because_of });
        }
        let position = Position { segment, offset: span.start as u64 };
        (self.each)(&Line { number, bytes: &bytes[span.clone()], position, leaf, event }, &self.read.machine);
        self.read.frontier.push(leaf);
        self.note_root();
        Ok(())
    }

    /// Returns why the attestation of an event is missing or invalid.
    fn attestation_problem(&self, event: &Event<'_>) -> Result<Option<String>> {
        let Some(att) = event.att.filter(|_| self.options.whole) else { return Ok(None) };
        let text = self.files.read(&format!("att/{}.json", att.hex()), attestation::MAX_ENVELOPE_BYTES)?;
        let Some(text) = text.filter(|text| sha256(text) == att) else {
            return Ok(Some(format!("missing attestation: .ledger/att/{}.json", att.hex())));
        };
        let digest = attestation::subject(event.kind, event.subject, &event.payload());
        Ok(attestation::verify(&text, &digest, event.kind, &self.read.machine.discipline)
            .err()
            .map(|error| error.to_string()))
    }

    /// Verifies that the checkpoint matches the lines and is signed by the key that the lines name.
    fn verify_checkpoint(&mut self, files: &dyn Files) -> Result<()> {
        let size = self.read.frontier.size();
        let Some(opened) = self.read.checkpoint.clone() else {
            let any = size > 0 || self.read.tail > 0;
            if any && self.read.faults.is_empty() {
                self.mismatch(files::CHECKPOINT, "the ledger has lines, but no checkpoint".into());
            }
            return Ok(());
        };
        let checkpoint = &opened.checkpoint;
        match self.read.roots.get(&checkpoint.size) {
            None => self.mismatch(
                files::CHECKPOINT,
                format!(
                    "the checkpoint covers {} lines, but the ledger has only {size}: lines were lost",
                    checkpoint.size
                ),
            ),
            Some(root) if *root != checkpoint.root => self.mismatch(
                files::CHECKPOINT,
                format!(
                    "the first {} lines have the root {root}, but the checkpoint has {}: lines were changed",
                    checkpoint.size, checkpoint.root
                ),
            ),
            Some(_) if self.options.whole && size > checkpoint.size => self.mismatch(
                files::CHECKPOINT,
                format!("the ledger has {size} lines, but the checkpoint covers only {}", checkpoint.size),
            ),
            Some(_) => {}
        }
        let Some(log) = self.read.machine.log().cloned() else { return Ok(()) };
        if log.origin != checkpoint.origin {
            let message =
                format!("checkpoint origin {} does not match log origin {}", checkpoint.origin, log.origin);
            self.mismatch(files::CHECKPOINT, message);
        }
        let Some(key) = log.key else { return Ok(()) };
        if let Err(error) = Trust::log(key.clone()).verify(&opened) {
            self.mismatch(files::CHECKPOINT, error.to_string());
            if let Some(fault) = self.read.faults.last_mut() {
                fault.kind = FaultKind::CheckpointUntrusted;
            }
        }
        let written = files.read(LOG_KEY, 4096)?;
        let is_of = |key: &VerifierKey| written.as_deref() == Some(format!("{key}\n").as_bytes());
        // The copy is written last: after an interrupted append it is missing, or is an earlier key.
        let lags = written.is_none() || log.keys.iter().any(|(key, _)| is_of(key));
        if !is_of(&key) && (self.options.whole || !lags) {
            let message = match written {
                None => "the copy of the log key is missing",
                Some(_) => "the file contains another key than the lines of the log",
            };
            self.mismatch(LOG_KEY, message.into());
        }
        Ok(())
    }
}
