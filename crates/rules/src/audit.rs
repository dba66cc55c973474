//! Judging a whole history in one pass: every edge of the walk, with the past that led there.

use std::collections::{BTreeSet, HashMap};

use diagnostic::{CheckError, CheckedRange, CommitInfo, Diagnostic, Report};
use policy::{Date, Policy, Subject};
use repo::{CommitHeader, Comparison, Repository, Scope, TreeChanges, TreeDiffer, Walk, walk};
use serde::{Deserialize, Serialize};
use snapshot::{Change, Kind, ObjectId, RepoPath, Result, Snapshot};

use crate::RULES;
use crate::check::{finish, info, levels, unread};
use crate::judge::{Breach, BreachKind, Detail, Edge, Past, PastKnown, judge};
use crate::telling::Scene;

/// What to audit.
pub struct AuditRequest<'r> {
    /// The repository.
    pub repository: &'r Repository,
    /// The commit whose history is judged.
    pub head: ObjectId,
    /// Only commits behind this one.
    pub since: Option<ObjectId>,
    /// Which edges are followed.
    pub walk: Walk,
    /// How trees and files are compared.
    pub comparison: Comparison,
    /// The policy that judges every commit.
    pub policy: &'r Policy,
    /// Where the policy came from.
    pub policy_name: String,
    /// The day of the run.
    pub today: Date,
    /// What an earlier audit left, as [`audit`] returned it; anything unfit is ignored.
    pub resume: Option<&'r [u8]>,
    /// Told how many of how many commits are done.
    pub progress: &'r dyn Fn(usize, usize),
}

/// What an audit leaves for the next one.
///
/// It is keyed by object ids: of use only where the walk meets its last commit, under the same policy, program and walk.
#[derive(Serialize, Deserialize)]
struct State {
    key: String,
    last: ObjectId,
    commits: u64,
    cards: u64,
    files: u64,
    past: Past,
    told: Vec<Told>,
    /// The commits of the first parents, where every parent is followed.
    mainline: BTreeSet<ObjectId>,
}

/// A breach, and the edge that brought it.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Told {
    breach: Breach,
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
        // A link in the place of a governed directory matters, too.
        self.0.concerns(file) || self.0.enters(file)
    }
}

/// The whole tree: to explain where a deleted file went.
struct Everything;

impl Scope for Everything {
    fn enter(&self, _: &RepoPath) -> bool {
        true
    }

    fn concerns(&self, _: &RepoPath) -> bool {
        true
    }
}

/// Audits a history; returns the report, and what to keep for the next audit.
///
/// # Errors
/// When there is no verdict: a shallow boundary, a missing or corrupt object, a limit, a `since` that is no ancestor.
pub fn audit(request: &AuditRequest<'_>) -> std::result::Result<(Report, Vec<u8>), CheckError> {
    let objects = request.repository.objects();
    let key = key(request);
    let mut state = request.resume.and_then(|bytes| resume(bytes, &key, request)).unwrap_or_else(|| State {
        key: key.clone(),
        last: request.head,
        commits: 0,
        cards: 0,
        files: 0,
        past: Past::default(),
        told: Vec::new(),
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
    )
    .map_err(unread)?;
    if !met {
        if request.since.is_some() {
            return Err(no_ancestor(request));
        }
        // The cache speaks of another history: it is of no use, and the walk went to the root anyway.
        state = State {
            key,
            last: request.head,
            commits: 0,
            cards: 0,
            files: 0,
            past: Past::default(),
            told: Vec::new(),
            mainline: BTreeSet::new(),
        };
    }
    let mut auditor = Auditor {
        request,
        edges: TreeDiffer::new(objects, request.comparison),
        secondary_told: BTreeSet::new(),
        state,
        last: None,
    };
    if let Some(since) = request.since {
        auditor.learn(since).map_err(unread)?;
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
        auditor.commit(&commit).map_err(unread)?;
    }
    (request.progress)(total, total);
    auditor.state.last = request.head;
    let report = auditor.report().map_err(unread)?;
    // A partial audit leaves nothing to go on from.
    let bytes = match request.since {
        Some(_) => Vec::new(),
        None => seal(&auditor.state),
    };
    Ok((report, bytes))
}

/// Everything that an earlier audit must share with this one.
fn key(request: &AuditRequest<'_>) -> String {
    // The first word tells what is kept, and how.
    format!(
        "folded {} {} {:?} {}",
        env!("CARGO_PKG_VERSION"),
        request.policy.digest,
        request.walk,
        RULES.len()
    )
}

fn seal(state: &State) -> Vec<u8> {
    let body = postcard::to_stdvec(state).unwrap_or_default();
    let mut bytes = digest(&body).to_vec();
    bytes.extend(body);
    bytes
}

/// Reads what an earlier audit left; `None` where it is torn, of another program or policy, or speaks of commits that are not there.
fn resume(bytes: &[u8], key: &str, request: &AuditRequest<'_>) -> Option<State> {
    let (sum, body) = bytes.split_at_checked(32)?;
    if sum != digest(body) || request.since.is_some() {
        return None;
    }
    let state: State = postcard::from_bytes(body).ok()?;
    (state.key == key && request.repository.objects().contains(state.last)).then_some(state)
}

pub(crate) fn digest(bytes: &[u8]) -> [u8; 32] {
    use sha2::Digest as _;
    sha2::Sha256::digest(bytes).into()
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
    edges: TreeDiffer<'r>,
    /// What was told, so that the other edges of a merge do not tell it again.
    secondary_told: BTreeSet<(BreachKind, RepoPath, Option<ObjectId>)>,
    state: State,
    /// The commit judged last and its tree: the next one's parent, mostly.
    last: Option<(ObjectId, ObjectId)>,
}

impl Auditor<'_, '_> {
    /// Takes the tree of a commit for granted: the audit begins behind it.
    fn learn(&mut self, commit: ObjectId) -> Result<()> {
        let header = self.request.repository.objects().commit(commit)?;
        let edge = self.edges.compare(None, header.tree, &Governed(self.request.policy))?;
        self.state.past.begin(commit);
        self.state.past.learn_additions(&edge.changes);
        Ok(())
    }

    fn commit(&mut self, commit: &CommitHeader) -> Result<()> {
        self.state.past.begin(commit.id);
        self.state.commits += 1;
        let parents = match self.request.walk {
            Walk::FirstParent => &commit.parents[..commit.parents.len().min(1)],
            Walk::AllParents => &commit.parents[..],
        };
        if parents.is_empty() {
            return self.edge(commit, None, 0);
        }
        parents.iter().enumerate().try_for_each(|(at, parent)| self.edge(commit, Some(*parent), at))?;
        self.last = Some((commit.id, commit.tree));
        Ok(())
    }

    fn edge(&mut self, commit: &CommitHeader, parent: Option<ObjectId>, at: usize) -> Result<()> {
        let objects = self.request.repository.objects();
        let before = match (parent, self.last) {
            (Some(parent), Some((last, tree))) if parent == last => Some(tree),
            (parent, _) => parent.map(|parent| objects.commit(parent)).transpose()?.map(|parent| parent.tree),
        };
        let scope = Governed(self.request.policy);
        let TreeChanges { mut changes, faults } = self.edges.compare(before, commit.tree, &scope)?;
        if changes.is_empty() && faults.is_empty() {
            return Ok(());
        }
        if self.request.comparison == Comparison::Whole {
            // Every governed file is held to its id, not only those that are told of.
            let files = changes
                .iter()
                .filter_map(|change| change.after)
                .filter(|after| after.mode.kind() == Kind::File);
            for id in files.filter_map(|after| after.id) {
                self.edges.blob(id)?;
            }
        }
        self.state.files += changes.len() as u64;
        let is_card = |change: &&Change| {
            self.request.policy.disciplines.iter().any(|discipline| {
                discipline.subject == Subject::Card && discipline.pattern.matches(change.path.as_bytes())
            })
        };
        self.state.cards += changes.iter().filter(is_card).count() as u64;
        self.state.past.learn_additions(&changes);
        let governed = changes.clone();
        if changes.iter().any(|change| change.before.is_some() && change.after.is_none()) {
            // Something fixed is gone: where to is told from the whole change.
            changes = self.edges.compare(before, commit.tree, &Everything)?.changes;
        }
        let edge = Edge { changes: &changes, faults: &faults, secondary: at > 0 };
        let tree = match (self.request.walk, parent) {
            (Walk::AllParents, Some(parent)) => Some(self.request.repository.commit(parent)?),
            _ => None,
        };
        let tree = tree.as_ref().map(|tree| tree as &dyn Snapshot);
        let mainline = (self.request.walk == Walk::AllParents).then_some(&self.state.mainline);
        let mut known = PastKnown::new(&self.state.past, &governed, tree, mainline);
        let breaches = judge(self.request.policy, &edge, &mut self.edges, &mut known)?;
        for breach in breaches {
            let key = (breach.kind, breach.path.clone(), breach.after.and_then(|after| after.id));
            if !self.secondary_told.insert(key) && at > 0 {
                continue;
            }
            let first_set_in = breach.before.and_then(|_| self.state.past.first_set_in(&breach.path));
            self.state.told.push(Told { breach, commit: commit.id, parent, first_set_in });
        }
        self.state.past.learn_removals(&governed);
        Ok(())
    }

    fn report(&mut self) -> Result<Report> {
        let objects = self.request.repository.objects();
        let mut findings: Vec<Diagnostic> = Vec::new();
        let name = |id: ObjectId| -> Result<CommitInfo> { Ok(info(&objects.commit(id)?)) };
        for told in &self.state.told {
            let first_set_in = told.first_set_in.map(name).transpose()?;
            let mut scene = Scene { contents: &mut self.edges, first_set_in, restore_from: told.parent };
            let mut finding = crate::list::tell(&told.breach, &mut scene)?;
            if let Detail::Removed { by: Some(by), .. } = told.breach.detail {
                finding.first_set_in = Some(name(by)?);
            }
            finding.commit = Some(name(told.commit)?);
            findings.push(finding);
        }
        levels(self.request.policy, &mut findings);
        finish(self.request.policy, self.request.today, self.request.since.is_none(), &mut findings);
        let checked = CheckedRange {
            command: "audit".into(),
            base: self.request.since,
            head: Some(self.request.head.to_string()),
            policy: Some(self.request.policy_name.clone()),
            commits: self.state.commits,
            files: self.state.files,
            cards: self.state.cards,
            rules: RULES.len() as u64,
            ..CheckedRange::default()
        };
        Ok(Report { checked, findings, ..Report::default() })
    }
}
