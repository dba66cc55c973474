//! What is on the main branch must be recorded: in the ledger, and in the registry that is built from it.

use std::collections::BTreeSet;

use diagnostic::{Diagnostic, Level, Location};
use dialect::Claimed;
use index::{Claims, Index};
use ledger::files::{FOLDER, Files, InSnapshot, read_checkpoint};
use ledger::{Batch, Event, EventType, FaultKind, Outcome, ReadOptions};
use policy::{Date, LedgerMode, Policy};
use repo::{Commit, Repository};
use snapshot::{Error, RepoPath, Result, Snapshot};

use crate::ledger_checks::{UnrecordedVersion, unrecorded_versions};
use crate::ledger_policy::disciplines;
use crate::levels::finish_existing;
use crate::recorded_identities::check_recorded_identities;
use crate::rule::{LedgerIssue, Rule, RunKind};
use crate::rule_set::RuleSet;
use crate::state::{ArtifactPaths, CoverageReports, Covered, StateContext, StateInput};

/// The main branch, and where it is recorded.
pub struct RecordedStateRequest<'r> {
    /// The rules.
    pub rules: &'r [&'static Rule],
    /// The repository.
    pub repository: &'r Repository,
    /// The newest commit of the main branch.
    pub head: &'r Commit<'r>,
    /// The commit with the ledger and the registry: the same, or one of a separate branch.
    pub record: &'r Commit<'r>,
    /// The policy of the main branch.
    pub policy: &'r Policy,
    /// The day of the run.
    pub today: Date,
    /// Whether findings are only warnings: what is checked has not caused them.
    pub only_warns: bool,
    /// Whether everything up to the head must be recorded by now. Else only the versions of the head are looked up: the record may be of an earlier or
    /// a later commit.
    pub is_settled: bool,
    /// Returns the index of an earlier run: it saves reading, and changes nothing else.
    pub known_index: &'r dyn Fn() -> Option<Index>,
}

/// Returns whether versions must be in the ledger: it exists, or the policy names it.
pub(crate) fn expects_record(files: &dyn Files, policy: &Policy) -> Result<bool> {
    Ok(policy.ledger.origin.is_some() || read_checkpoint(files)?.is_some())
}

/// Checks that every version on the main branch is in the ledger, and that the registry is built from it.
///
/// Nothing is found in a ledger that is not valid, where the rules of the run report that.
///
/// # Errors
/// When something cannot be read, or the ledger is not valid and no rule of the run reports it.
pub fn check_recorded_state(request: &RecordedStateRequest<'_>) -> Result<Vec<Diagnostic>> {
    let files = InSnapshot(request.record);
    let (rules, policy) = (RuleSet(request.rules), request.policy);
    if !expects_record(&files, policy)? {
        return Ok(Vec::new());
    }
    let read = ReadOptions::default().read(&files, &mut |_, _| {})?;
    if let Some(fault) = read.faults.first() {
        // Without the rules that report it, the record cannot be compared.
        if request.rules.iter().any(|rule| rule.runs_in(RunKind::Ledger)) {
            return Ok(Vec::new());
        }
        return Err(Error::Refused {
            what: format!("{FOLDER}/{}: {}", fault.file, fault.message),
            help: "what was merged was not compared with the ledger; list all faults: id-ledger verify"
                .into(),
        });
    }
    let is_begun = read.size() > 0;
    let mut findings = Vec::new();
    let mut unrecorded = Vec::new();
    let mut batch = Batch::new(read);
    let mut is_complete = true;
    if is_begun && request.is_settled && policy.ledger.mode != LedgerMode::InChange {
        match due(request, &mut batch)? {
            Due::Versions(found) => unrecorded = found,
            Due::Rewritten(finding) => {
                findings.extend(finding.map(|finding| *finding));
                is_complete = false;
            }
        }
    }
    let known = (request.known_index)();
    let known: Vec<&Index> = known.iter().collect();
    let index = Index::build(request.head, &policy.layout, &known)?;
    for version in unrecorded_versions(request.head, &index, &files)? {
        let is_known = unrecorded.iter().any(|other: &UnrecordedVersion| other.document == version.document);
        if !is_known {
            unrecorded.push(version);
        }
    }
    findings.extend(unrecorded.into_iter().filter_map(|version| version.finding(rules)));
    if is_begun && request.is_settled {
        check_registry(request, &index, &mut findings)?;
    }
    if is_begun && request.is_settled && is_complete {
        check_recorded_identities(rules, request.head, &index, &batch, &mut findings)?;
    }
    if request.only_warns {
        findings.iter_mut().for_each(|finding| finding.level = finding.level.min(Level::Warn));
    }
    finish_existing(policy, request.today, &mut findings);
    Ok(findings)
}

/// What the history has that the ledger has not.
enum Due {
    Versions(Vec<UnrecordedVersion>),
    /// The last recorded commit is not part of the history any more.
    Rewritten(Option<Box<Diagnostic>>),
}

/// Derives the events that are due, and returns the versions that only the history knows: published, and removed again.
fn due(request: &RecordedStateRequest<'_>, batch: &mut Batch) -> Result<Due> {
    let repository = request.repository;
    let policies = disciplines(repository);
    let head = request.head.header().id;
    let outcome = ledger::record(batch, repository, head, "", None, &policies)?;
    if let Outcome::Rewritten(evidence) = outcome {
        let message = format!(
            "the branch no longer contains commit {}, which the ledger records: it was rewritten, or merged with swapped parents",
            evidence.last
        );
        let issue = LedgerIssue::Fault(FaultKind::NotDerivable);
        let place = Location::of(&RepoPath::from(FOLDER));
        let finding = RuleSet(request.rules).ledger_finding(issue, message, place);
        return Ok(Due::Rewritten(finding.map(Box::new)));
    }
    let mut found: Vec<UnrecordedVersion> = Vec::new();
    // Versions that the tree still declares are found there, with their place, also those that cannot be recorded.
    for line in &batch.lines {
        let Ok(event) = Event::read(line.as_bytes()) else { continue };
        let (EventType::Publish, Some(ulid)) = (event.kind, event.subject) else { continue };
        let Some(identity) = batch.read.machine.identity(ulid) else { continue };
        let path = RepoPath::from(&*identity.path);
        if request.head.find(&path)?.is_none() {
            let version = event.text("version").unwrap_or_default();
            let message = format!(
                "version {version} of {} was on the main branch, and is not in the ledger",
                identity.key
            );
            found.push(UnrecordedVersion::new(path, message));
        }
    }
    Ok(Due::Versions(found))
}

/// Runs the rules about the registry on the tree that contains it.
fn check_registry(
    request: &RecordedStateRequest<'_>,
    index: &Index,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let rules: Vec<&'static Rule> =
        request.rules.iter().copied().filter(|rule| rule.runs_in(RunKind::Recorded)).collect();
    let coverage = Covered::new(CoverageReports { reports: &[], roots: &[] }, &request.policy.layout);
    let input = StateInput {
        head: request.record,
        changes: None,
        has_identities: true,
        tip: None,
        index,
        open_tree: None,
        claimed: &Claimed::default(),
        base_index: None,
        identified: &BTreeSet::new(),
        pushed: true,
        policy: request.policy,
        today: request.today,
        coverage: &coverage,
    };
    let paths = ArtifactPaths::none();
    let claims = Claims::default();
    RuleSet(&rules).check_state(&StateContext::open(&input, &paths, &claims)?, findings)
}
