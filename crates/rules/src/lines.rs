//! Judging the ledger's own lines: what a change does to `.ledger/`, what it asks for, and what could be recorded of it.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Location, Related, Status};
use ledger::derive::Request;
use ledger::files::{
    ATTESTATIONS, CHECKPOINT, FOLDER, Files, InSnapshot, LARGEST_SEGMENT, LOG_KEY, PENDING, SEGMENT, TRUST,
    segment_name, segment_number,
};
use ledger::{Batch, Discipline, Draft, Event, EventType, Fault, FaultKind, Outcome, Reading, attestation};
use policy::{Date, LedgerMode, Policy};
use repo::{CommitHeader, Repository};
use snapshot::{Change, Mode, Node, ObjectId, RepoPath, Result, Snapshot};
use tlog::{Trust, VerifierKey};

use crate::RULES;
use crate::check::levels;
use crate::rule::{Check, LedgerMatter, Rule};

/// What a change does to the ledger.
pub(crate) struct LedgerChange<'c> {
    pub(crate) before: &'c dyn Snapshot,
    pub(crate) after: &'c dyn Snapshot,
    pub(crate) changes: &'c [Change],
    pub(crate) policy: &'c Policy,
    /// The history that lines are derived from; `None` where there are only trees.
    pub(crate) history: Option<History<'c>>,
}

/// The history behind a change.
pub(crate) struct History<'c> {
    pub(crate) repository: &'c Repository,
    /// The commit that the change begins at.
    pub(crate) merge_base: ObjectId,
    /// The mainline whose events are due: base's; of a push to the mainline itself, what is pushed.
    pub(crate) mainline: ObjectId,
    /// What is judged, where it is a commit.
    pub(crate) head: Option<ObjectId>,
    /// Whether this is the mainline itself, pushed by somebody who may.
    pub(crate) pushed: bool,
    /// The commits of the change, parents before children.
    pub(crate) commits: &'c [CommitHeader],
}

/// Returns what policy lets the ledger do.
#[must_use]
pub fn discipline(policy: &Policy) -> Discipline {
    let attested = policy.ledger.attested.iter().filter_map(|name| EventType::from_name(name)).collect();
    let attesters = policy.ledger.attesters.iter().filter_map(|key| VerifierKey::parse(key).ok()).collect();
    Discipline { back_ports: policy.ledger.back_ports, attested, attesters }
}

/// What the policy of each commit let the ledger do. Commits with the same policy folder are asked once.
pub fn disciplines(repository: &Repository) -> impl Fn(&CommitHeader) -> Result<Discipline> {
    let known: std::cell::RefCell<Option<(Option<ObjectId>, Discipline)>> = std::cell::RefCell::default();
    move |header| {
        let commit = repository.commit(header.id)?;
        let folder = commit.find(&RepoPath::from(policy::PACKS))?.and_then(|node| node.object.id);
        if let Some((_, discipline)) = known.borrow().as_ref().filter(|(known, _)| *known == folder) {
            return Ok(discipline.clone());
        }
        // A policy that cannot be read lets nothing more happen than none does.
        let found =
            Policy::load(&commit, &crate::names()).map(|policy| discipline(&policy)).unwrap_or_default();
        *known.borrow_mut() = Some((folder, found.clone()));
        Ok(found)
    }
}

/// Tells whether a path lies in the ledger's folder.
pub(crate) fn is_ledger(path: &RepoPath) -> bool {
    path.components().next().is_some_and(|name| name.eq_ignore_ascii_case(FOLDER.as_bytes()))
}

fn in_folder(path: &RepoPath, folder: &str) -> bool {
    path.parent() == RepoPath::from(folder)
}

/// Judges what a change does to the ledger, and what could not be recorded of it once it is merged.
pub(crate) fn judge(change: &LedgerChange<'_>, tells: bool, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let touched: Vec<&Change> = change.changes.iter().filter(|change| is_ledger(&change.path)).collect();
    let before = InSnapshot(change.before);
    let begun = change.before.find(&RepoPath::from(FOLDER).join(CHECKPOINT.as_bytes()))?.is_some();
    if touched.is_empty() && !(tells && begun) && !asks(change)? {
        return Ok(());
    }
    // Where what stood was changed, that has been told: what follows from it would only repeat it.
    let rewritten = findings.iter().any(|finding| {
        finding.rule.code == "LED001" && finding.location.as_ref().is_some_and(|place| is_ledger(&place.path))
    });
    let reading = Reading { whole: true, ..Reading::default() };
    let batch = Batch::new(reading.read(&before, &mut |_, _| {})?);
    let mut others = Vec::new();
    for touched in touched {
        match (in_folder(&touched.path, PENDING), in_folder(&touched.path, ATTESTATIONS)) {
            (true, _) => {}
            (_, true) => judge_attestation(change, touched, findings)?,
            _ => others.push(touched),
        }
    }
    judge_requests(change, &batch, findings)?;
    if !others.is_empty() && !rewritten {
        judge_lines(change, &others, batch, findings)?;
    } else if tells && begun && !rewritten && batch.read.faults.is_empty() {
        judge_what_follows(change, batch, findings)?;
    }
    Ok(())
}

/// What the merge would bring and nobody could record: after the merge it is too late to mend it.
fn judge_what_follows(
    change: &LedgerChange<'_>,
    mut batch: Batch,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let Some(history) = change.history.as_ref().filter(|history| !history.pushed) else { return Ok(()) };
    let Some(head) = history.head.filter(|_| change.policy.ledger.mode == LedgerMode::AfterMerge) else {
        return Ok(());
    };
    let policy = disciplines(history.repository);
    let origin = batch.read.machine.log().map(|log| log.origin.clone()).unwrap_or_default();
    let due = ledger::record(&mut batch, history.repository, history.merge_base, &origin, None, &policy)?;
    if let Outcome::Rewritten(_) = due {
        return Ok(());
    }
    for left in ledger::preview(&mut batch, history.repository, history.merge_base, head, &policy)? {
        let told = change.after.find(&left.path)?.filter(|node| node.object.mode == Mode::File);
        let place = match told {
            Some(_) => Location::of(&left.path),
            None => Location::of(&RepoPath::from(FOLDER)),
        };
        let matter = match in_folder(&left.path, PENDING) {
            true => LedgerMatter::Request,
            false => LedgerMatter::Fault(FaultKind::IllegalTransition),
        };
        let is_told = |finding: &&Diagnostic| {
            finding.rule.code == "LED010"
                && finding.location.as_ref().is_some_and(|place| place.path == left.path)
        };
        if findings.iter().find(is_told).is_none() {
            findings.extend(tell(
                matter,
                format!("once merged, this could not be recorded: {}", left.message),
                place,
            ));
        }
    }
    Ok(())
}

/// A line that a change brings.
struct Brought {
    bytes: Vec<u8>,
    fault: Fault,
    kind: Option<EventType>,
    src: Option<String>,
    time: i64,
    has_old_key: bool,
}

fn judge_lines(
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

fn judge_attestation(
    change: &LedgerChange<'_>,
    touched: &Change,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let path = &touched.path;
    let mut refuse =
        |message: String| findings.extend(tell(LedgerMatter::Request, message, Location::of(path)));
    let Some(object) = touched.after.filter(|_| touched.before.is_none()) else {
        refuse("an attestation stays as it is: lines name it".into());
        return Ok(());
    };
    if object.mode != Mode::File {
        refuse(format!("an attestation is a regular file, and this is {}", object.mode.kind()));
        return Ok(());
    }
    let text = match change.after.read(&Node { path: path.clone(), object }, attestation::LARGEST) {
        Err(snapshot::Error::TooLarge { size, limit, .. }) => {
            refuse(format!("the file is {size} bytes long, and the limit is {limit}"));
            return Ok(());
        }
        other => other?,
    };
    let expected = format!("{}.json", ledger::sha256(&text).hex());
    if path.name() != expected.as_bytes() {
        refuse(format!("an attestation's file is named by its SHA-256: {expected}"));
    } else if let Err(message) = attestation::read(&text) {
        refuse(format!("this is no attestation: {message}"));
    }
    Ok(())
}

/// Tells whether a commit of the change asks for something, be it taken back later.
fn asks(change: &LedgerChange<'_>) -> Result<bool> {
    Ok(!requests(change)?.is_empty())
}

/// The requests that the change, or any commit of it, brings: whoever merges commit by commit records what was taken back, too.
fn requests(change: &LedgerChange<'_>) -> Result<Vec<(RepoPath, snapshot::Object)>> {
    let mut found: BTreeMap<RepoPath, snapshot::Object> = BTreeMap::new();
    let is_request = |path: &RepoPath| in_folder(path, PENDING);
    for change in change.changes.iter().filter(|change| is_request(&change.path) && change.before.is_none()) {
        found.extend(change.after.map(|object| (change.path.clone(), object)));
    }
    if let Some(history) = &change.history {
        for commit in history.commits {
            let snapshot = history.repository.commit(commit.id)?;
            let folder = snapshot.find(&RepoPath::from(PENDING))?;
            let Some(folder) = folder.filter(|node| node.object.mode == Mode::Directory) else { continue };
            for entry in snapshot.list(&folder)?.iter() {
                let path = folder.path.join(entry.name);
                if change.before.find(&path)?.is_none() {
                    found.entry(path).or_insert(entry.object);
                }
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// A request is read, and held to what the ledger knows, while its author can still mend it.
fn judge_requests(change: &LedgerChange<'_>, batch: &Batch, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for (path, object) in requests(change)? {
        let path = &path;
        let stays = change.after.find(path)?.is_some();
        let mut refuse =
            |message: String, place: Location| findings.extend(tell(LedgerMatter::Request, message, place));
        if !stays {
            let message = "this request was brought and taken back: merged commit by commit, it is recorded all the same";
            refuse(message.into(), Location::of(path));
            continue;
        }
        if object.mode != Mode::File {
            refuse(
                format!("a request is a regular file, and this is {}", object.mode.kind()),
                Location::of(path),
            );
            continue;
        }
        let text = match change.after.read(&Node { path: path.clone(), object }, 1 << 16) {
            Err(snapshot::Error::TooLarge { size, limit, .. }) => {
                refuse(
                    format!("the file is {size} bytes long, and the limit is {limit}"),
                    Location::of(path),
                );
                continue;
            }
            other => other?,
        };
        match Request::read(path, &text) {
            Err(flaw) => refuse(flaw.message, Location::at(path, &text, flaw.span)),
            Ok(request) => {
                if let Err(message) = possible(change, batch, &request) {
                    refuse(format!("this cannot be recorded: {message}"), Location::of(path));
                }
            }
        }
    }
    Ok(())
}

/// Tells why a request could not be recorded.
fn possible(change: &LedgerChange<'_>, batch: &Batch, request: &Request) -> std::result::Result<(), String> {
    let mut machine = batch.read.machine.clone();
    machine.discipline = discipline(change.policy);
    let draft = Draft {
        kind: request.kind,
        subject: Some(request.subject),
        src: Some("0".repeat(40)),
        time: 0,
        by: "-".into(),
        card_sha256: None,
        att: request.att,
        payload: request.payload.clone(),
        told_by: RepoPath::root(),
        ordinal: 0,
    };
    if let Some(att) = request.att {
        let path = RepoPath::from(ATTESTATIONS).join(format!("{}.json", att.hex()).as_bytes());
        let node =
            change.after.find(&path).ok().flatten().ok_or("the attestation that it names is not there")?;
        let text = change.after.read(&node, attestation::LARGEST).map_err(|error| error.to_string())?;
        attestation::hold(&text, request.kind, &machine.discipline)?;
    }
    let line = draft.line(Some(&machine.prev(draft.subject).unwrap_or_else(tlog::Hash::empty)));
    let event = Event::read(line.as_bytes()).map_err(|flaw| flaw.message)?;
    machine.judge(batch.read.size(), &event, tlog::Hash::empty()).map_err(|refusal| refusal.message)
}

/// Puts what is wrong with a ledger into the words of its rules, each at its line.
fn tell_faults(files: &dyn Files, faults: &[Fault]) -> Result<Vec<Diagnostic>> {
    let mut texts: BTreeMap<String, Option<Vec<u8>>> = BTreeMap::new();
    let mut found = Vec::new();
    for fault in faults {
        let text = match texts.get(&fault.file) {
            Some(text) => text,
            None => {
                let text = files.read(&fault.file, LARGEST_SEGMENT)?;
                texts.entry(fault.file.clone()).or_insert(text)
            }
        };
        let path = RepoPath::from(FOLDER).join(fault.file.as_bytes());
        let place = match text {
            Some(text) if fault.line.is_some() => Location::at(&path, text, fault.span.clone()),
            _ => Location::of(&path),
        };
        let told = tell(LedgerMatter::Fault(fault.kind), fault.message.clone(), place);
        found.extend(told.map(|diagnostic| match fault.because_of {
            None => diagnostic,
            Some(line) => diagnostic.related(Related {
                location: Location::of(&RepoPath::from(FOLDER).join(segment_name(line / SEGMENT).as_bytes())),
                commit: None,
                message: format!("line {} forbids it", line + 1),
            }),
        }));
    }
    Ok(found)
}

/// Judges a ledger as it stands: its faults in the words of their rules, at the levels that policy sets, waived where it waives.
///
/// # Errors
/// When a file of the ledger cannot be read again.
pub fn judge_ledger(
    files: &dyn Files,
    faults: &[Fault],
    policy: &Policy,
    today: Date,
) -> Result<Vec<Diagnostic>> {
    let mut findings = tell_faults(files, faults)?;
    findings.iter_mut().for_each(|finding| finding.status = Status::Existing);
    levels(policy, &mut findings);
    crate::waivers::apply(policy, today, &mut findings);
    findings.sort_by(Diagnostic::order);
    Ok(findings)
}

fn of_file(kind: FaultKind, file: &str, message: String) -> Fault {
    Fault { kind, file: file.into(), line: None, span: 0..0, message, because_of: None }
}

fn place(files: &dyn Files, fault: &Fault) -> Result<Location> {
    let path = RepoPath::from(FOLDER).join(fault.file.as_bytes());
    Ok(match files.read(&fault.file, LARGEST_SEGMENT)? {
        Some(text) => Location::at(&path, &text, fault.span.clone()),
        None => Location::of(&path),
    })
}

/// Finds the rule that speaks of a matter, and lets it speak.
fn tell(matter: LedgerMatter, message: String, place: Location) -> Option<Diagnostic> {
    let speaks = |rule: &&&Rule| matches!(rule.check, Check::Ledger { speaks_of, .. } if speaks_of == matter);
    let rule = RULES.iter().find(speaks)?;
    let Check::Ledger { help, .. } = rule.check else { return None };
    let diagnostic = Diagnostic::new(&rule.info, message).at(place);
    Some(help.iter().fold(diagnostic, |diagnostic, help| diagnostic.help(*help)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_matter_has_its_rule() {
        let faults = [
            FaultKind::LineInvalid,
            FaultKind::Order,
            FaultKind::UnknownSubject,
            FaultKind::IllegalTransition,
            FaultKind::CheckpointMismatch,
            FaultKind::CheckpointUntrusted,
            FaultKind::CheckpointNotAncestor,
            FaultKind::NotDerivable,
        ];
        let matters =
            faults.map(LedgerMatter::Fault).into_iter().chain([LedgerMatter::Touched, LedgerMatter::Request]);
        for matter in matters {
            let speaks =
                |rule: &&&Rule| matches!(rule.check, Check::Ledger { speaks_of, .. } if speaks_of == matter);
            assert_eq!(RULES.iter().filter(speaks).count(), 1, "{matter:?}");
        }
    }
}
