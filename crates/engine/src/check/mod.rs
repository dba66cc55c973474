//! Checks a change: against the merge bases and the tip of the base branch and, where the caller asks for it, commit by commit.

mod bases;
mod commits;
mod comparison;
mod coverage;
mod head;
mod past_elements;
mod report;
mod waiver_dates;

use diagnostic::{CheckError, CheckedRange, Diagnostic, Report};
use dialect::discover;
use index::Index;
use ledger::files::FOLDER;
use policy::{Date, IgnoredKind, Policy, Subject};
use repo::{Commit, CommitHeader, Repository, range};
use snapshot::{Change, ObjectId, RepoPath, Snapshot};

use self::bases::find_bases;
use self::commits::check_each_commit;
pub(crate) use self::comparison::AlreadyMerged;
use self::comparison::{Comparison, check_comparisons, comparisons};
pub(crate) use self::coverage::CoverageSearch;
use self::coverage::check_coverage;
use self::head::OpenHead;
use self::report::Reporter;
use self::waiver_dates::WaiverDates;
use crate::change::ChangeContext;
use crate::custom_documents::{CustomRules, check_documents};
use crate::error::Error;
use crate::ledger_checks::{LedgerChange, LedgerHistory, check_ledger_change};
use crate::levels::{Seen, finish};
use crate::manifests::{ManifestRequest, check_manifests, check_touched};
use crate::paths::is_policy;
use crate::policy_change;
use crate::rule::Rule;
use crate::rule_set::RuleSet;
use crate::state::{CoverageReports, touches_identities};
use crate::state_checks::{BaseAndHead, check_artifacts};

/// The size limit of a file that a check reads.
const MAX_FILE_BYTES: u64 = 512 << 20;

/// The notes of a report: more are counted, since they ask for nothing.
const MAX_NOTES: usize = 20;

/// What is compared with the base branch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// A commit.
    Commit(ObjectId),
    /// The index, as the next commit on `HEAD`.
    Index,
    /// The working tree, as the next commit on `HEAD`.
    Worktree,
}

/// What to check.
pub struct CheckRequest<'r> {
    /// The rules.
    pub rules: &'r [&'static Rule],
    /// The repository.
    pub repository: &'r Repository,
    /// The tip of the base branch.
    pub base: ObjectId,
    /// The name of the base branch.
    pub base_name: Option<String>,
    /// What is compared with it.
    pub head: Head,
    /// Whether each commit of the range is checked as well.
    pub per_commit: bool,
    /// Whether the base branch itself is checked after a push, and not a change before its merge.
    pub pushed: bool,
    /// The policy, read from the base branch.
    pub policy: &'r Policy,
    /// The name of the policy in the report.
    pub policy_name: String,
    /// The day of the run.
    pub today: Date,
    /// Returns the index of an earlier run: it saves reading, and changes nothing else.
    pub known_index: &'r dyn Fn() -> Option<Index>,
    /// Evaluates the custom rules of packs.
    pub custom: &'r CustomRules<'r>,
    /// The coverage reports; empty where the run is given none.
    pub coverage: CoverageReports<'r>,
}

/// Checks a change; returns the report, and the index of the base branch where it differs from the known one.
///
/// # Errors
/// When the check could not run: unrelated histories, an empty range, a missing or corrupt object, a limit.
pub fn check(request: &CheckRequest<'_>) -> Result<(Report, Option<Index>), Error> {
    let repository = request.repository;
    let head_commit = match request.head {
        Head::Commit(id) => id,
        Head::Index | Head::Worktree => repository.resolve("HEAD")?.ok_or_else(no_head)?,
    };
    let bases = find_bases(request, head_commit)?;
    let tip = repository.commit(request.base)?;
    let opened = OpenHead::open(repository, request.head)?;
    let head = opened.snapshot();
    let (comparisons, merged) = comparisons(request, &bases, head, &tip)?;
    let Comparison { before: base, changes, .. } = &comparisons[0];
    opened.refuse_unconverted(changes, request.policy)?;
    let merge_base = base.header().id;
    let mut commits = range(repository.objects(), merge_base, head_commit)?;
    commits.retain(|commit| commit.id != merge_base);

    let mut reporter = Reporter::new(request, merge_base);
    check_comparisons(request, &comparisons, head, &tip, &mut reporter)?;
    if request.per_commit {
        check_each_commit(request, &commits, base, &tip, &merged, &mut reporter)?;
    }
    let ledger_rewritten = reporter.ledger_rewritten;
    let (mut findings, notes) = (reporter.findings, reporter.notes);
    let rules = RuleSet(request.rules);
    let own = check_whole_change(request, changes, base, head, &commits, &mut findings)?;
    check_coverage(request, own.as_ref(), changes, base, head, &mut findings);
    let artifacts = rules.checks_artifacts();
    let ledger = LedgerChange {
        rules,
        before: base,
        after: head,
        changes,
        policy: request.policy,
        is_rewritten: ledger_rewritten,
        history: Some(LedgerHistory {
            repository,
            tip: &tip,
            per_commit: request.per_commit,
            merge_base,
            mainline: if request.pushed { head_commit } else { request.base },
            head: matches!(request.head, Head::Commit(_)).then_some(head_commit),
            pushed: request.pushed,
            commits: &commits,
            merged: &merged,
        }),
    };
    // Only a change of identities leads to events.
    let each = request.per_commit && commits.len() > 1;
    let touches_identities = artifacts && touches_identities(head, &tip, changes, &request.policy.layout)?;
    let records_events = artifacts && (each || touches_identities);
    check_ledger_change(&ledger, records_events, &mut findings)?;
    let (mut base_index, mut messages) = (None, first_notes(notes));
    if artifacts {
        let discovery = discover(head, request.policy, Some(&tip))?;
        let claimed = discovery.claimed();
        let trees = BaseAndHead {
            head,
            tip: &tip,
            changes,
            touches_identities,
            pushed: request.pushed,
            open_tree: Some(repository),
            claimed: &claimed,
            coverage: request.coverage,
        };
        base_index = check_artifacts(
            rules,
            request.policy,
            &trees,
            request.known_index,
            request.today,
            &mut findings,
            &mut messages,
        )?;
        check_documents(rules, head, Some(changes), request.policy, request.custom, &mut findings)?;
        let manifests = ManifestRequest {
            rules: request.rules,
            head,
            discovery: &discovery,
            policy: request.policy,
            custom: request.custom,
            repository_name: None,
        };
        findings.extend(check_touched(&manifests, &tip, changes)?);
    }
    finish(rules, request.policy, request.today, &Seen::Part, &mut findings);
    name_restore_point(base, &mut findings)?;
    if merge_base != request.base {
        advise_to_merge(request, &mut findings);
    }
    let checked = CheckedRange {
        command: "check".into(),
        base: Some(request.base),
        base_name: request.base_name.clone(),
        head: Some(head.name()),
        merge_base: Some(merge_base),
        policy: Some(request.policy_name.clone()),
        commits: commits.len() as u64,
        files: changes.len() as u64,
        cards: changes.iter().filter(|change| is_card(request.policy, change)).count() as u64,
        rules: rules.count(),
        ..CheckedRange::default()
    };
    Ok((Report { checked, findings, messages, ..Report::default() }, base_index))
}

/// Cuts a long list of notes.
fn first_notes(mut notes: Vec<String>) -> Vec<String> {
    let more = notes.len().saturating_sub(MAX_NOTES);
    notes.truncate(MAX_NOTES);
    notes.extend((more > 0).then(|| format!("note: {more} more notes")));
    notes
}

/// Runs the rules about a change as a whole; returns the policy of the new version, where it is valid and not that of the base branch.
fn check_whole_change(
    request: &CheckRequest<'_>,
    changes: &[Change],
    base: &dyn Snapshot,
    head: &dyn Snapshot,
    commits: &[CommitHeader],
    findings: &mut Vec<Diagnostic>,
) -> Result<Option<Policy>, Error> {
    let rules = RuleSet(request.rules);
    let (mut own, mut dates) = (None, None);
    if changes.iter().any(|change| is_policy(&change.path)) {
        own = Some(Policy::load(head));
        dates = Some(WaiverDates::read(request, commits)?);
    }
    let load_policy = || match (&own, &dates) {
        (Some(Ok(policy)), Some(dates)) => {
            let mut problems = policy_change::problems(request.policy, policy, &|waiver| dates.of(waiver));
            // Custom rules that cannot be evaluated on the new tree would check nothing once they are merged.
            let checked = check_documents(rules, head, None, policy, request.custom, &mut Vec::new());
            problems.extend(checked.err().map(CheckError::from));
            problems.extend(check_new_dialects(request, head, policy).err().map(CheckError::from));
            problems
        }
        (Some(Err(error)), _) => error.clone().into_check_errors(),
        _ => Vec::new(),
    };
    rules.check_change(&ChangeContext::new(changes, base, head, &load_policy), findings);
    if let Some(Ok(policy)) = &own {
        let files = policy_change::new_ignored(request.policy, policy)
            .filter(|ignored| ignored.what == IgnoredKind::File);
        rules.check_ignored(files, findings);
    }
    Ok(own.and_then(Result::ok))
}

/// Checks every manifest by the policy of a change: schemas and rules that cannot be evaluated would check nothing once they are merged.
fn check_new_dialects(request: &CheckRequest<'_>, head: &dyn Snapshot, policy: &Policy) -> Result<(), Error> {
    let discovery = discover(head, policy, None)?;
    let (rules, custom) = (request.rules, request.custom);
    let manifests =
        ManifestRequest { rules, head, discovery: &discovery, policy, custom, repository_name: None };
    check_manifests(&manifests, &|_| true).map(drop)
}

/// Makes the help of the ledger's rules restore from the merge base: `HEAD` contains the change itself once it is committed.
fn name_restore_point(base: &Commit<'_>, findings: &mut [Diagnostic]) -> snapshot::Result<()> {
    let from_head = format!("git checkout HEAD -- {FOLDER}");
    let has_ledger = base.find(&RepoPath::from(FOLDER))?.is_some();
    let command = match has_ledger {
        true => format!("git checkout {} -- {FOLDER}", base.header().id.short()),
        false => format!("git rm -r --quiet -- {FOLDER}"),
    };
    for help in findings.iter_mut().flat_map(|finding| &mut finding.help) {
        *help = help.replace(&from_head, &command);
    }
    Ok(())
}

/// Adds to each finding that the branch is behind the base branch: merging that can end the finding, and is needed in any case.
fn advise_to_merge(request: &CheckRequest<'_>, findings: &mut [Diagnostic]) {
    let name = request.base_name.clone().unwrap_or_else(|| request.base.short());
    let advice = format!("the branch is behind {name}: merge {name} into this branch");
    for finding in findings {
        finding.help.push(advice.clone());
    }
}

fn is_card(policy: &Policy, change: &Change) -> bool {
    policy.disciplines.iter().any(|discipline| {
        discipline.subject == Subject::Card && discipline.pattern.matches(change.path.as_bytes())
    })
}

fn no_head() -> CheckError {
    CheckError {
        message: "HEAD has no commits yet".into(),
        help: Some("commit something first".into()),
        location: None,
    }
}
