//! Judging the ledger's own lines: what a change does to `.ledger/`, what it asks for, and what could be recorded of it.

mod brought;
mod published;
mod requests;

use std::collections::BTreeMap;

use brought::judge_lines;
use diagnostic::{Diagnostic, Location, Related, Status};
use ledger::derive::is_on_mainline;
use ledger::files::{
    ATTESTATIONS, CHECKPOINT, FOLDER, Files, InSnapshot, MAX_SEGMENT_BYTES, PENDING, SEGMENT, segment_name,
};
use ledger::{Batch, Discipline, EventType, Fault, FaultKind, ReadOptions};
use policy::{Date, Policy, WriterSettings};
use published::judge_published;
pub use published::{Published, Standing, judge_standing};
use repo::{CommitHeader, Repository};
use requests::{asks, judge_attestation, judge_requests, judge_what_follows};
use snapshot::{Change, ObjectId, RepoPath, Result, Snapshot};
use tlog::VerifierKey;

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
    /// The tip of base.
    pub(crate) tip: &'c dyn Snapshot,
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
    /// Whether each of them may become a commit of the mainline.
    pub(crate) per_commit: bool,
}

/// Returns what policy lets the ledger do.
#[must_use]
pub fn discipline(policy: &Policy) -> Discipline {
    let attested = policy.ledger.attested.iter().filter_map(|name| EventType::from_name(name)).collect();
    let attesters = policy.ledger.attesters.iter().filter_map(|key| VerifierKey::parse(key).ok()).collect();
    Discipline { back_ports: policy.ledger.back_ports, attested, attesters, tags: policy.tags.clone() }
}

/// What the policy of each commit let the ledger do.
pub fn disciplines(repository: &Repository) -> impl Fn(&CommitHeader) -> Result<Discipline> {
    // A policy that cannot be read lets nothing more happen than none does.
    let of =
        of_each_commit(repository, |policy| policy.map(|policy| discipline(&policy)).unwrap_or_default());
    move |header| of(header.id)
}

/// Who the policy of each commit says that tags and commits are by.
pub fn writers(repository: &Repository) -> impl Fn(ObjectId) -> Result<WriterSettings> {
    of_each_commit(repository, |policy| policy.map(|policy| policy.writer).unwrap_or_default())
}

/// What the policy of each commit says, or `None` where it cannot be read. Commits with the same policy folder are asked once.
fn of_each_commit<T: Clone>(
    repository: &Repository,
    take: impl Fn(Option<Policy>) -> T,
) -> impl Fn(ObjectId) -> Result<T> {
    let known: std::cell::RefCell<Option<(Option<ObjectId>, T)>> = std::cell::RefCell::default();
    move |id| {
        let commit = repository.commit(id)?;
        let folder = commit.find(&RepoPath::from(policy::PACKS))?.and_then(|node| node.object.id);
        if let Some((_, said)) = known.borrow().as_ref().filter(|(known, _)| *known == folder) {
            return Ok(said.clone());
        }
        let found = take(Policy::load(&commit).ok());
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
    let begun = change.before.find(&RepoPath::from(FOLDER).join(CHECKPOINT.as_bytes()))?.is_some();
    let asks = asks(change)?;
    // Where the ledger stands beside the mainline, or is still to begin, a version that stands will be recorded all the same.
    let tip = change.history.as_ref().map_or(change.before, |history| history.tip);
    let begun_on_tip = tip.find(&RepoPath::from(FOLDER).join(CHECKPOINT.as_bytes()))?.is_some();
    if begun_on_tip || change.policy.ledger.origin.is_some() {
        judge_published(change, findings)?;
    }
    let pushed = change.history.as_ref().is_some_and(|history| history.pushed);
    if touched.is_empty() && !asks && !(begun && (tells || pushed)) {
        return Ok(());
    }
    // Where what stood was changed, that has been told: what follows from it would only repeat it.
    let rewritten = findings.iter().any(|finding| {
        finding.rule.id.code == "LED001"
            && finding.location.as_ref().is_some_and(|place| is_ledger(&place.path))
    });
    let mut others = Vec::new();
    for touched in touched {
        match (in_folder(&touched.path, PENDING), in_folder(&touched.path, ATTESTATIONS)) {
            (true, _) => {}
            (_, true) => judge_attestation(change, touched, findings)?,
            _ => others.push(touched),
        }
    }
    judge_requests(change, findings)?;
    if rewritten {
        return Ok(());
    }
    if !others.is_empty() {
        judge_lines(change, &others, standing(change.before)?, findings)?;
    }
    if begun && pushed {
        judge_mainline(change, findings)?;
    }
    if tells || asks {
        judge_what_follows(change, findings)?;
    }
    Ok(())
}

/// The ledger of a snapshot, every line of it.
fn standing(snapshot: &dyn Snapshot) -> Result<Batch> {
    let reading = ReadOptions { whole: true, ..ReadOptions::default() };
    Ok(Batch::new(reading.read(&InSnapshot(snapshot), &mut |_, _| {})?))
}

/// What is pushed still holds what was recorded: else nothing more can be.
fn judge_mainline(change: &LedgerChange<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(history) = &change.history else { return Ok(()) };
    let last = standing(change.before)?.read.last_src.and_then(|src| ObjectId::from_hex(src.as_bytes()));
    let Some(last) = last else { return Ok(()) };
    if !is_on_mainline(history.repository, last, history.mainline)? {
        let message = format!(
            "the mainline does not hold commit {last} any more, of which the ledger tells: it was rewritten, or merged the wrong way round"
        );
        let place = Location::of(&RepoPath::from(FOLDER));
        findings.extend(tell(LedgerMatter::Fault(FaultKind::NotDerivable), message, place));
    }
    Ok(())
}

/// Puts what is wrong with a ledger into the words of its rules, each at its line.
fn tell_faults(files: &dyn Files, faults: &[Fault]) -> Result<Vec<Diagnostic>> {
    let mut texts: BTreeMap<String, Option<Vec<u8>>> = BTreeMap::new();
    let mut found = Vec::new();
    for fault in faults {
        let text = match texts.get(&fault.file) {
            Some(text) => text,
            None => {
                let text = files.read(&fault.file, MAX_SEGMENT_BYTES)?;
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
    Ok(match files.read(&fault.file, MAX_SEGMENT_BYTES)? {
        Some(text) => Location::at(&path, &text, fault.span.clone()),
        None => Location::of(&path),
    })
}

/// Finds the rule that speaks of a matter, and lets it speak.
pub(crate) fn tell(matter: LedgerMatter, message: String, place: Location) -> Option<Diagnostic> {
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
        use LedgerMatter as M;
        let others = [
            M::Touched,
            M::Request,
            M::Published,
            M::TagMoved,
            M::TagMissing,
            M::TagAltered,
            M::TagUnrecorded,
        ];
        let matters = faults.map(M::Fault).into_iter().chain(others);
        for matter in matters {
            let speaks =
                |rule: &&&Rule| matches!(rule.check, Check::Ledger { speaks_of, .. } if speaks_of == matter);
            assert_eq!(RULES.iter().filter(speaks).count(), 1, "{matter:?}");
        }
    }
}
