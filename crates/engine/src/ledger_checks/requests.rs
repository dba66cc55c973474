//! Checks the requests of a change, and what of it could not be recorded, while its author can still fix it.

use std::collections::{BTreeMap, BTreeSet};

use artifact::Ulid;
use artifact::layout::CARDS;
use diagnostic::{Diagnostic, Location};
use ledger::derive::{Omission, Request};
use ledger::files::{ATTESTATIONS, FOLDER, PENDING};
use ledger::{Batch, Event, EventType, FaultKind, Outcome, attestation};
use policy::LedgerMode;
use repo::CommitHeader;
use snapshot::{Change, Mode, Node, ObjectId, RepoPath, Result, Snapshot};

use super::input::{LedgerChange, LedgerHistory, in_directory, read_whole};
use crate::commit_info::commit_info;
use crate::ledger_policy::{discipline, disciplines};
use crate::rule::LedgerIssue;
use crate::state::Document;

/// An attestation is named by its digest, is one, and stays.
pub(super) fn check_attestation(
    change: &LedgerChange<'_>,
    touched: &Change,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let path = &touched.path;
    let mut refuse = |message: String| {
        findings.extend(change.rules.ledger_finding(LedgerIssue::Request, message, Location::of(path)))
    };
    let Some(object) = touched.after.filter(|_| touched.before.is_none()) else {
        refuse("an attestation stays as it is: lines name it".into());
        return Ok(());
    };
    if object.mode != Mode::File {
        refuse(format!("an attestation is a regular file, and this is {}", object.mode.kind()));
        return Ok(());
    }
    let text = match change.after.read(&Node { path: path.clone(), object }, attestation::MAX_ENVELOPE_BYTES)
    {
        Err(snapshot::Error::TooLarge { size, limit, .. }) => {
            refuse(format!("the file is {size} bytes long, and the limit is {limit}"));
            return Ok(());
        }
        other => other?,
    };
    let expected = format!("{}.json", ledger::sha256(&text).hex());
    if path.name() != expected.as_bytes() {
        refuse(format!("the file name does not match the SHA-256 of the attestation; expected {expected}"));
    } else if let Err(error) = attestation::read(&text) {
        refuse(format!("invalid attestation: {error}"));
    }
    Ok(())
}

/// Returns whether a commit of the change contains a request, even if it is removed later.
pub(super) fn has_requests(change: &LedgerChange<'_>) -> Result<bool> {
    Ok(!requests(change)?.is_empty())
}

/// Returns the requests of the change and of every commit of it: when each commit is merged, removed requests are recorded as well.
fn requests(change: &LedgerChange<'_>) -> Result<Vec<(RepoPath, snapshot::Object)>> {
    let mut found: BTreeMap<RepoPath, snapshot::Object> = BTreeMap::new();
    let is_request = |path: &RepoPath| in_directory(path, PENDING);
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

/// Checks each request against the ledger, while its author can still fix it.
pub(super) fn check_requests(change: &LedgerChange<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for changed in change.changes.iter().filter(|change| in_directory(&change.path, PENDING)) {
        if changed.before.is_some() && changed.after.is_some() {
            let message = "a request stays as it is: its name is its digest";
            findings.extend(change.rules.ledger_finding(
                LedgerIssue::Request,
                message.into(),
                Location::of(&changed.path),
            ));
        }
    }
    let mut before = None;
    for (path, object) in requests(change)? {
        let path = &path;
        let stays = change.after.find(path)?.is_some();
        let mut refuse = |message: String, place: Location| {
            findings.extend(change.rules.ledger_finding(LedgerIssue::Request, message, place))
        };
        if !stays {
            let message =
                "the change adds this request and removes it: merged commit by commit, it is still recorded";
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
                // With a history, what follows is asked of it: it knows what else is due.
                let result = match change.history.as_ref().filter(|history| history.head.is_some()) {
                    Some(_) => attested(change, &request),
                    None => {
                        // The ledger is read once, however many requests there are.
                        let batch = match before.take() {
                            Some(batch) => batch,
                            None => read_whole(change.before, change.policy.ledger.mode)?,
                        };
                        let result = possible(change, &batch, &request);
                        before = Some(batch);
                        result
                    }
                };
                if let Err(message) = result {
                    refuse(format!("this cannot be recorded: {message}"), Location::of(path));
                }
            }
        }
    }
    Ok(())
}

/// Returns why the attestation of a request is invalid.
fn attested(change: &LedgerChange<'_>, request: &Request) -> std::result::Result<(), String> {
    let Some(att) = request.att else { return Ok(()) };
    let path = RepoPath::from(ATTESTATIONS).join(format!("{}.json", att.hex()).as_bytes());
    let node = change.after.find(&path).ok().flatten().ok_or("the attestation that it names is not there")?;
    let text =
        change.after.read(&node, attestation::MAX_ENVELOPE_BYTES).map_err(|error| error.to_string())?;
    let event = attestation::subject(request.kind, Some(request.subject), &request.payload);
    attestation::verify(&text, &event, request.kind, &discipline(change.policy))
        .map_err(|error| error.to_string())
}

/// Returns why a request could not be recorded.
fn possible(change: &LedgerChange<'_>, batch: &Batch, request: &Request) -> std::result::Result<(), String> {
    let mut machine = batch.read.machine.clone();
    machine.discipline = discipline(change.policy);
    let draft = request.draft();
    attested(change, request)?;
    let line = draft.line(Some(&machine.prev(draft.subject).unwrap_or_else(tlog::Hash::empty)));
    let event = Event::read(line.as_bytes()).map_err(|flaw| flaw.message)?;
    machine.check(batch.read.size(), &event, tlog::Hash::empty()).map_err(|refusal| refusal.message)
}

/// Checks what the merge would introduce and could not be recorded: after the merge it is too late to fix it.
///
/// The check uses the current base branch and its policy; where each commit may become one of the base branch, each commit as well.
pub(super) fn check_recordable(change: &LedgerChange<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(history) = change.history.as_ref().filter(|history| !history.pushed) else { return Ok(()) };
    let Some(head) = history.head.filter(|_| change.policy.ledger.mode == LedgerMode::AfterMerge) else {
        return Ok(());
    };
    let Some(mut batch) = due(history, change.policy.ledger.mode)? else { return Ok(()) };
    let today = discipline(change.policy);
    let policy = |_: &CommitHeader| Ok(today.clone());
    // What the base branch already contains was recorded with it.
    let is_new = |step: &Change| !history.merged.contains(step);
    let preview = |batch: &mut Batch, before, after| {
        ledger::preview(batch, history.repository, before, after, &policy, &is_new)
    };
    let whole = preview(&mut batch, history.merge_base, head)?;
    let mut omissions: Vec<(Omission, Option<&CommitHeader>)> =
        whole.into_iter().map(|left| (left, None)).collect();
    if history.per_commit && history.commits.len() > 1 {
        let Some(mut each) = due(history, change.policy.ledger.mode)? else { return Ok(()) };
        for commit in history.commits {
            let Some(parent) = commit.parents.first() else { continue };
            let left = preview(&mut each, *parent, commit.id)?;
            omissions.extend(left.into_iter().map(|left| (left, Some(commit))));
        }
        omissions.extend(parted(&batch, &each).map(|left| (left, None)));
    }
    // An edit of a card that the policy freezes is IMM001, which a waiver can cover: a card must be restorable.
    let is_frozen = |path: &RepoPath| {
        let freezes = |discipline: &policy::Discipline| {
            discipline.kind == policy::Kind::Frozen { when: None }
                && discipline.pattern.matches(path.as_bytes())
        };
        change.policy.disciplines.iter().any(freezes)
    };
    omissions.retain(|(left, _)| !(left.is_card_edit && is_frozen(&left.path)));
    for (left, commit) in omissions {
        let is_there = change.after.find(&left.path)?.is_some_and(|node| node.object.mode == Mode::File);
        let place = if is_there { place_of(change, &left)? } else { Location::of(&RepoPath::from(FOLDER)) };
        let matter = match in_directory(&left.path, PENDING) {
            true => LedgerIssue::Request,
            false => LedgerIssue::Fault(FaultKind::IllegalTransition),
        };
        let is_reported = |finding: &Diagnostic| {
            change.rules.is_about(finding, LedgerIssue::Request)
                && finding.location.as_ref().is_some_and(|place| is_there && place.path == left.path)
        };
        if !findings.iter().any(is_reported) {
            let message = format!("once merged, this could not be recorded: {}", left.message);
            let known_key =
                left.subject.map(|ulid| recorded_key(history, &batch, ulid)).transpose()?.flatten();
            findings.extend(change.rules.ledger_finding(matter, message, place).map(|mut finding| {
                finding.commit = commit.map(commit_info);
                name_identity(&mut finding, known_key.as_deref());
                finding
            }));
        }
    }
    Ok(())
}

/// Returns the field that declares what could not be recorded, or the file where it is not known.
fn place_of(change: &LedgerChange<'_>, left: &Omission) -> Result<Location> {
    let Some(document) = Document::open(change.after, &left.path)? else {
        return Ok(Location::of(&left.path));
    };
    let fields: &[&str] = match left.kind {
        Some(EventType::Publish | EventType::Yank) => &["/version", "/semver"],
        Some(EventType::Rekey) => &["/key", "/doc_key"],
        Some(EventType::AliasAdd) => &["/aliases"],
        Some(EventType::Transfer) => &["/owner"],
        Some(EventType::Deprecate | EventType::Retire | EventType::Consolidate) => &["/status"],
        _ => &[],
    };
    let value = document.value.as_ref().ok();
    let exists = |field: &&&str| value.is_some_and(|value| value.pointer(field).is_some());
    let field = fields.iter().chain(&["/ulid"]).find(exists);
    Ok(field.map_or_else(|| Location::of(&left.path), |field| document.place(field)))
}

/// Returns the key of an identity that the base branch already has; a new one has no history to look at.
fn recorded_key(history: &LedgerHistory<'_>, batch: &Batch, ulid: Ulid) -> Result<Option<String>> {
    let card = RepoPath::from(CARDS).join(format!("{ulid}.yaml").as_bytes());
    let is_known = history.tip.find(&card)?.is_some();
    Ok(batch.read.machine.identity(ulid).filter(|_| is_known).map(|identity| identity.key.to_string()))
}

/// Makes the help name the identity.
fn name_identity(finding: &mut Diagnostic, key: Option<&str>) {
    finding.help.retain(|help| !help.starts_with("`id-ledger log`"));
    finding.help.extend(key.map(|key| format!("see its history: id-ledger log {key}")));
}

/// The ledger of base with what is due there already; `None` where there is none, or it cannot be gone on with.
fn due(history: &LedgerHistory<'_>, mode: LedgerMode) -> Result<Option<Batch>> {
    let mut batch = read_whole(history.tip, mode)?;
    if batch.read.size() == 0 || !batch.read.faults.is_empty() {
        return Ok(None);
    }
    let policies = disciplines(history.repository);
    let outcome = ledger::record(&mut batch, history.repository, history.mainline, "", None, &policies)?;
    Ok(match outcome {
        Outcome::Recorded { .. } => Some(batch),
        Outcome::Rewritten(_) => None,
    })
}

/// The identities that would end otherwise if each commit were recorded by itself.
fn parted<'b>(whole: &'b Batch, each: &'b Batch) -> impl Iterator<Item = Omission> + 'b {
    let subject = |line: &String| Event::read(line.as_bytes()).ok().and_then(|event| event.subject);
    let touched: BTreeSet<_> = each.lines.iter().filter_map(subject).collect();
    touched.into_iter().filter_map(|ulid| {
        let state = |batch: &Batch| {
            let identity = batch.read.machine.identity(ulid)?;
            let mut aliases = identity.aliases.clone();
            aliases.sort();
            Some((
                identity.key.clone(),
                identity.path.clone(),
                identity.owner.clone(),
                identity.status,
                aliases,
            ))
        };
        (state(whole) != state(each)).then(|| Omission {
            commit: ObjectId::from_bytes(&[0; 20]).expect("twenty bytes are an id"),
            path: RepoPath::root(),
            subject: Some(ulid),
            kind: None,
            is_card_edit: false,
            message: format!(
                "merged commit by commit, {ulid} would end in another state than with the change as a whole"
            ),
        })
    })
}
