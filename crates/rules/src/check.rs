//! Judging a change: what it does to the merge base, whether it still holds against the tip of base, and, if asked, commit by commit.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diagnostic::{CheckError, CheckedRange, CommitInfo, Diagnostic, Report, Status};
use policy::{Date, Kind, Policy};
use repo::{CommitHeader, Comparison, Repository, Scope, TreeDiffer, merge_bases, range};
use snapshot::fold::fold;
use snapshot::{Change, Fault, Object, ObjectId, RepoPath, Result, Snapshot, diff};

use crate::change::ChangeContext;
use crate::judge::{Breach, BreachKind, Contents, Edge, Removal, Sides, TreesKnown, judge};
use crate::lines::{self, History, LedgerChange};
use crate::telling::Scene;
use crate::touched::{Reach, last_touches};
use crate::waivers::{self, WaiverContext};
use crate::{Check, CoverageReports, CustomRules, Index, RULES, custom_documents as custom, state};

/// The largest file that a check reads, in bytes.
const LARGEST_FILE: u64 = 512 << 20;

/// How far back the commit is looked for that fixed a value: it only explains.
const MOST_COMMITS_TO_EXPLAIN: usize = 20_000;

/// What is judged against base.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Head {
    /// A commit.
    Commit(ObjectId),
    /// The index, as the next commit on `HEAD`.
    Index,
    /// The working tree, as the next commit on `HEAD`.
    Worktree,
}

/// What to judge.
pub struct CheckRequest<'r> {
    /// The repository.
    pub repository: &'r Repository,
    /// The tip of base.
    pub base: ObjectId,
    /// What the base was called.
    pub base_name: Option<String>,
    /// What is judged against it.
    pub head: Head,
    /// Whether each commit of the range is judged as well.
    pub per_commit: bool,
    /// Whether the mainline itself is judged, as it is or was pushed, and not a change that is still to be merged.
    pub pushed: bool,
    /// The policy, read from base.
    pub policy: &'r Policy,
    /// Where the policy came from.
    pub policy_name: String,
    /// The day of the run.
    pub today: Date,
    /// Asked for what an earlier run knew of the identities on base: saves reading them again, and changes nothing else.
    pub known: &'r dyn Fn() -> Option<Index>,
    /// Whether the artifacts are judged, too, and not only what the change does to what stands.
    pub artifacts: bool,
    /// Evaluates the custom rules of packs.
    pub custom: &'r CustomRules<'r>,
    /// What tests ran, as reports tell it; empty where the run is given none.
    pub coverage: CoverageReports<'r>,
}

/// Everything matters: a change is judged whole.
pub(crate) struct Everything;

impl Scope for Everything {
    fn enter(&self, _: &RepoPath) -> bool {
        true
    }

    fn concerns(&self, _: &RepoPath) -> bool {
        true
    }
}

/// Judges a change; returns the report, and the identities on base where they are news.
///
/// # Errors
/// When there is no verdict: unrelated histories, an empty range, a missing or corrupt object, a limit.
pub fn check(request: &CheckRequest<'_>) -> std::result::Result<(Report, Option<Index>), CheckError> {
    let repository = request.repository;
    let objects = repository.objects();
    let head_commit = match request.head {
        Head::Commit(id) => id,
        Head::Index | Head::Worktree => repository.resolve("HEAD").map_err(unread)?.ok_or_else(no_head)?,
    };
    let mut bases = merge_bases(objects, request.base, head_commit).map_err(unread)?;
    if !matches!(request.head, Head::Commit(_)) {
        bases = with_merged(repository, request.base, bases).map_err(unread)?;
    }
    if request.pushed && !bases.is_empty() && !bases.contains(&request.base) {
        // The mainline was rewritten: what stood on it is held against what stands now, whatever both have in common.
        bases = vec![request.base];
    }
    let Some(&merge_base) = bases.first() else { return Err(unrelated(request.base, head_commit)) };
    if request.head == Head::Commit(merge_base) {
        return Err(empty(request.base, head_commit));
    }
    let mut run = Run {
        request,
        merge_base,
        others: bases[1..].to_vec(),
        findings: Vec::new(),
        standing: None,
        refused: None,
        tellings: 0,
    };
    let checked = run.judge(head_commit).map_err(unread)?;
    let Run { mut findings, standing, refused, .. } = run;
    if let Some(refused) = refused {
        return Err(refused);
    }
    levels(request.policy, &mut findings);
    finish(request.policy, request.today, false, &mut findings);
    Ok((Report { checked, findings, ..Report::default() }, standing))
}

/// What is judged, what it changes, and what is wrong with its tree objects.
type Opened<'s> = (Box<dyn Snapshot + 's>, Vec<Change>, Vec<(RepoPath, Fault)>);

struct Run<'c, 'r> {
    request: &'c CheckRequest<'r>,
    merge_base: ObjectId,
    /// The other best common ancestors, where histories crossed: what stood in any of them stood.
    others: Vec<ObjectId>,
    findings: Vec<Diagnostic>,
    standing: Option<Index>,
    /// Why custom rules gave no verdict.
    refused: Option<CheckError>,
    /// How often findings were told: a commit at a time.
    tellings: usize,
}

impl Run<'_, '_> {
    fn judge(&mut self, head_commit: ObjectId) -> Result<CheckedRange> {
        let repository = self.request.repository;
        let objects = repository.objects();
        let base = repository.commit(self.merge_base)?;
        let tip = repository.commit(self.request.base)?;
        let (head, changes, faults): Opened<'_> = match self.request.head {
            Head::Commit(id) => {
                let head = repository.commit(id)?;
                let mut edges = TreeDiffer::new(objects, Comparison::Whole);
                let edge = edges.compare(Some(base.header().tree), head.header().tree, &Everything)?;
                (Box::new(head), edge.changes, edge.faults)
            }
            Head::Index => {
                let head = repository.index()?;
                let changes = diff(&base, &head, &mut |_| true)?;
                (Box::new(head), changes, Vec::new())
            }
            Head::Worktree => {
                let head = repository.worktree()?;
                let changes = diff(&base, &head, &mut |_| true)?;
                (Box::new(head), changes, Vec::new())
            }
        };
        let head = head.as_ref();
        let removed = self.removed(&tip, &changes)?;

        let edge = Edge { changes: &changes, faults: &faults, secondary: false };
        let mut known = TreesKnown {
            before: vec![&base, &tip],
            after: head,
            origin: &base,
            removed: removed.clone(),
            asked: HashMap::new(),
        };
        let mut contents = Sides { before: &base, after: head, limit: LARGEST_FILE };
        let mut breaches = judge(self.request.policy, &edge, &mut contents, &mut known)?;
        self.tell(&breaches, &mut contents, self.merge_base, None)?;

        for other in self.others.clone() {
            let Head::Commit(id) = self.request.head else { break };
            let other = repository.commit(other)?;
            let mut edges = TreeDiffer::new(objects, Comparison::Whole);
            let tree = repository.commit(id)?.header().tree;
            let edge = edges.compare(Some(other.header().tree), tree, &Everything)?;
            let edge = Edge { changes: &edge.changes, faults: &edge.faults, secondary: false };
            let mut known = TreesKnown {
                before: vec![&other, &tip],
                after: head,
                origin: &other,
                removed: removed.clone(),
                asked: HashMap::new(),
            };
            let mut contents = Sides { before: &other, after: head, limit: LARGEST_FILE };
            let mut more = judge(self.request.policy, &edge, &mut contents, &mut known)?;
            more.retain(|breach| {
                !breaches.iter().any(|told| told.path == breach.path && told.kind == breach.kind)
            });
            self.tell(&more, &mut contents, other.header().id, None)?;
            breaches.append(&mut more);
        }

        if self.request.base != self.merge_base {
            let against = against_tip(&changes, &tip)?;
            let edge = Edge { changes: &against, faults: &[], secondary: false };
            let mut known =
                TreesKnown { before: vec![&tip], after: head, origin: &tip, removed, asked: HashMap::new() };
            let mut contents = Sides { before: &tip, after: head, limit: LARGEST_FILE };
            let mut more = judge(self.request.policy, &edge, &mut contents, &mut known)?;
            more.retain(|breach| {
                !breaches.iter().any(|told| told.path == breach.path && told.kind == breach.kind)
            });
            self.tell(&more, &mut contents, self.request.base, None)?;
            breaches.append(&mut more);
        }

        let mut commits = range(objects, self.merge_base, head_commit)?;
        commits.retain(|commit| commit.id != self.merge_base);
        if self.request.per_commit {
            self.each_commit(&commits, &base)?;
        }
        self.whole(&changes, head)?;
        let ledger = LedgerChange {
            before: &base,
            after: head,
            changes: &changes,
            policy: self.request.policy,
            history: Some(History {
                repository,
                tip: &tip,
                per_commit: self.request.per_commit,
                merge_base: self.merge_base,
                mainline: if self.request.pushed { head_commit } else { self.request.base },
                head: matches!(self.request.head, Head::Commit(_)).then_some(head_commit),
                pushed: self.request.pushed,
                commits: &commits,
            }),
        };
        // Only a change of identities makes events.
        let each = self.request.per_commit && commits.len() > 1;
        let tells = self.request.artifacts && (each || state::touches_identities_of(head, &changes)?);
        lines::judge(&ledger, tells, &mut self.findings)?;
        if self.request.artifacts {
            let request = self.request;
            let sides = state::Sides {
                head,
                tip: Some(&tip),
                changes: Some(&changes),
                pushed: request.pushed,
                coverage: request.coverage,
            };
            self.standing =
                state::judge(request.policy, &sides, request.known, request.today, &mut self.findings)?;
            let told =
                custom::judge(head, Some(&changes), request.policy, request.custom, &mut self.findings);
            self.refused = told.err();
        }

        let concerned = |change: &&Change| {
            self.request.policy.disciplines.iter().any(|discipline| {
                discipline.subject == policy::Subject::Card
                    && discipline.pattern.matches(change.path.as_bytes())
            })
        };
        Ok(CheckedRange {
            command: "check".into(),
            base: Some(self.request.base),
            base_name: self.request.base_name.clone(),
            head: Some(head.name()),
            merge_base: Some(self.merge_base),
            policy: Some(self.request.policy_name.clone()),
            commits: commits.len() as u64,
            files: changes.len() as u64,
            cards: changes.iter().filter(concerned).count() as u64,
            rules: RULES.len() as u64,
        })
    }

    /// Asks the history of base which of the added names were removed before, where a discipline burns them.
    fn removed(&self, base: &dyn Snapshot, changes: &[Change]) -> Result<BTreeMap<Vec<u8>, Removal>> {
        let mut wanted: BTreeSet<RepoPath> = BTreeSet::new();
        for discipline in
            self.request.policy.disciplines.iter().filter(|discipline| discipline.kind == Kind::Burned)
        {
            for change in changes.iter().filter(|change| change.before.is_none()) {
                if let Some(identity) =
                    discipline.pattern.identity_of(change.path.as_bytes()).map(RepoPath::new)
                    && base.find(&identity)?.is_none()
                {
                    // In another case it is the same name to many systems.
                    wanted.extend([&identity, &change.path].map(|path| RepoPath::new(fold(path.as_bytes()))));
                }
            }
        }
        let touches =
            last_touches(self.request.repository.objects(), self.request.base, wanted, Reach::Folded)?;
        let removal = |touch: crate::touched::Touch| Removal { object: touch.before, by: Some(touch.commit) };
        let gone = touches.into_iter().filter(|(_, touch)| touch.after.is_none());
        Ok(gone.map(|(path, touch)| (path.as_bytes().to_vec(), removal(touch))).collect())
    }

    /// Judges every commit of the range against each of its parents.
    fn each_commit(&mut self, commits: &[CommitHeader], origin: &dyn Snapshot) -> Result<()> {
        let repository = self.request.repository;
        let mut edges = TreeDiffer::new(repository.objects(), Comparison::Whole);
        let mut told: BTreeSet<(BreachKind, RepoPath, Option<ObjectId>)> = BTreeSet::new();
        let mut gone: BTreeMap<Vec<u8>, Removal> = BTreeMap::new();
        let tip = repository.commit(self.request.base)?;
        for commit in commits {
            let after = repository.commit(commit.id)?;
            let info = info(commit);
            for (at, &parent) in commit.parents.iter().enumerate() {
                let before = repository.commit(parent)?;
                let compared = edges.compare(Some(before.header().tree), commit.tree, &Everything)?;
                let edge = Edge { changes: &compared.changes, faults: &compared.faults, secondary: at > 0 };
                // What the branch removed, and what base had lost before it.
                let mut removed = self.removed(&tip, &compared.changes)?;
                removed.extend(gone.clone());
                let mut known = TreesKnown {
                    before: vec![&before],
                    after: &after,
                    origin,
                    removed,
                    asked: HashMap::new(),
                };
                let mut breaches = judge(self.request.policy, &edge, &mut edges, &mut known)?;
                breaches.retain(|breach| {
                    let key = (breach.kind, breach.path.clone(), breach.after.and_then(|after| after.id));
                    at == 0 && {
                        told.insert(key.clone());
                        true
                    } || told.insert(key)
                });
                for change in compared.changes.iter().filter(|change| change.after.is_none()) {
                    let removal = Removal { object: change.before, by: Some(commit.id) };
                    gone.insert(fold(change.path.as_bytes()).into_owned(), removal);
                    // With its last file a directory is gone, too.
                    let directory = change.path.parent();
                    for prefix in directory.prefixes() {
                        if after.find(&RepoPath::new(prefix))?.is_none() {
                            gone.insert(
                                fold(prefix).into_owned(),
                                Removal { object: None, by: Some(commit.id) },
                            );
                        }
                    }
                }
                self.tell(&breaches, &mut edges, parent, Some(&info))?;
            }
        }
        Ok(())
    }

    fn tell(
        &mut self,
        breaches: &[Breach],
        contents: &mut dyn Contents,
        restore_from: ObjectId,
        commit: Option<&CommitInfo>,
    ) -> Result<()> {
        let objects = self.request.repository.objects();
        // The more there is to explain, the less far each explanation looks.
        self.tellings += 1;
        let fixed: BTreeSet<RepoPath> = breaches
            .iter()
            .filter(|breach| breach.before.is_some())
            .map(|breach| breach.path.clone())
            .collect();
        let touches = last_touches(
            objects,
            self.merge_base,
            fixed,
            Reach::Explains(MOST_COMMITS_TO_EXPLAIN / self.tellings),
        )?;
        for breach in breaches {
            let touch = touches.get(&breach.path);
            let first_set_in =
                touch.map(|touch| objects.commit(touch.commit)).transpose()?.map(|commit| info(&commit));
            let mut scene =
                Scene { contents: &mut *contents, first_set_in, restore_from: Some(restore_from) };
            let mut finding = crate::list::tell(breach, &mut scene)?;
            finding.commit = commit.cloned();
            self.findings.push(finding);
        }
        Ok(())
    }

    /// Runs the rules that look at the change as a whole.
    fn whole(&mut self, changes: &[Change], head: &dyn Snapshot) -> Result<()> {
        let governed = changes.iter().any(|change| crate::change::is_policy(&change.path));
        let policy_errors = match governed {
            true => match Policy::load(head) {
                Ok(policy) => {
                    // Rules that break off on what stands would judge nothing of it once they are merged.
                    let mut told = Vec::new();
                    let judged = custom::judge(head, None, &policy, self.request.custom, &mut told);
                    judged.err().into_iter().collect()
                }
                Err(errors) => errors,
            },
            false => Vec::new(),
        };
        let context = ChangeContext { changes, head, policy_errors: &policy_errors };
        for rule in RULES {
            if let Check::Change(judge) = rule.check {
                judge(&context, &mut self.findings);
            }
        }
        Ok(())
    }
}

/// The changed paths that stand on the tip of base with another value than in the merge base, compared with that value.
fn against_tip(changes: &[Change], tip: &dyn Snapshot) -> Result<Vec<Change>> {
    let mut against = Vec::new();
    for change in changes {
        let leaf = |object: &Object| object.mode != snapshot::Mode::Directory;
        let standing = tip.find(&change.path)?.map(|node| node.object).filter(leaf);
        // What the change adds may have been removed from base meanwhile: then it comes back.
        let comes_back = standing.is_none() && change.after.is_some();
        if standing != change.before && standing != change.after && (standing.is_some() || comes_back)
            || comes_back && change.before.is_none()
        {
            against.push(Change { path: change.path.clone(), before: standing, after: change.after });
        }
    }
    Ok(against)
}

/// Names a commit for findings.
pub(crate) fn info(commit: &CommitHeader) -> CommitInfo {
    CommitInfo {
        id: commit.id,
        author: String::from_utf8_lossy(&commit.author).into_owned(),
        time: commit.time,
    }
}

/// Gives findings the level that policy sets for their rule; what is allowed is left out.
pub(crate) fn levels(policy: &Policy, findings: &mut Vec<Diagnostic>) {
    for finding in findings.iter_mut() {
        // A rule may speak more softly than its level, never louder than policy says.
        if let Some(&level) = policy.levels.get(finding.rule.id.name) {
            finding.level =
                if finding.level < finding.rule.id.level { finding.level.min(level) } else { level };
        }
    }
    findings.retain(|finding| finding.level != diagnostic::Level::Allow);
}

/// Applies the waivers, tells what is wrong with them, and sorts.
pub(crate) fn finish(policy: &Policy, today: Date, whole_history: bool, findings: &mut Vec<Diagnostic>) {
    let used = waivers::apply(policy, today, findings);
    let context = WaiverContext { policy, used: &used, today, whole_history };
    let mut about_waivers = Vec::new();
    for rule in RULES {
        if let Check::Waivers(judge) = rule.check {
            judge(&context, &mut about_waivers);
        }
    }
    about_waivers.iter_mut().for_each(|finding: &mut Diagnostic| finding.status = Status::Existing);
    levels(policy, &mut about_waivers);
    findings.append(&mut about_waivers);
    findings.sort_by(Diagnostic::order);
}

/// Says that something could not be read.
pub(crate) fn unread(error: snapshot::Error) -> CheckError {
    CheckError { help: error.help().map(String::from), message: error.to_string(), location: None }
}

fn no_head() -> CheckError {
    CheckError {
        message: "HEAD names no commit".into(),
        help: Some("commit something first".into()),
        location: None,
    }
}

fn unrelated(base: ObjectId, head: ObjectId) -> CheckError {
    CheckError {
        message: format!("{} and {} have no common ancestor", base.short(), head.short()),
        help: Some("name the branch that the change starts from: --base BRANCH".into()),
        location: None,
    }
}

/// The best common ancestors, once what is being merged is a parent, too.
fn with_merged(repository: &Repository, base: ObjectId, mut bases: Vec<ObjectId>) -> Result<Vec<ObjectId>> {
    let objects = repository.objects();
    for merged in repository.merge_heads()? {
        for further in merge_bases(objects, base, merged)? {
            if bases.contains(&further) {
                continue;
            }
            let mut outdone = Vec::new();
            for known in &bases {
                outdone.push(merge_bases(objects, *known, further)?);
            }
            if outdone.iter().all(|shared| *shared != [further]) {
                let mut shared = outdone.iter();
                bases.retain(|known| shared.next().is_none_or(|shared| *shared != [*known]));
                bases.push(further);
            }
        }
    }
    Ok(bases)
}

fn empty(base: ObjectId, head: ObjectId) -> CheckError {
    CheckError {
        message: format!("there is nothing to judge: {} is part of {} already", head.short(), base.short()),
        help: Some("name an older base: --base REV; or judge the whole history: id-guard audit".into()),
        location: None,
    }
}
