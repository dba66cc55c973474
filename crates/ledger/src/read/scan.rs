//! Reading a ledger without keeping it: every committed line is hashed, and only the lines of the log and of selected identities are parsed.
//!
//! The memory that is needed is that of one segment and of the selected identities, however long the ledger is.

use artifact::Ulid;
use memchr::memmem;
use snapshot::Result;
use tlog::Hash;

use super::{Fault, FaultKind, LoadedLedger, ReadOptions, Run};
use crate::files::{self, Files, SEGMENT, segment_name};
use crate::lines::{grow, leaves, spans};
use crate::{Discipline, Event, EventType, Machine, RefusalKind};

/// Selects identities.
pub type Selection<'s> = dyn Fn(Ulid) -> bool + 's;

/// Verifies the committed lines against their checkpoint; only the state of selected identities is built.
///
/// Each line is passed on with its number, from 0, and its leaf hash, in order. Whether the lines of other identities are valid is not checked: the root
/// shows whether they are the lines that the writer committed.
///
/// # Errors
/// When a file cannot be read. Problems of the ledger itself are reported as faults.
pub fn scan(
    files: &dyn Files,
    selects: &Selection<'_>,
    each: &mut dyn FnMut(u64, &[u8], Hash),
) -> Result<LoadedLedger> {
    // Lines without a checkpoint are an error.
    files::checkpoint(files)?;
    let options = ReadOptions::default();
    let mut run = Run { files, options: &options, each: &mut |_, _| {}, read: LoadedLedger::empty() };
    run.checkpoint(files)?;
    run.note_root();
    let committed = run.committed();
    let mut number = 0;
    while run.read.frontier.size() < committed {
        let begin = run.read.frontier.size();
        let Some(bytes) = files::segment(files, number)?.filter(|_| begin == number * SEGMENT) else { break };
        let spans = spans(&bytes, usize::try_from(committed - begin).unwrap_or(usize::MAX));
        if spans.is_empty() {
            break;
        }
        let leaves = leaves(&bytes, &spans);
        for (at, (span, leaf)) in (begin..).zip(spans.iter().zip(&leaves)) {
            let line = &bytes[span.clone()];
            let is_selected = match subject(line) {
                Some(ulid) => selects(ulid),
                None => true,
            };
            if is_selected {
                run.selected(at, &segment_name(number), line, span.start, *leaf);
            }
            each(at, line, *leaf);
        }
        grow(&mut run.read.frontier, &leaves);
        number += 1;
    }
    run.note_root();
    run.verify_checkpoint(files)?;
    Ok(run.read)
}

/// Returns the identity of a line without parsing it. A quoted string contains no bare quote, so that no payload can contain the name of this field.
fn subject(line: &[u8]) -> Option<Ulid> {
    const FIELD: &[u8] = b"\"subject_ulid\":\"";
    let start = memmem::rfind(line, FIELD)? + FIELD.len();
    Ulid::parse(std::str::from_utf8(line.get(start..start + 26)?).ok()?).ok()
}

impl Run<'_> {
    /// Applies a line of the log, or of a selected identity.
    fn selected(&mut self, number: u64, file: &str, line: &[u8], start: usize, leaf: Hash) {
        let (kind, span, message, because_of) = match Event::read(line) {
            Err(problem) => {
                let span = start + problem.span.start..start + problem.span.end;
                (FaultKind::LineInvalid, span, problem.message, None)
            }
            Ok(event) => {
                self.read.last_kind = Some(event.kind);
                // The root of a seal covers all identities, and not all are here.
                if event.kind == EventType::Seal {
                    return self.read.machine.resume(None, number, leaf);
                }
                let Err(refusal) = self.read.machine.apply(number, &event, leaf) else { return };
                self.read.machine.resume(event.subject, number, leaf);
                let kind = match refusal.kind {
                    RefusalKind::Order => FaultKind::Order,
                    RefusalKind::UnknownSubject => FaultKind::UnknownSubject,
                    RefusalKind::Illegal => FaultKind::IllegalTransition,
                };
                (kind, start..start + line.len(), refusal.message, refusal.because_of)
            }
        };
        self.fault(Fault { kind, file: file.into(), line: Some(number), span, message, because_of });
    }
}

/// Builds the states of selected identities after the first `until` lines, which the caller verified with [`scan`].
///
/// # Errors
/// When a file cannot be read.
pub fn fold(files: &dyn Files, until: u64, selects: &Selection<'_>) -> Result<Machine> {
    let mut machine = Machine::new(Discipline::for_recorded_lines());
    for_each_line(files, 0, until, &mut |number, line| {
        if subject(line).is_some_and(|ulid| !selects(ulid)) {
            return;
        }
        let Ok(event) = Event::read(line) else { return };
        let leaf = Hash::leaf(line);
        // The root of a seal covers all identities, and not all are here.
        if event.kind == EventType::Seal || machine.apply(number, &event, leaf).is_err() {
            machine.resume(event.subject, number, leaf);
        }
    })?;
    Ok(machine)
}

/// Passes the lines `from..to` on in order, each with its number; only their segments are read. Returns whether all of them exist.
///
/// # Errors
/// When a file cannot be read.
pub fn for_each_line(
    files: &dyn Files,
    from: u64,
    to: u64,
    each: &mut dyn FnMut(u64, &[u8]),
) -> Result<bool> {
    let mut at = from;
    while at < to {
        let number = at / SEGMENT;
        let begin = number * SEGMENT;
        let Some(bytes) = files::segment(files, number)? else { return Ok(false) };
        let spans = spans(&bytes, usize::try_from(to - begin).unwrap_or(usize::MAX));
        let end = begin + spans.len() as u64;
        for (line, span) in (begin..).zip(spans).skip_while(|(line, _)| *line < at) {
            each(line, &bytes[span]);
        }
        let is_last = end < (begin + SEGMENT).min(to);
        if is_last {
            return Ok(false);
        }
        at = end;
    }
    Ok(true)
}

/// Returns whether a line contains the text of a ULID.
#[must_use]
pub fn mentions(line: &[u8], ulid: Ulid) -> bool {
    memmem::find(line, ulid.to_string().as_bytes()).is_some()
}

/// Finds the identity that has, or ever had, a key; lines are only searched, not verified.
///
/// # Errors
/// When a file cannot be read.
pub fn holder_of(files: &dyn Files, key: &str) -> Result<Option<Ulid>> {
    let quoted = format!("\"{key}\"");
    let finder = memmem::Finder::new(&quoted);
    let mut number = 0;
    while let Some(bytes) = files::segment(files, number)? {
        let mut at = 0;
        while let Some(found) = finder.find(&bytes[at..]).map(|found| at + found) {
            let start = memchr::memrchr(b'\n', &bytes[..found]).map_or(0, |end| end + 1);
            let end = memchr::memchr(b'\n', &bytes[found..]).map_or(bytes.len(), |length| found + length);
            at = end;
            let Ok(event) = Event::read(&bytes[start..end]) else { continue };
            let field = match event.kind {
                EventType::Create => "key",
                EventType::Rekey => "new_key",
                EventType::AliasAdd => "alias",
                _ => continue,
            };
            if event.text(field).as_deref() == Some(key) {
                return Ok(event.subject);
            }
        }
        number += 1;
    }
    Ok(None)
}
