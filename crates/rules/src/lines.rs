//! Judging the ledger's own lines: what a change does to `.ledger/`, and what is wrong with a ledger as it stands.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Location, Related, Status};
use ledger::derive::Request;
use ledger::files::{
    ATTESTATIONS, CHECKPOINT, FOLDER, Files, InSnapshot, LARGEST_SEGMENT, LOG_KEY, PENDING, SEGMENT,
    segment_name, segment_number,
};
use ledger::{Batch, Discipline, Draft, Event, EventType, Fault, FaultKind, Outcome, Reading};
use policy::{Date, LedgerMode, Policy};
use repo::Repository;
use snapshot::{Change, Kind, Mode, Node, ObjectId, RepoPath, Result, Snapshot};
use tlog::VerifierKey;

use crate::RULES;
use crate::check::levels;
use crate::rule::{Check, LedgerMatter, Rule};

/// The largest attestation, in bytes.
const LARGEST_ATTESTATION: u64 = 1 << 20;

/// What a change does to the ledger.
pub(crate) struct LedgerChange<'c> {
    pub(crate) before: &'c dyn Snapshot,
    pub(crate) after: &'c dyn Snapshot,
    pub(crate) changes: &'c [Change],
    pub(crate) policy: &'c Policy,
    /// Makes the lines that the mainline of base says are due; the first line of a ledger that begins says what it is called and where it begins.
    pub(crate) derive: &'c dyn Fn(&mut Batch, Option<&Event<'_>>) -> Result<()>,
}

/// Returns what policy lets the ledger do.
#[must_use]
pub fn discipline(policy: &Policy) -> Discipline {
    let attested = policy.ledger.attested.iter().filter_map(|name| EventType::from_name(name)).collect();
    Discipline { back_ports: policy.ledger.back_ports, attested }
}

/// Tells whether a path lies in the ledger's folder.
pub(crate) fn is_ledger(path: &RepoPath) -> bool {
    path.components().next().is_some_and(|name| name.eq_ignore_ascii_case(FOLDER.as_bytes()))
}

/// Judges what a change does to the ledger.
pub(crate) fn judge(change: &LedgerChange<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let touched: Vec<&Change> = change.changes.iter().filter(|change| is_ledger(&change.path)).collect();
    if touched.is_empty() {
        return Ok(());
    }
    // Where what stood was changed, that has been told: what follows from it would only repeat it.
    let rewritten = findings.iter().any(|finding| {
        finding.rule.code == "LED001" && finding.location.as_ref().is_some_and(|place| is_ledger(&place.path))
    });
    let (requests, others): (Vec<&Change>, Vec<&Change>) = touched
        .into_iter()
        .partition(|change| in_folder(&change.path, PENDING) || in_folder(&change.path, ATTESTATIONS));
    let reading = Reading { discipline: discipline(change.policy), whole: true, ..Reading::default() };
    let before = InSnapshot(change.before);
    let standing = reading.read(&before, &mut |_, _| {})?;
    let batch = Batch::new(standing);
    for request in requests {
        judge_request(change, &batch, request, findings)?;
    }
    if others.is_empty() || rewritten {
        return Ok(());
    }
    judge_lines(change, &others, batch, findings)
}

fn in_folder(path: &RepoPath, folder: &str) -> bool {
    path.parent() == RepoPath::from(folder)
}

/// A line that a change brings.
struct Brought {
    bytes: Vec<u8>,
    fault: Fault,
    is_derived: bool,
    is_of_log: bool,
}

fn judge_lines(
    change: &LedgerChange<'_>,
    others: &[&Change],
    mut batch: Batch,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let stood = batch.read.size();
    let covered = batch.read.checkpoint.as_ref().map(|opened| opened.checkpoint.clone());
    let mut reading = Reading { discipline: discipline(change.policy), whole: true, ..Reading::default() };
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
                is_derived: event.is_some_and(|event| event.src.is_some()),
                is_of_log: event.is_some_and(|event| event.kind.is_of_log()),
            });
        }
    })?;
    // What was wrong before is not this change's.
    let is_news = |fault: &&Fault| fault.line.is_none_or(|line| line >= stood);
    let mut faults: Vec<Fault> = read.faults.iter().filter(is_news).cloned().collect();
    if batch.read.faults.iter().any(|fault| fault.line.is_none()) {
        faults.retain(|fault| fault.line.is_some());
    }
    faults.extend(covered.and_then(|covered| {
        let now = read.checkpoint.as_ref().map(|opened| &opened.checkpoint);
        let kept = now.is_some_and(|now| now.size >= covered.size && now.origin == covered.origin)
            && read.roots.get(&covered.size) == Some(&covered.root);
        (!kept).then(|| Fault {
            kind: FaultKind::CheckpointNotAncestor,
            file: CHECKPOINT.into(),
            line: None,
            span: 0..0,
            message: format!(
                "the checkpoint does not continue the one on base, of {} lines and root {}",
                covered.size, covered.root
            ),
            because_of: None,
        })
    }));
    if change.policy.ledger.mode == LedgerMode::AfterMerge {
        if brought.iter().any(|line| line.is_derived) {
            let first = brought.first().filter(|_| stood == 0).and_then(|line| Event::read(&line.bytes).ok());
            (change.derive)(&mut batch, first.as_ref())?;
        }
        let mut due = batch.lines.iter();
        let derived = brought.iter().filter(|line| line.is_derived);
        let wrong = derived.clone().find(|line| due.next().is_none_or(|due| due.as_bytes() != line.bytes));
        faults.extend(wrong.map(|line| line.fault.clone()));
        let by_hand = brought.iter().find(|line| !line.is_derived && !line.is_of_log);
        if let Some(line) = by_hand.filter(|line| !faults.iter().any(|fault| fault.line == line.fault.line)) {
            let place = place(&files, &line.fault)?;
            findings.extend(tell(
                LedgerMatter::Touched,
                "this line was appended by hand, and the ledger is derived after the merge".into(),
                place,
            ));
        }
        // Lines that are due may come with what always comes with them, and nothing else.
        let comes_along = |path: &RepoPath| {
            let name = String::from_utf8_lossy(path.name()).into_owned();
            path.parent() == RepoPath::from(FOLDER)
                && (segment_number(&name).is_some()
                    || [CHECKPOINT, LOG_KEY, ledger::files::TRUST].contains(&name.as_str()))
        };
        for other in others {
            let of_writer = !brought.is_empty() && comes_along(&other.path);
            let is_trust = other.path == RepoPath::from(FOLDER).join(ledger::files::TRUST.as_bytes());
            if !of_writer && !is_trust {
                let message = "a change leaves the ledger alone: it is derived after the merge".into();
                findings.extend(tell(LedgerMatter::Touched, message, Location::of(&other.path)));
            }
        }
    }
    findings.extend(tell_faults(&files, &faults)?);
    Ok(())
}

/// Makes the lines that the mainline says are due. A ledger that begins does so at the commit that its first line names.
pub(crate) fn derive(
    batch: &mut Batch,
    repository: &Repository,
    base: ObjectId,
    first: Option<&Event<'_>>,
) -> Result<()> {
    if let Some(first) = first {
        let Some(begun) = first.src.and_then(|src| ObjectId::from_hex(src.as_bytes())) else { return Ok(()) };
        if !repository.objects().contains(begun) {
            return Ok(());
        }
        let origin = first.text("origin").unwrap_or_default();
        let key = first.list("keys").first().and_then(|key| VerifierKey::parse(key).ok());
        ledger::record(batch, repository, begun, &origin, key.as_ref())?;
    }
    let made = batch.lines.len();
    if let Outcome::Rewritten(_) = ledger::record(batch, repository, base, "", None)?
        && made > 0
    {
        // It begins at a commit that is none of the mainline's.
        batch.lines.clear();
    }
    Ok(())
}

/// A request is read, and held to what the ledger knows, while its author can still mend it.
fn judge_request(
    change: &LedgerChange<'_>,
    batch: &Batch,
    request: &Change,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let Some(object) = request.after else { return Ok(()) };
    let path = &request.path;
    let mut refuse =
        |message: String, place: Location| findings.extend(tell(LedgerMatter::Request, message, place));
    if object.mode != Mode::File || object.mode.kind() != Kind::File {
        refuse(
            format!("a request is a regular file, and this is {}", object.mode.kind()),
            Location::of(path),
        );
        return Ok(());
    }
    let text = match change.after.read(&Node { path: path.clone(), object }, LARGEST_ATTESTATION) {
        Err(snapshot::Error::TooLarge { size, limit, .. }) => {
            refuse(format!("the file is {size} bytes long, and the limit is {limit}"), Location::of(path));
            return Ok(());
        }
        other => other?,
    };
    if in_folder(path, ATTESTATIONS) {
        let expected = format!("{}.json", ledger::sha256(&text).hex());
        if path.name() != expected.as_bytes() {
            refuse(format!("an attestation's file is named by its SHA-256: {expected}"), Location::of(path));
        }
        return Ok(());
    }
    match Request::read(path, &text) {
        Err(flaw) => refuse(flaw.message, Location::at(path, &text, flaw.span)),
        Ok(request) => {
            let draft = Draft {
                kind: request.kind,
                subject: Some(request.subject),
                src: Some("0".repeat(40)),
                time: 0,
                by: "-".into(),
                card_sha256: None,
                att: request.att,
                payload: request.payload,
                ordinal: 0,
            };
            let machine = &batch.read.machine;
            let line = draft.line(Some(&machine.prev(draft.subject).unwrap_or_else(tlog::Hash::empty)));
            let refusal = Event::read(line.as_bytes()).map_err(|flaw| flaw.message).and_then(|event| {
                machine
                    .judge(batch.read.size(), &event, tlog::Hash::empty())
                    .map_err(|refusal| refusal.message)
            });
            if let Err(message) = refusal {
                refuse(format!("this cannot be recorded: {message}"), Location::of(path));
            }
        }
    }
    Ok(())
}

/// Puts what is wrong with a ledger into the words of its rules, each at its line.
pub(crate) fn tell_faults(files: &dyn Files, faults: &[Fault]) -> Result<Vec<Diagnostic>> {
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
