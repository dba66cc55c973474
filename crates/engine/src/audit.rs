//! Audits a history in one pass: every commit of the walk against its parents, with the state that led there.

use std::collections::{BTreeSet, HashMap, HashSet};

use diagnostic::{CheckError, CheckedRange, CommitInfo, Diagnostic, Report, Status};
use policy::{Date, Policy, Subject};
use repo::{CommitHeader, Comparison, Repository, Scope, TreeChanges, TreeDiffer, Walk, walk};
use serde::{Deserialize, Serialize};
use snapshot::{Change, Kind, ObjectId, RepoPath, Result, Snapshot};

use crate::breach_context::BreachContext;
use crate::commit_info::commit_info;
use crate::disciplines::{
    BreachVariant, Documents, History, HistoryPriorState, PathBreach, TreeDiff, check_disciplines,
};
use crate::error::Error;
use crate::levels::{Seen, finish};
use crate::policy_coverage::GapSearch;
use crate::rule::{Rule, RunKind};
use crate::rule_set::RuleSet;
use crate::scope::FullScope;

/// What to audit.
pub struct AuditRequest<'r> {
    /// The rules.
    pub rules: &'r [&'static Rule],
    /// The repository.
    pub repository: &'r Repository,
    /// The commit whose history is audited.
    pub head: ObjectId,
    /// Only commits behind this one.
    pub since: Option<ObjectId>,
    /// Which parents are followed.
    pub walk: Walk,
    /// How trees and files are compared.
    pub comparison: Comparison,
    /// The policy for every commit.
    pub policy: &'r Policy,
    /// The name of the policy in the report.
    pub policy_name: String,
    /// The day of the run.
    pub today: Date,
    /// The resume data of an earlier audit, as [`audit`] returned it; unusable data is ignored.
    pub resume: Option<&'r [u8]>,
    /// Called with the number of finished commits and of all commits.
    pub progress: &'r dyn Fn(usize, usize),
}

/// The resume data of an audit.
///
/// It is usable only where the walk meets its last commit, under the same policy, program and walk.
#[derive(Serialize, Deserialize)]
struct State {
    key: String,
    last: ObjectId,
    commits: u64,
    cards: u64,
    files: u64,
    history: History,
    reported: Vec<ReportedBreach>,
    /// The commits of the first parents, where every parent is followed.
    mainline: BTreeSet<ObjectId>,
}

/// A breach, and the commits between which it was introduced.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct ReportedBreach {
    breach: PathBreach,
    commit: ObjectId,
    parent: Option<ObjectId>,
    first_set_in: Option<ObjectId>,
}

/// The governed part of the tree.
struct Governed<'p>(&'p Policy);

impl Scope for Governed<'_> {
    fn enter(&self, directory: &RepoPath) -> bool {
        self.0.enters(directory)
    }

    fn concerns(&self, file: &RepoPath) -> bool {
        // A link may replace a governed directory.
        self.0.concerns(file) || self.0.enters(file)
    }
}

/// The outcome of an audit.
pub struct Audited {
    /// The report.
    pub report: Report,
    /// What to keep for the next audit; empty where there is nothing.
    pub resume: Vec<u8>,
    /// The known findings that no longer occur, by their position in the list.
    pub gone: Vec<usize>,
}

/// Audits a history.
///
/// # Errors
/// When the audit could not run: a shallow boundary, a missing or corrupt object, a limit, a `since` that is not an ancestor.
pub fn audit(request: &AuditRequest<'_>) -> std::result::Result<Audited, Error> {
    let objects = request.repository.objects();
    let key = key(request);
    let mut state = request.resume.and_then(|bytes| resume(bytes, &key, request)).unwrap_or_else(|| State {
        key: key.clone(),
        last: request.head,
        commits: 0,
        cards: 0,
        files: 0,
        history: History::default(),
        reported: Vec::new(),
        mainline: BTreeSet::new(),
    });
    let resumed = (state.commits > 0).then_some(state.last);
    let stop = request.since.or(resumed);
    let mut met = stop.is_none();
    let mut commits = walk(
        objects,
        request.head,
        &mut |id| {
            met |= Some(id) == stop;
            Some(id) == stop
        },
        request.walk,
    )?;
    if !met {
        if request.since.is_some() {
            return Err(no_ancestor(request).into());
        }
        // The resume data is of another history, and the walk went to the root anyway.
        state = State {
            key,
            last: request.head,
            commits: 0,
            cards: 0,
            files: 0,
            history: History::default(),
            reported: Vec::new(),
            mainline: BTreeSet::new(),
        };
    }
    let mut auditor = Auditor {
        request,
        differ: TreeDiffer::new(objects, request.comparison),
        documents: Documents::default(),
        reported_keys: HashSet::new(),
        state,
        last: None,
    };
    if let Some(since) = request.since {
        auditor.start_after(since)?;
    }
    if request.walk == Walk::AllParents {
        let parents: HashMap<ObjectId, Option<ObjectId>> =
            commits.iter().map(|commit| (commit.id, commit.parents.first().copied())).collect();
        let first_parents =
            std::iter::successors(Some(request.head), |id| parents.get(id).copied().flatten());
        auditor.state.mainline.extend(first_parents);
    }
    let total = commits.len();
    for (at, commit) in commits.drain(..).enumerate() {
        if at % 256 == 0 {
            (request.progress)(at, total);
        }
        auditor.commit(&commit)?;
    }
    (request.progress)(total, total);
    auditor.state.last = request.head;
    let (report, gone) = auditor.report()?;
    // A partial audit cannot be resumed.
    let resume = match request.since {
        Some(_) => Vec::new(),
        None => seal(&auditor.state),
    };
    Ok(Audited { report, resume, gone })
}

/// Returns the commits behind the head that an audit along the first parents leaves out.
fn left_out(request: &AuditRequest<'_>) -> BTreeSet<ObjectId> {
    let objects = request.repository.objects();
    let commits = |kind| walk(objects, request.head, &mut |_| false, kind);
    if request.walk == Walk::AllParents {
        return BTreeSet::new();
    }
    // The audit has read this history already: what fails here would have failed there.
    let (Ok(all), Ok(audited)) = (commits(Walk::AllParents), commits(Walk::FirstParent)) else {
        return BTreeSet::new();
    };
    let audited: HashSet<ObjectId> = audited.iter().map(|commit| commit.id).collect();
    all.iter().map(|commit| commit.id).filter(|id| !audited.contains(id)).collect()
}

/// What an earlier audit must share with this one.
fn key(request: &AuditRequest<'_>) -> String {
    // The first word is the format of the data.
    format!(
        "history-6 {} {} {:?} {}",
        env!("CARGO_PKG_VERSION"),
        request.policy.digest,
        request.walk,
        request.rules.len()
    )
}

fn seal(state: &State) -> Vec<u8> {
    let body = postcard::to_stdvec(state).unwrap_or_default();
    let mut bytes = digest(&body).to_vec();
    bytes.extend(body);
    bytes
}

/// Reads the data of an earlier audit; `None` where it is damaged, of another program or policy, or names a missing commit.
fn resume(bytes: &[u8], key: &str, request: &AuditRequest<'_>) -> Option<State> {
    let (sum, body) = bytes.split_at_checked(32)?;
    if sum != digest(body) || request.since.is_some() {
        return None;
    }
    let state: State = postcard::from_bytes(body).ok()?;
    (state.key == key && request.repository.objects().contains(state.last)).then_some(state)
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    digest::Digest::of(bytes).0
}

fn no_ancestor(request: &AuditRequest<'_>) -> CheckError {
    let since = request.since.map(|id| id.short()).unwrap_or_default();
    CheckError {
        message: format!("{since} is not on the way from the root to {}", request.head.short()),
        help: Some("name an ancestor along the first parents, or leave --since out".into()),
        location: None,
    }
}

struct Auditor<'a, 'r> {
    request: &'a AuditRequest<'r>,
    differ: TreeDiffer<'r>,
    /// The documents that were parsed last.
    documents: Documents,
    /// What was reported, so that the comparisons with further parents of a merge do not repeat it.
    reported_keys: HashSet<(BreachVariant, RepoPath, Option<ObjectId>)>,
    state: State,
    /// The last commit and its tree: usually the parent of the next one.
    last: Option<(ObjectId, ObjectId)>,
}

impl Auditor<'_, '_> {
    /// Accepts the tree of a commit as it is: the audit begins after it.
    fn start_after(&mut self, commit: ObjectId) -> Result<()> {
        let header = self.request.repository.objects().commit(commit)?;
        let added = self.differ.compare(None, header.tree, &Governed(self.request.policy))?;
        self.state.history.begin(commit);
        self.state.history.learn_additions(&added.changes);
        Ok(())
    }

    fn commit(&mut self, commit: &CommitHeader) -> Result<()> {
        self.state.history.begin(commit.id);
        self.state.commits += 1;
        let parents = match self.request.walk {
            Walk::FirstParent => &commit.parents[..commit.parents.len().min(1)],
            Walk::AllParents => &commit.parents[..],
        };
        if parents.is_empty() {
            return self.compare(commit, None, 0);
        }
        parents.iter().enumerate().try_for_each(|(at, parent)| self.compare(commit, Some(*parent), at))?;
        self.last = Some((commit.id, commit.tree));
        Ok(())
    }

    fn compare(&mut self, commit: &CommitHeader, parent: Option<ObjectId>, at: usize) -> Result<()> {
        let objects = self.request.repository.objects();
        let before = match (parent, self.last) {
            (Some(parent), Some((last, tree))) if parent == last => Some(tree),
            (parent, _) => parent.map(|parent| objects.commit(parent)).transpose()?.map(|parent| parent.tree),
        };
        let scope = Governed(self.request.policy);
        let TreeChanges { mut changes, faults } = self.differ.compare(before, commit.tree, &scope)?;
        if changes.is_empty() && faults.is_empty() {
            return Ok(());
        }
        if self.request.comparison == Comparison::Whole {
            // Every governed file is verified by its id, not only those with findings.
            let files = changes
                .iter()
                .filter_map(|change| change.after)
                .filter(|after| after.mode.kind() == Kind::File);
            for id in files.filter_map(|after| after.id) {
                self.differ.blob(id)?;
            }
        }
        self.state.files += changes.len() as u64;
        let is_card = |change: &&Change| {
            self.request.policy.disciplines.iter().any(|discipline| {
                discipline.subject == Subject::Card && discipline.pattern.matches(change.path.as_bytes())
            })
        };
        self.state.cards += changes.iter().filter(is_card).count() as u64;
        self.state.history.learn_additions(&changes);
        let governed = changes.clone();
        if changes.iter().any(|change| change.before.is_some() && change.after.is_none()) {
            // A governed file is gone: the whole change explains where it went.
            changes = self.differ.compare(before, commit.tree, &FullScope)?.changes;
        }
        // Only these need the whole tree before the change.
        let needs_tree = self.request.walk == Walk::AllParents
            || changes.iter().any(|change| crate::paths::is_ledger(&change.path));
        let parent_commit = parent.filter(|_| needs_tree);
        let parent_commit = parent_commit.map(|parent| self.request.repository.commit(parent)).transpose()?;
        let tree_before = parent_commit.as_ref().map(|commit| commit as &dyn Snapshot);
        let diff = TreeDiff { changes: &changes, faults: &faults, secondary: at > 0, before: tree_before };
        let tree = tree_before.filter(|_| self.request.walk == Walk::AllParents);
        let mainline = (self.request.walk == Walk::AllParents).then_some(&self.state.mainline);
        let mut prior = HistoryPriorState::new(&self.state.history, &governed, tree, mainline);
        let breaches =
            check_disciplines(self.request.policy, &diff, &mut self.differ, &mut prior, &mut self.documents)?;
        for breach in breaches.into_iter().filter(|breach| breach.note().is_none()) {
            if !self.reported_keys.insert(breach.key()) && at > 0 {
                continue;
            }
            let first_set_in = breach.before.and_then(|_| self.state.history.first_set_in(&breach.path));
            self.state.reported.push(ReportedBreach { breach, commit: commit.id, parent, first_set_in });
        }
        self.state.history.learn_removals(&governed);
        Ok(())
    }

    fn report(&mut self) -> Result<(Report, Vec<usize>)> {
        let objects = self.request.repository.objects();
        let mut findings: Vec<Diagnostic> = Vec::new();
        let name = |id: ObjectId| -> Result<CommitInfo> { Ok(commit_info(&objects.commit(id)?)) };
        for reported in &self.state.reported {
            let first_set_in = reported.first_set_in.map(name).transpose()?;
            let mut context =
                BreachContext { contents: &mut self.differ, first_set_in, restore_from: reported.parent };
            let Some(mut finding) = RuleSet(self.request.rules).describe(&reported.breach, &mut context)?
            else {
                continue;
            };
            if let Some(by) = reported.breach.removed_by() {
                finding.first_set_in = Some(name(by)?);
            }
            finding.commit = Some(name(reported.commit)?);
            findings.push(finding);
        }
        findings.extend(self.check_coverage());
        let left_out = || left_out(self.request);
        let seen = match self.request.since {
            Some(_) => Seen::Part,
            None => Seen::Whole { left_out: &left_out },
        };
        let (policy, today) = (self.request.policy, self.request.today);
        let gone = finish(RuleSet(self.request.rules), policy, today, &seen, &mut findings);
        let checked = CheckedRange {
            command: "audit".into(),
            base: self.request.since,
            head: Some(self.request.head.to_string()),
            policy: Some(self.request.policy_name.clone()),
            commits: self.state.commits,
            files: self.state.files,
            cards: self.state.cards,
            rules: self.request.rules.iter().filter(|rule| rule.runs_in(RunKind::History)).count() as u64,
            ..CheckedRange::default()
        };
        Ok((Report { checked, findings, ..Report::default() }, gone))
    }

    /// Reports the parts of the policy that never matched anything.
    ///
    /// A clone without all objects has its history audited commit by commit, and only this search would need the rest.
    fn check_coverage(&self) -> Vec<Diagnostic> {
        let objects = self.request.repository.objects();
        let Ok(head) = self.request.repository.commit(self.request.head) else { return Vec::new() };
        let search = GapSearch {
            policy: self.request.policy,
            head: &head,
            base: None,
            existed: &|discipline| self.state.history.governed(discipline),
            documents: &|_| GapSearch::MANY_DOCUMENTS,
            changes: &[],
            is_present: &|object| !objects.fetches() || object.id.is_some_and(|id| objects.contains(id)),
        };
        let gaps = search.run().ok().flatten().unwrap_or_default();
        let described = gaps.iter().filter_map(|gap| RuleSet(self.request.rules).describe_gap(gap));
        described.map(|finding| Diagnostic { status: Status::Existing, ..finding }).collect()
    }
}
