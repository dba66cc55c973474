//! The lines that a change brings, and what comes along with them.

use diagnostic::{Diagnostic, Location};
use ledger::files::{CHECKPOINT, FOLDER, InSnapshot, LOG_KEY, TRUST, segment_name, segment_number};
use ledger::{Batch, Event, EventType, Fault, FaultKind, Outcome, Reading};
use policy::LedgerMode;
use snapshot::{Change, Node, ObjectId, RepoPath, Result, Snapshot};
use tlog::{Trust, VerifierKey};

use super::{History, LedgerChange, discipline, disciplines, of_file, place, tell, tell_faults};
use crate::rule::LedgerMatter;

/// A line that a change brings.
struct Brought {
    bytes: Vec<u8>,
    fault: Fault,
    kind: Option<EventType>,
    src: Option<String>,
    time: i64,
    has_old_key: bool,
}

/// Judges what a change does to the files of the ledger.
pub(super) fn judge_lines(
    change: &LedgerChange<'_>,
    others: &[&Change],
    batch: Batch,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let stood = batch.read.size();
    let covered = batch.read.checkpoint.as_ref().map(|opened| opened.checkpoint.clone());
    let mut reading =
        Reading { news: Some((stood, discipline(change.policy))), whole: true, ..Reading::default() };
    reading.sizes.extend(covered.as_ref().map(|checkpoint| checkpoint.size));
    let files = InSnapshot(change.after);
    let mut brought: Vec<Brought> = Vec::new();
    let read = reading.read(&files, &mut |line, _| {
        if line.number >= stood {
            let start = usize::try_from(line.place.offset).unwrap_or_default();
            let fault = Fault {
                kind: FaultKind::NotDerivable,
                file: segment_name(line.place.segment),
                line: Some(line.number),
                span: start..start + line.bytes.len(),
                message: "the history does not say this".into(),
                because_of: None,
            };
            let event = line.event.ok();
            brought.push(Brought {
                bytes: line.bytes.to_vec(),
                fault,
                kind: event.map(|event| event.kind),
                src: event.and_then(|event| event.src).map(String::from),
                time: event.map_or(0, |event| event.time),
                has_old_key: event.is_some_and(|event| event.text("old_key").is_some()),
            });
        }
    })?;
    // What was wrong before is not this change's.
    let stood_so = |fault: &Fault| {
        batch
            .read
            .faults
            .iter()
            .any(|old| (old.kind, &old.file, &old.message) == (fault.kind, &fault.file, &fault.message))
    };
    let is_news = |fault: &&Fault| match fault.line {
        Some(line) => line >= stood,
        None => !stood_so(fault),
    };
    let mut faults: Vec<Fault> = read.faults.iter().filter(is_news).cloned().collect();
    faults.extend(covered.and_then(|covered| {
        let now = read.checkpoint.as_ref().map(|opened| &opened.checkpoint);
        let kept = now.is_some_and(|now| now.size >= covered.size && now.origin == covered.origin)
            && read.roots.get(&covered.size) == Some(&covered.root);
        let message = format!(
            "the checkpoint does not continue the one on base, of {} lines and root {}",
            covered.size, covered.root
        );
        (!kept).then(|| of_file(FaultKind::CheckpointNotAncestor, CHECKPOINT, message))
    }));
    let refused = refused(change, batch, stood, &brought, &read)?;
    if let Some((line, message)) = refused {
        match message {
            None => faults.push(line.fault.clone()),
            Some(_) if faults.iter().any(|fault| fault.line == line.fault.line) => {}
            Some(message) => {
                let place = place(&files, &line.fault)?;
                findings.extend(tell(LedgerMatter::Touched, message, place));
            }
        }
    }
    let has_key = read.machine.log().is_some_and(|log| log.key.is_some());
    let last = read.end.segment;
    for other in others {
        if let Some(message) = comes_along(change, other, !brought.is_empty(), has_key, last)? {
            findings.extend(tell(LedgerMatter::Touched, message, Location::of(&other.path)));
        }
    }
    findings.extend(tell_faults(&files, &faults)?);
    Ok(())
}

/// The first line that a change may not bring: with a message where it is not the change's to bring, without where the history does not say it.
fn refused<'b>(
    change: &LedgerChange<'_>,
    mut batch: Batch,
    stood: u64,
    brought: &'b [Brought],
    read: &ledger::Read,
) -> Result<Option<(&'b Brought, Option<String>)>> {
    let in_change = change.policy.ledger.mode == LedgerMode::InChange;
    let pushed = change.history.as_ref().is_some_and(|history| history.pushed);
    let origin = batch.read.machine.log().map(|log| log.origin.clone());
    let mut time = batch.read.last_time;
    if let Some(history) = change.history.as_ref().filter(|_| brought.iter().any(|line| line.src.is_some())) {
        let first = brought.first().filter(|_| stood == 0).and_then(|line| Event::read(&line.bytes).ok());
        derive(&mut batch, history, first.as_ref())?;
    }
    let mut due = batch.lines.iter().peekable();
    let src_of =
        |line: &String| Event::read(line.as_bytes()).ok().and_then(|event| event.src).map(String::from);
    let mut last: Option<String> = None;
    for line in brought {
        // Events of one commit come together, or not at all: what is left of them would never be recorded.
        let next_src = due.peek().and_then(|due| src_of(due));
        let at_boundary = last.is_none() || next_src != last;
        match (&line.src, line.kind) {
            (Some(src), _) => {
                if due.next_if(|due| due.as_bytes() == line.bytes).is_none() {
                    return Ok(Some((line, None)));
                }
                last = Some(src.clone());
                time = line.time;
                if line.kind == Some(EventType::Genesis)
                    && let Some(message) = begins_otherwise(change, read)
                {
                    return Ok(Some((line, Some(message))));
                }
            }
            (None, Some(EventType::RotateKey)) => {
                let first = !line.has_old_key && !is_policys_key(change, read);
                if first && !pushed {
                    let message = "the first key of a log is the one that policy names (`ledger: {key: …}`), or its writer's to set";
                    return Ok(Some((line, Some(message.into()))));
                }
            }
            (None, Some(EventType::Seal)) => {
                let origin = origin.clone().or_else(|| read.machine.log().map(|log| log.origin.clone()));
                if !at_boundary || !pushed && !is_written_seal(line, &origin.unwrap_or_default(), time) {
                    let message = "this is not the seal that `id-ledger record --seal` writes here".into();
                    return Ok(Some((line, Some(message))));
                }
            }
            // A line that cannot be read is told as such.
            (None, None) => {}
            (None, Some(_)) if in_change || pushed => {}
            (None, Some(_)) => {
                let message =
                    "this line was appended by hand, and the ledger is derived after the merge".into();
                return Ok(Some((line, Some(message))));
            }
        }
    }
    let cut = due.peek().and_then(|due| src_of(due)).filter(|src| last.as_ref() == Some(src));
    Ok(cut.and_then(|src| {
        let line = brought.iter().rev().find(|line| line.src.is_some())?;
        let message =
            format!("commit {} tells more than this: its events come together, or not at all", &src[..7]);
        Some((line, Some(message)))
    }))
}

/// A ledger begins under the name and with the key that policy says.
fn begins_otherwise(change: &LedgerChange<'_>, read: &ledger::Read) -> Option<String> {
    let log = read.machine.log()?;
    let settings = &change.policy.ledger;
    if settings.origin.as_ref().is_some_and(|origin| *origin != log.origin) {
        return Some("the log begins under another name than policy says (`ledger: {origin: …}`)".into());
    }
    let key = log.keys.first().filter(|(_, line)| *line == 0).map(|(key, _)| key.to_string());
    match key == settings.key || key.is_none() {
        true => None,
        false => Some("the log begins with another key than policy says (`ledger: {key: …}`)".into()),
    }
}

fn is_policys_key(change: &LedgerChange<'_>, read: &ledger::Read) -> bool {
    let key = read.machine.log().and_then(|log| log.keys.first()).map(|(key, _)| key.to_string());
    key.is_some() && key == change.policy.ledger.key
}

/// Tells whether a seal is the line that recording writes: what it seals was held already.
fn is_written_seal(line: &Brought, origin: &str, time: i64) -> bool {
    let Ok(event) = Event::read(&line.bytes) else { return false };
    let count = event.count("identities").and_then(|count| i64::try_from(count).ok()).unwrap_or_default();
    let number = line.fault.line.unwrap_or_default();
    let draft = ledger::seal(origin, time, count, &event.text("root").unwrap_or_default(), number);
    draft.line(event.prev.as_ref()).as_bytes() == line.bytes
}

/// Makes the lines that the mainline says are due. A ledger that begins does so at the commit that its first line names.
fn derive(batch: &mut Batch, history: &History<'_>, first: Option<&Event<'_>>) -> Result<()> {
    let repository = history.repository;
    let policy = disciplines(repository);
    if let Some(first) = first {
        let Some(begun) = first.src.and_then(|src| ObjectId::from_hex(src.as_bytes())) else { return Ok(()) };
        if !repository.objects().contains(begun) {
            return Ok(());
        }
        let origin = first.text("origin").unwrap_or_default();
        let key = first.list("keys").first().and_then(|key| VerifierKey::parse(key).ok());
        ledger::record(batch, repository, begun, &origin, key.as_ref(), &policy)?;
    } else if batch.read.size() == 0 {
        return Ok(());
    }
    let made = batch.lines.len();
    if let Outcome::Rewritten(_) = ledger::record(batch, repository, history.mainline, "", None, &policy)?
        && made > 0
    {
        // It begins at a commit that is none of the mainline's.
        batch.lines.clear();
    }
    Ok(())
}

/// What a change may bring into the ledger's folder beside lines; tells why not.
fn comes_along(
    change: &LedgerChange<'_>,
    other: &Change,
    brings_lines: bool,
    has_key: bool,
    last: u64,
) -> Result<Option<String>> {
    let name = String::from_utf8_lossy(other.path.name()).into_owned();
    let inside = other.path.parent() == RepoPath::from(FOLDER);
    if inside && name == TRUST {
        // Whom readers trust is a matter of governance, which has a rule of its own; here it is only read.
        let Some(object) = other.after else { return Ok(None) };
        let text = change.after.read(&Node { path: other.path.clone(), object }, 1 << 20)?;
        let text = String::from_utf8_lossy(&text).into_owned();
        return Ok(Trust::parse(&text)
            .err()
            .map(|error| format!("this says whom to trust, and cannot be read: {error}")));
    }
    let of_writer = match (inside, segment_number(&name)) {
        (true, Some(number)) => number <= last,
        (true, None) => name == CHECKPOINT || name == LOG_KEY && has_key,
        (false, _) => false,
    };
    let in_change = change.policy.ledger.mode == LedgerMode::InChange;
    Ok(match of_writer && (brings_lines || in_change || is_cosigned(change, other)?) {
        true => None,
        false => Some("a change leaves the ledger alone: it is derived after the merge".into()),
    })
}

/// Tells whether a checkpoint only got signatures more: witnesses may vouch for it at any time.
fn is_cosigned(change: &LedgerChange<'_>, other: &Change) -> Result<bool> {
    if other.path.name() != CHECKPOINT.as_bytes() {
        return Ok(false);
    }
    let open = |snapshot: &dyn Snapshot, object: Option<snapshot::Object>| {
        let Some(object) = object else { return Ok(None) };
        let bytes = snapshot.read(&Node { path: other.path.clone(), object }, 1_000_000)?;
        Ok::<_, snapshot::Error>(tlog::open(&bytes).ok())
    };
    let (old, new) = (open(change.before, other.before)?, open(change.after, other.after)?);
    Ok(old.zip(new).is_some_and(|(old, new)| {
        let signatures = |opened: &tlog::Opened| {
            opened.note.as_ref().map(|note| note.signatures.clone()).unwrap_or_default()
        };
        let (had, has) = (signatures(&old), signatures(&new));
        old.checkpoint == new.checkpoint && has.len() > had.len() && had.iter().all(|line| has.contains(line))
    }))
}
