//! Reading a ledger from its first line: tree, states, and everything that is not as it must be.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use rayon::prelude::*;
use snapshot::Result;
use tlog::{Frontier, Hash, Opened, Trust, VerifierKey};

use crate::files::{self, Files, LOG_KEY, SEGMENT, segment_name};
use crate::lines::spans;
use crate::{Discipline, Event, EventType, Flaw, Machine, RefusalKind, attestation, sha256};

/// The most faults that are told: what follows a broken line is mostly its echo.
const MOST_FAULTS: usize = 100;

/// How many lines are read before what they say is taken in: enough for every core, few enough to stay in its cache.
const CHUNK: usize = 1024;

/// What is wrong with a ledger.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind of mistake it is.
    pub kind: FaultKind,
    /// The file in the ledger's folder.
    pub file: String,
    /// The line of the log, from 0, where it is one's.
    pub line: Option<u64>,
    /// The bytes at fault, from the beginning of the file.
    pub span: Range<usize>,
    /// What is wrong: lower case, no closing full stop.
    pub message: String,
    /// The line that forbids it.
    pub because_of: Option<u64>,
}

/// The kinds of mistakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// A line is not canonical, or not as its schema says.
    LineInvalid,
    /// A line does not stand behind its identity's last one.
    Order,
    /// A line speaks of an identity that no line created.
    UnknownSubject,
    /// A line tells a step that the identity cannot take.
    IllegalTransition,
    /// The checkpoint is not the one of these lines.
    CheckpointMismatch,
    /// The checkpoint is not signed by those who must have signed it.
    CheckpointUntrusted,
    /// The checkpoint does not continue an earlier one.
    CheckpointNotAncestor,
    /// A line is not what the history says.
    NotDerivable,
}

/// A place between two lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Place {
    /// The segment.
    pub segment: u64,
    /// The byte in it.
    pub offset: u64,
}

/// A line as it is handed to whoever reads along.
pub struct Line<'l> {
    /// Its number, from 0.
    pub number: u64,
    /// Its bytes, the line feed left out.
    pub bytes: &'l [u8],
    /// Where it begins.
    pub place: Place,
    /// Its leaf hash.
    pub leaf: Hash,
    /// What it says.
    pub event: std::result::Result<&'l Event<'l>, &'l Flaw>,
}

/// A ledger that was read.
pub struct Read {
    /// The states after the last line that counts.
    pub machine: Machine,
    /// The tree of the lines that count.
    pub frontier: Frontier,
    /// The end of the lines that count.
    pub end: Place,
    /// How many bytes stand behind them: of an append that never ended. Readers ignore them.
    pub tail: u64,
    /// The roots that were asked for, by size; those past the end are missing.
    pub roots: BTreeMap<u64, Hash>,
    /// The checkpoint, where there is one that can be read.
    pub checkpoint: Option<Opened>,
    /// The commit that the last derived line is derived from.
    pub last_src: Option<String>,
    /// When that was, in seconds since 1970.
    pub last_time: i64,
    /// What the last line tells.
    pub last_kind: Option<EventType>,
    /// Everything that is wrong.
    pub faults: Vec<Fault>,
}

impl Read {
    /// Returns how many lines count.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }
}

/// How a ledger is read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What policy lets the lines do from one on: those before it were held to the policy of their own time.
    pub news: Option<(u64, Discipline)>,
    /// The sizes whose roots are wanted.
    pub sizes: BTreeSet<u64>,
    /// Whether every line counts, and not only those that the checkpoint covers: of a ledger that is being judged.
    pub whole: bool,
}

impl Reading {
    /// Reads a ledger from its first line, and hands each line that counts to `each`.
    ///
    /// # Errors
    /// When a file cannot be read. What is wrong with the ledger itself is told as faults.
    pub fn read(&self, files: &dyn Files, each: &mut dyn FnMut(&Line<'_>, &Machine)) -> Result<Read> {
        let mut run = Run {
            files,
            reading: self,
            each,
            read: Read {
                machine: Machine::new(Discipline::of_the_past()),
                frontier: Frontier::default(),
                end: Place::default(),
                tail: 0,
                roots: BTreeMap::new(),
                checkpoint: None,
                last_src: None,
                last_time: 0,
                last_kind: None,
                faults: Vec::new(),
            },
        };
        run.checkpoint(files)?;
        run.note_root();
        let committed = run.committed();
        let mut number = 0;
        while let Some(bytes) = files::segment(files, number)? {
            run.segment(number, &bytes, committed)?;
            number += 1;
        }
        // What lies behind a gap is read by nobody, and told to everybody.
        let behind = files
            .names()?
            .into_iter()
            .filter(|name| files::segment_number(name).is_some_and(|other| other >= number));
        for name in behind {
            run.read.tail += 1;
            if self.whole {
                run.broken(
                    &name,
                    format!("{name} stands behind a gap: there is no {}", segment_name(number)),
                );
            }
        }
        run.hold_checkpoint(files)?;
        Ok(run.read)
    }
}

struct Run<'r> {
    files: &'r dyn Files,
    reading: &'r Reading,
    each: &'r mut dyn FnMut(&Line<'_>, &Machine),
    read: Read,
}

impl Run<'_> {
    fn fault(&mut self, fault: Fault) {
        if self.read.faults.len() < MOST_FAULTS {
            self.read.faults.push(fault);
        }
    }

    /// Something wrong with the checkpoint.
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
        match files::checkpoint(files)?.map(|bytes| tlog::open(&bytes)) {
            None => {}
            Some(Ok(opened)) => self.read.checkpoint = Some(opened),
            Some(Err(error)) => self.mismatch(files::CHECKPOINT, error.to_string()),
        }
        Ok(())
    }

    /// How many lines count: those that the checkpoint covers.
    fn committed(&self) -> u64 {
        match &self.read.checkpoint {
            _ if self.reading.whole => u64::MAX,
            Some(opened) => opened.checkpoint.size,
            None => 0,
        }
    }

    /// Notes the root of the size at hand, where somebody wants it.
    fn note_root(&mut self) {
        let size = self.read.frontier.size();
        let of_checkpoint =
            self.read.checkpoint.as_ref().is_some_and(|opened| opened.checkpoint.size == size);
        if of_checkpoint || self.reading.sizes.contains(&size) {
            self.read.roots.insert(size, self.read.frontier.root());
        }
    }

    fn segment(&mut self, number: u64, bytes: &[u8], committed: u64) -> Result<()> {
        let name = segment_name(number);
        let size = self.read.frontier.size();
        if size != number * SEGMENT {
            // Lines behind the committed end, or behind a segment that is not full, count for nothing.
            self.read.tail += bytes.len() as u64;
            if size < committed {
                self.broken(&name, format!("the segment before {name} has not {SEGMENT} lines"));
            }
            return Ok(());
        }
        let most = usize::try_from(committed - size).unwrap_or(usize::MAX);
        let spans = spans(bytes, most);
        for part in spans.chunks(CHUNK) {
            let lines: Vec<(Hash, std::result::Result<Event<'_>, Flaw>)> = part
                .par_iter()
                .with_min_len(256)
                .map(|span| (Hash::leaf(&bytes[span.clone()]), Event::read(&bytes[span.clone()])))
                .collect();
            for (span, (leaf, event)) in part.iter().zip(&lines) {
                self.line(number, &name, bytes, span, *leaf, event.as_ref())?;
            }
        }
        let end = spans.last().map_or(0, |span| span.end + 1);
        self.read.end = Place { segment: number, offset: end as u64 };
        let rest = bytes.len() - end;
        self.read.tail += rest as u64;
        if self.reading.whole && rest > 0 {
            let full = spans.len() as u64 == SEGMENT;
            let message = if full {
                format!("a segment has {SEGMENT} lines, and more stands behind them")
            } else {
                "the last line has no line feed: an append that never ended".into()
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
        event: std::result::Result<&Event<'_>, &Flaw>,
    ) -> Result<()> {
        let number = self.read.frontier.size();
        let fault = match event {
            Err(flaw) => Some((
                FaultKind::LineInvalid,
                span.start + flaw.span.start..span.start + flaw.span.end,
                flaw.message.clone(),
                None,
            )),
            Ok(event) => {
                if let Some(src) = event.src {
                    self.read.last_src = Some(src.into());
                    self.read.last_time = event.time;
                }
                self.read.last_kind = Some(event.kind);
                if let Some((_, discipline)) = self.reading.news.as_ref().filter(|(from, _)| *from == number)
                {
                    self.read.machine.discipline = discipline.clone();
                }
                if let Some(message) = self.unattested(event)? {
                    self.fault(Fault {
                        kind: FaultKind::LineInvalid,
                        file: name.into(),
                        line: Some(number),
                        span: span.clone(),
                        message,
                        because_of: None,
                    });
                }
                let refusal = self.read.machine.step(number, event, leaf).err();
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
        let place = Place { segment, offset: span.start as u64 };
        (self.each)(&Line { number, bytes: &bytes[span.clone()], place, leaf, event }, &self.read.machine);
        self.read.frontier.push(leaf);
        self.note_root();
        Ok(())
    }

    /// What is wrong with the attestation that a line names.
    fn unattested(&self, event: &Event<'_>) -> Result<Option<String>> {
        let Some(att) = event.att.filter(|_| self.reading.whole) else { return Ok(None) };
        let text = self.files.read(&format!("att/{}.json", att.hex()), attestation::LARGEST)?;
        let Some(text) = text.filter(|text| sha256(text) == att) else {
            return Ok(Some(format!("the attestation {} is not there", att.hex())));
        };
        let digest = attestation::subject(event.kind, event.subject, &event.payload());
        Ok(attestation::hold(&text, &digest, event.kind, &self.read.machine.discipline).err())
    }

    /// The checkpoint is that of these lines, and signed by the key that the lines name.
    fn hold_checkpoint(&mut self, files: &dyn Files) -> Result<()> {
        let size = self.read.frontier.size();
        let Some(opened) = self.read.checkpoint.clone() else {
            let any = size > 0 || self.read.tail > 0;
            if any && self.read.faults.is_empty() {
                self.mismatch(
                    files::CHECKPOINT,
                    "there are lines, and no checkpoint that covers them".into(),
                );
            }
            return Ok(());
        };
        let checkpoint = &opened.checkpoint;
        match self.read.roots.get(&checkpoint.size) {
            None => self.mismatch(
                files::CHECKPOINT,
                format!(
                    "the ledger has {size} lines, and the checkpoint covers {}: lines were lost",
                    checkpoint.size
                ),
            ),
            Some(root) if *root != checkpoint.root => self.mismatch(
                files::CHECKPOINT,
                format!(
                    "the first {} lines have the root {root}, and the checkpoint says {}: lines were changed",
                    checkpoint.size, checkpoint.root
                ),
            ),
            Some(_) if self.reading.whole && size > checkpoint.size => self.mismatch(
                files::CHECKPOINT,
                format!("the ledger has {size} lines, and the checkpoint covers {}", checkpoint.size),
            ),
            Some(_) => {}
        }
        let Some(log) = self.read.machine.log().cloned() else { return Ok(()) };
        if log.origin != checkpoint.origin {
            let message =
                format!("the checkpoint is of {}, and the log is {}", checkpoint.origin, log.origin);
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
        // The copy is written last: where an append ended before it, it is missing, or names the key before.
        let lags = written.is_none() || log.keys.iter().any(|(key, _)| is_of(key));
        if !is_of(&key) && (self.reading.whole || !lags) {
            let message = match written {
                None => "the copy of the log's key is missing",
                Some(_) => "this is not the key that the log's own lines name",
            };
            self.mismatch(LOG_KEY, message.into());
        }
        Ok(())
    }
}
