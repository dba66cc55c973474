//! What a change asks for, and what could not be recorded of it: told while its author can still mend it.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Location};
use ledger::derive::Request;
use ledger::files::{ATTESTATIONS, FOLDER, PENDING};
use ledger::{Batch, Draft, Event, FaultKind, Outcome, attestation};
use policy::LedgerMode;
use snapshot::{Change, Mode, Node, RepoPath, Result, Snapshot};

use super::{LedgerChange, discipline, disciplines, in_folder, tell};
use crate::rule::LedgerMatter;

/// An attestation is named by its digest, is one, and stays.
pub(super) fn judge_attestation(
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
pub(super) fn asks(change: &LedgerChange<'_>) -> Result<bool> {
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
pub(super) fn judge_requests(
    change: &LedgerChange<'_>,
    batch: &Batch,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
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

/// What the merge would bring and nobody could record: after the merge it is too late to mend it.
pub(super) fn judge_what_follows(
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
