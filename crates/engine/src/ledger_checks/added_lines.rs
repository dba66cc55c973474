//! The lines that a change adds to the ledger, and the other files of the ledger that it touches.

use std::collections::VecDeque;

use diagnostic::{Diagnostic, Location};
use ledger::derive::is_on_mainline;
use ledger::files::{
    CHECKPOINT, FOLDER, Files as _, InSnapshot, LOG_KEY, TRUST, segment_name, segment_number,
};
use ledger::{Batch, Event, EventType, Fault, FaultKind, ReadOptions, StateForm};
use policy::LedgerMode;
use snapshot::{Change, Node, ObjectId, RepoPath, Result, Snapshot};
use tlog::{Trust, VerifierKey};

use super::faults::{fault_findings, fault_of_file, place_of_fault};
use super::input::{LedgerChange, LedgerHistory};
use crate::ledger_policy::{discipline, disciplines};
use crate::rule::LedgerIssue;

/// A line that a change adds.
struct AddedLine {
    bytes: Vec<u8>,
    fault: Fault,
    kind: Option<EventType>,
    src: Option<String>,
    has_old_key: bool,
}

/// Checks what a change does to the files of the ledger.
pub(super) fn check_lines(
    change: &LedgerChange<'_>,
    others: &[&Change],
    batch: Batch,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let base_size = batch.read.size();
    let covered = batch.read.checkpoint.as_ref().map(|opened| opened.checkpoint.clone());
    let mut reading = ReadOptions {
        new_lines: Some((base_size, discipline(change.policy))),
        whole: true,
        ..ReadOptions::default()
    };
    reading.sizes.extend(covered.as_ref().map(|checkpoint| checkpoint.size));
    let files = InSnapshot(change.after);
    let mut added: Vec<AddedLine> = Vec::new();
    let read = reading.read(&files, &mut |line, _| {
        if line.number >= base_size {
            let start = usize::try_from(line.position.offset).unwrap_or_default();
            let fault = Fault {
                kind: FaultKind::NotDerivable,
                file: segment_name(line.position.segment),
                line: Some(line.number),
                span: start..start + line.bytes.len(),
                message: "the line is not derived from the history".into(),
                because_of: None,
            };
            let event = line.event.ok();
            added.push(AddedLine {
                bytes: line.bytes.to_vec(),
                fault,
                kind: event.map(|event| event.kind),
                src: event.and_then(|event| event.src).map(String::from),
                has_old_key: event.is_some_and(|event| event.text("old_key").is_some()),
            });
        }
    })?;
    // What was wrong before is not this change's.
    let existed = |fault: &Fault| {
        batch
            .read
            .faults
            .iter()
            .any(|old| (old.kind, &old.file, &old.message) == (fault.kind, &fault.file, &fault.message))
    };
    let is_news = |fault: &&Fault| match fault.line {
        Some(line) => line >= base_size,
        None => !existed(fault),
    };
    let mut faults: Vec<Fault> = read.faults.iter().filter(is_news).cloned().collect();
    faults.extend(covered.and_then(|covered| {
        let now = read.checkpoint.as_ref().map(|opened| &opened.checkpoint);
        let kept = now.is_some_and(|now| now.size >= covered.size && now.origin == covered.origin)
            && read.roots.get(&covered.size) == Some(&covered.root);
        let message = format!(
            "the checkpoint does not continue the one on the base branch ({} lines, root {})",
            covered.size, covered.root
        );
        (!kept).then(|| fault_of_file(FaultKind::CheckpointNotAncestor, CHECKPOINT, message))
    }));
    let refused = refused(change, batch, base_size, &added, &read)?;
    if let Some((line, message)) = refused {
        match message {
            None => faults.push(line.fault.clone()),
            Some(_) if faults.iter().any(|fault| fault.line == line.fault.line) => {}
            Some(message) => {
                let place = place_of_fault(&files, &line.fault)?;
                let finding = change.rules.ledger_finding(LedgerIssue::Touched, message, place);
                findings.extend(finding.map(|finding| match genesis_help(finding.message.as_str(), &read) {
                    Some(help) => Diagnostic { help: vec![help], ..finding },
                    None => finding,
                }));
            }
        }
    }
    for other in others {
        if let Some(message) = check_other_file(change, other, !added.is_empty(), &read)? {
            findings.extend(change.rules.ledger_finding(
                LedgerIssue::Touched,
                message,
                Location::of(&other.path),
            ));
        }
    }
    findings.extend(fault_findings(change.rules, &files, &faults)?);
    Ok(())
}

/// Finds the first line that a change may not add: with a message where the post-merge job adds it, without one where the history does not lead to it.
fn refused<'b>(
    change: &LedgerChange<'_>,
    mut batch: Batch,
    base_size: u64,
    added: &'b [AddedLine],
    read: &ledger::LoadedLedger,
) -> Result<Option<(&'b AddedLine, Option<String>)>> {
    let in_change = change.policy.ledger.mode == LedgerMode::InChange;
    let pushed = change.history.as_ref().is_some_and(|history| history.pushed);
    let log_origin = read.machine.log().map(|log| log.origin.clone()).unwrap_or_default();
    // Due lines that are not added yet: usually the events of one commit.
    let mut due: VecDeque<String> = VecDeque::new();
    for line in added {
        let Some(kind) = line.kind else { continue };
        if let Some(src) = &line.src {
            if due.is_empty() && !(in_change && base_size > 0) {
                let made = batch.lines.len();
                if let Some(history) = &change.history {
                    derive(&mut batch, history, src, line)?;
                }
                due.extend(batch.lines[made..].iter().cloned());
            }
            if due.pop_front().is_none_or(|due| due.as_bytes() != line.bytes) {
                return Ok(Some((line, None)));
            }
            let otherwise = (kind == EventType::Genesis).then(|| genesis_mismatch(change, read)).flatten();
            if let Some(message) = otherwise {
                return Ok(Some((line, Some(message))));
            }
            continue;
        }
        let message = match kind {
            _ if !due.is_empty() => {
                Some("this line separates the events of one commit, which must follow each other")
            }
            EventType::RotateKey if !line.has_old_key && !is_policys_key(change, read) && !pushed => Some(
                "the first key of a log is the one that policy names (`ledger: {key: …}`), or its writer's to set",
            ),
            EventType::RotateKey => None,
            EventType::Seal if batch.read.last_kind == Some(EventType::Seal) => {
                Some("the last line is already a seal")
            }
            EventType::Seal if !is_written_seal(line, &log_origin, batch.read.last_time) => {
                Some("this is not the seal that `id-ledger record --seal` writes here")
            }
            EventType::Seal => None,
            _ if in_change || pushed => None,
            _ => Some("this line was added by hand, but the ledger is derived after the merge"),
        };
        if let Some(message) = message {
            return Ok(Some((line, Some(message.into()))));
        }
        // The checks of the ledger report a transition that is not allowed.
        let _ = batch.append_line(&String::from_utf8_lossy(&line.bytes));
    }
    let last = added.iter().rev().find(|line| line.src.is_some()).filter(|_| !due.is_empty());
    Ok(last.map(|line| {
        let message = "events of its commit are missing: the events of a commit are added together";
        (line, Some(message.into()))
    }))
}

/// What is wrong with a ledger that starts with a key where the policy has none.
const NO_KEY: &str = "the log starts with a key, and the policy states no key";

/// Checks that a ledger starts with the name and the key of the policy.
fn genesis_mismatch(change: &LedgerChange<'_>, read: &ledger::LoadedLedger) -> Option<String> {
    let log = read.machine.log()?;
    let settings = &change.policy.ledger;
    if let Some(origin) = settings.origin.as_ref().filter(|origin| **origin != log.origin) {
        return Some(format!("the origin of the log is {}, and the policy states {origin}", log.origin));
    }
    let key = genesis_key(read)?;
    match &settings.key {
        Some(stated) if *stated == key => None,
        Some(stated) => Some(format!("the first key of the log is {key}, and the policy states {stated}")),
        None => Some(NO_KEY.into()),
    }
}

/// Returns the key of the first line of a ledger.
fn genesis_key(read: &ledger::LoadedLedger) -> Option<String> {
    let (key, _) = read.machine.log()?.keys.first().filter(|(_, line)| *line == 0)?;
    Some(key.to_string())
}

/// Advises where the first line has a key that the policy does not state: the owner of that key decides what the log contains.
fn genesis_help(message: &str, read: &ledger::LoadedLedger) -> Option<String> {
    let key = genesis_key(read).filter(|_| message == NO_KEY)?;
    let origin = &read.machine.log()?.origin;
    Some(format!(
        "if it is your key, state it in policy-packs/policy.yaml on the base branch first: ledger: {{origin: {origin}, key: {key}}}"
    ))
}

fn is_policys_key(change: &LedgerChange<'_>, read: &ledger::LoadedLedger) -> bool {
    let key = read.machine.log().and_then(|log| log.keys.first()).map(|(key, _)| key.to_string());
    key.is_some() && key == change.policy.ledger.key
}

/// Returns whether a seal is the line that recording writes: its content was verified already.
fn is_written_seal(line: &AddedLine, origin: &str, time: i64) -> bool {
    let Ok(event) = Event::read(&line.bytes) else { return false };
    let count = event.count("identities").and_then(|count| i64::try_from(count).ok()).unwrap_or_default();
    let number = line.fault.line.unwrap_or_default();
    let Some(form) = StateForm::of_seal(event.count("state")) else { return false };
    let draft = ledger::seal(origin, time, (form, count, &event.text("root").unwrap_or_default()), number);
    draft.line(event.prev.as_ref()).as_bytes() == line.bytes
}

/// Derives the due lines up to a commit. A new ledger starts at the commit that its first line names.
fn derive(batch: &mut Batch, history: &LedgerHistory<'_>, src: &str, line: &AddedLine) -> Result<()> {
    let repository = history.repository;
    let Some(src) = ObjectId::from_hex(src.as_bytes()).filter(|src| repository.objects().contains(*src))
    else {
        return Ok(());
    };
    if !is_on_mainline(repository, src, history.mainline)? {
        return Ok(());
    }
    let policy = disciplines(repository);
    let first = Event::read(&line.bytes).ok().filter(|event| event.kind == EventType::Genesis);
    let origin = first.as_ref().and_then(|first| first.text("origin")).unwrap_or_default();
    let key = first.as_ref().and_then(|first| VerifierKey::parse(first.list("keys").first()?).ok());
    if batch.read.size() > 0 || first.is_some() {
        ledger::record(batch, repository, src, &origin, key.as_ref(), &policy)?;
    }
    Ok(())
}

/// Checks what a change does to other files of the ledger; returns why it may not.
fn check_other_file(
    change: &LedgerChange<'_>,
    other: &Change,
    adds_lines: bool,
    read: &ledger::LoadedLedger,
) -> Result<Option<String>> {
    let has_key = read.machine.log().is_some_and(|log| log.key.is_some());
    let name = String::from_utf8_lossy(other.path.name()).into_owned();
    let inside = other.path.parent() == RepoPath::from(FOLDER);
    if inside && name == TRUST {
        // Whom readers trust is a matter of governance, which has a rule of its own; here it is only read.
        let Some(object) = other.after else { return Ok(None) };
        let text = change.after.read(&Node { path: other.path.clone(), object }, 1 << 20)?;
        let text = String::from_utf8_lossy(&text).into_owned();
        return Ok(Trust::parse(&text).err().map(|error| format!("invalid trust policy: {error}")));
    }
    let of_writer = match (inside, segment_number(&name)) {
        (true, Some(number)) => number <= read.end.segment,
        (true, None) => name == CHECKPOINT || name == LOG_KEY && has_key,
        (false, _) => false,
    };
    let in_change = change.policy.ledger.mode == LedgerMode::InChange;
    if of_writer && name == CHECKPOINT && has_unknown_signature(change, other, read)? {
        return Ok(Some(
            "the checkpoint bears a signature of nobody whom the log or base's trust.policy names".into(),
        ));
    }
    let renewed = in_change && change.before.find(&other.path)?.is_some();
    Ok(match of_writer && (adds_lines || renewed || is_cosigned(change, other)?) {
        true => None,
        false => Some("a pull request does not change the ledger: it is derived after the merge".into()),
    })
}

/// Returns whether a checkpoint has a new signature by a key that neither the log nor the trust policy of the base branch names.
fn has_unknown_signature(
    change: &LedgerChange<'_>,
    other: &Change,
    read: &ledger::LoadedLedger,
) -> Result<bool> {
    let (old, new) =
        (checkpoint(change.before, other, other.before)?, checkpoint(change.after, other, other.after)?);
    let Some(note) = new.and_then(|opened| opened.note) else { return Ok(false) };
    let had = old.and_then(|opened| opened.note).map(|note| note.signatures).unwrap_or_default();
    let mut keys: Vec<VerifierKey> = Vec::new();
    let files = InSnapshot(change.before);
    if let Some(text) = files.read(TRUST, 1 << 20)? {
        keys.extend(
            Trust::parse(&String::from_utf8_lossy(&text)).map(|trust| trust.witnesses()).unwrap_or_default(),
        );
    }
    keys.extend(read.machine.log().into_iter().flat_map(|log| log.keys.iter().map(|(key, _)| key.clone())));
    let signers = note.signers(&keys);
    let known = |line: &tlog::SignatureLine| {
        let made = |key: &&VerifierKey| key.name() == line.name && key.id() == line.id;
        had.contains(line) || signers.as_ref().is_ok_and(|signers| signers.iter().any(made))
    };
    let mut met = std::collections::BTreeSet::new();
    let twice = note.signatures.iter().any(|line| !met.insert((line.name.clone(), line.id)));
    Ok(twice || !note.signatures.iter().all(known))
}

fn checkpoint(
    snapshot: &dyn Snapshot,
    other: &Change,
    object: Option<snapshot::Object>,
) -> Result<Option<tlog::Opened>> {
    let Some(object) = object else { return Ok(None) };
    let bytes = snapshot.read(&Node { path: other.path.clone(), object }, 1_000_000)?;
    Ok(tlog::open(&bytes).ok())
}

/// Returns whether a checkpoint only has additional signatures: witnesses may cosign it at any time.
fn is_cosigned(change: &LedgerChange<'_>, other: &Change) -> Result<bool> {
    if other.path.name() != CHECKPOINT.as_bytes() {
        return Ok(false);
    }
    let (old, new) =
        (checkpoint(change.before, other, other.before)?, checkpoint(change.after, other, other.after)?);
    Ok(old.zip(new).is_some_and(|(old, new)| {
        let signatures = |opened: &tlog::Opened| {
            opened.note.as_ref().map(|note| note.signatures.clone()).unwrap_or_default()
        };
        let (had, has) = (signatures(&old), signatures(&new));
        old.checkpoint == new.checkpoint && has.len() > had.len() && had.iter().all(|line| has.contains(line))
    }))
}
