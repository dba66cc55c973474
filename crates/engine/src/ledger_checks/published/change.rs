//! Checks that a change does not modify a version that was published, or that is on the base branch and will be.

use std::collections::{BTreeMap, HashMap, HashSet};

use artifact::layout::Layout;
use artifact::layout::SPEC;
use diagnostic::{Diagnostic, Location, Related};
use ledger::files::{FOLDER, Files, InSnapshot, MAX_SEGMENT_BYTES, segment_name, segment_number};
use ledger::{Event, EventType};
use memchr::{memchr, memmem, memrchr};
use repo::{Comparison, TreeDiffer};
use snapshot::{Change, Error, Mode, Node, ObjectId, RepoPath, Result, Snapshot};

use super::unit::{Compared, DeclaredVersion, Unit, changed_message, declared_version};
use crate::commit_info::commit_info;
use crate::ledger_checks::input::{LedgerChange, LedgerHistory};
use crate::rule::LedgerIssue;
use crate::rule_set::RuleSet;
use crate::scope::FullScope;

/// The line that published a version.
struct PublishedBy {
    path: RepoPath,
    text: Vec<u8>,
    span: std::ops::Range<usize>,
    tree: Option<ObjectId>,
    sha256: String,
}

/// A step that is checked: from one tree to another.
struct Step<'s> {
    rules: RuleSet<'s>,
    changes: &'s [Change],
    before: &'s dyn Snapshot,
    after: &'s dyn Snapshot,
    /// The tree with the current versions: the tip of the base branch, or the commit before.
    tip: &'s dyn Snapshot,
    /// The ledger with the published versions.
    files: &'s dyn Files,
    layout: &'s Layout,
}

/// Checks whether a change modifies a version that was published, or that is on the base branch and will be; where each of its
/// commits becomes one of the branch, also whether a commit modifies a version that one before it would publish.
pub(in crate::ledger_checks) fn check_published_change(
    change: &LedgerChange<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let tip = change.history.as_ref().map_or(change.before, |history| history.tip);
    let files = InSnapshot(tip);
    let net = Step {
        rules: change.rules,
        changes: change.changes,
        before: change.before,
        after: change.after,
        tip,
        files: &files,
        layout: &change.policy.layout,
    };
    let mut found = net.check()?;
    if let Some(history) = &change.history
        && (history.per_commit || history.pushed)
        && history.commits.len() > 1
    {
        for finding in each_commit(change.rules, history, &files, &change.policy.layout)? {
            let path = |finding: &Diagnostic| finding.location.as_ref().map(|place| place.path.clone());
            if !found.iter().any(|other| path(other) == path(&finding)) {
                found.push(finding);
            }
        }
    }
    findings.append(&mut found);
    Ok(())
}

/// Checks every commit that becomes one of the base branch against the one before it.
fn each_commit(
    rules: RuleSet<'_>,
    history: &LedgerHistory<'_>,
    files: &dyn Files,
    layout: &Layout,
) -> Result<Vec<Diagnostic>> {
    let repository = history.repository;
    let mut edges = TreeDiffer::new(repository.objects(), Comparison::Whole);
    // After a push the commits of the branch itself: a merged change was checked before its merge.
    let mut mainline = Vec::new();
    let mut at = history.head;
    while let Some(commit) = at.and_then(|id| history.commits.iter().find(|commit| commit.id == id)) {
        mainline.push(commit);
        at = commit.parents.first().copied();
    }
    mainline.reverse();
    let commits: Vec<_> = if history.per_commit { history.commits.iter().collect() } else { mainline };
    let mut found = Vec::new();
    for header in commits {
        let Some(&parent) = header.parents.first() else { continue };
        let (before, after) = (repository.commit(parent)?, repository.commit(header.id)?);
        let mut changes = edges.compare(Some(before.header().tree), header.tree, &FullScope)?.changes;
        changes.retain(|change| !history.merged.contains(change));
        let step =
            Step { rules, changes: &changes, before: &before, after: &after, tip: &before, files, layout };
        for mut finding in step.check()? {
            finding.commit = Some(commit_info(header));
            found.push(finding);
        }
    }
    Ok(found)
}

impl Step<'_> {
    fn check(&self) -> Result<Vec<Diagnostic>> {
        let mut findings = Vec::new();
        let mut units: BTreeMap<RepoPath, Unit> = BTreeMap::new();
        for touched in self.changes {
            units.extend(Unit::of(&touched.path, self.layout).map(|unit| (unit.place.clone(), unit)));
        }
        // Each tree is read once, however many artifacts the change touches.
        let (on_tip, on_base) = (Places::of(self.tip, &units)?, Places::of(self.before, &units)?);
        let after = Places::of(self.after, &units)?;
        for unit in units.values() {
            let Some(now) = declared_version(self.after, &unit.document)? else {
                self.check_unreadable(unit, &after, &mut findings)?;
                continue;
            };
            // Another rule reports a published artifact that becomes a draft again.
            if now.is_draft {
                continue;
            }
            let Some(node) = self.after.find(&unit.place)? else { continue };
            let published = published(self.files, &now.ulid, &now.version.1)?;
            if let Some(published) = &published
                && is_same(self.after, &node, published)?
            {
                continue;
            }
            let current = on_tip.places_of(&now);
            // What nobody published and base does not have is this change's own to publish.
            if published.is_none() && current.is_empty() {
                continue;
            }
            let mut other = Some(unit.place.clone());
            // A branch may be behind a base that has another version by now.
            let began = on_base.places_of(&now).into_iter().map(|place| (self.before, place));
            for (snapshot, before) in current.into_iter().map(|place| (self.tip, place)).chain(began) {
                let Some(standing) = snapshot.find(&before)? else { continue };
                let compared =
                    Compared { before: snapshot, after: self.after, unit, now: &now, strict: true };
                other = compared.first_difference(&standing, &node)?;
                if other.is_none() {
                    break;
                }
            }
            let Some(other) = other else { continue };
            let why = if published.is_some() { "published version" } else { "merged version" };
            let message = changed_message(unit, &now, why, &other);
            let found = self.rules.ledger_finding(LedgerIssue::Published, message, now.place(unit));
            let found = found.map(|mut diagnostic| {
                // Of a plugin, a command raises the version and generates what depends on it.
                if unit.document.name() == SPEC.as_bytes() {
                    let name = snapshot::shell::word(unit.place.as_bytes());
                    diagnostic.help = vec![format!("raise the version: id-plugin bump {name} patch")];
                }
                diagnostic
            });
            findings.extend(found.map(|diagnostic| match &published {
                None => diagnostic,
                Some(published) => diagnostic.related(Related {
                    location: Location::at(&published.path, &published.text, published.span.clone()),
                    commit: None,
                    message: "it was published here".into(),
                }),
            }));
        }
        Ok(findings)
    }

    /// Reports links, submodules and documents that cannot be read at the place of a version.
    fn check_unreadable(&self, unit: &Unit, after: &Places, findings: &mut Vec<Diagnostic>) -> Result<()> {
        let was = declared_version(self.tip, &unit.document)?.filter(|was| !was.is_draft);
        let Some(was) = was else { return Ok(()) };
        // It moved, and something else lies in its place.
        if after.ulids.contains(&was.ulid) {
            return Ok(());
        }
        let Some(node) = first_non_directory(self.after, &unit.place)? else { return Ok(()) };
        // Another rule reports a spec that is missing in an existing directory.
        let is_gone = node.object.mode == Mode::Directory && self.after.find(&unit.document)?.is_none();
        if is_gone && self.after.list(&node)?.is_empty() {
            return Ok(());
        }
        let what = match (node.path == unit.place, node.object.mode) {
            (_, mode) if mode.kind() != snapshot::Kind::File && mode != Mode::Directory => {
                format!("{:?} is {}", node.path, mode.kind())
            }
            (false, mode) => format!("{:?} is {}", node.path, mode.kind()),
            (true, _) => "its spec cannot be read".into(),
        };
        let message = format!("version {} on the base branch was replaced: {what}", was.version.1);
        findings.extend(self.rules.ledger_finding(
            LedgerIssue::Published,
            message,
            Location::of(&unit.document),
        ));
        Ok(())
    }
}

/// Returns what is at a path, or the first thing on the way to it that is not a directory.
fn first_non_directory(snapshot: &dyn Snapshot, place: &RepoPath) -> Result<Option<Node>> {
    let mut found = None;
    for prefix in place.prefixes() {
        match snapshot.find(&RepoPath::new(prefix))? {
            None => return Ok(found.filter(|node: &Node| node.object.mode != Mode::Directory)),
            Some(node) => found = Some(node),
        }
    }
    let at = snapshot.find(place)?;
    Ok(at.or(found.filter(|node| node.object.mode != Mode::Directory)))
}

/// Finds the line that published a version, the newest segment first.
fn published(files: &dyn Files, ulid: &str, version: &str) -> Result<Option<PublishedBy>> {
    let mut segments: Vec<u64> = files.names()?.iter().filter_map(|name| segment_number(name)).collect();
    segments.sort_unstable_by(|a, b| b.cmp(a));
    let wanted = format!("\"subject_ulid\":\"{ulid}\"");
    for segment in segments {
        let name = segment_name(segment);
        let Some(text) = files.read(&name, MAX_SEGMENT_BYTES)? else { continue };
        let found = memmem::find_iter(&text, wanted.as_bytes()).find_map(|at| {
            let start = memrchr(b'\n', &text[..at]).map_or(0, |at| at + 1);
            let end = at + memchr(b'\n', &text[at..])?;
            let event = Event::read(&text[start..end]).ok()?;
            let is = event.kind == EventType::Publish && event.text("version").as_deref() == Some(version);
            is.then(|| {
                let tree = event.text("tree").and_then(|tree| ObjectId::from_hex(tree.as_bytes()));
                (start..end, tree, event.text("sha256").unwrap_or_default().into_owned())
            })
        });
        if let Some((span, tree, sha256)) = found {
            let path = RepoPath::from(FOLDER).join(name.as_bytes());
            return Ok(Some(PublishedBy { path, text, span, tree, sha256 }));
        }
    }
    Ok(None)
}

fn is_same(snapshot: &dyn Snapshot, node: &Node, published: &PublishedBy) -> Result<bool> {
    let id = match node.object.mode {
        Mode::Directory => snapshot.tree_id(node)?,
        _ => node.object.id,
    };
    if let (Some(tree), Some(id)) = (published.tree, id)
        && tree.as_bytes().len() == id.as_bytes().len()
    {
        return Ok(tree == id);
    }
    match artifact::content::digest(snapshot, node) {
        Ok(digest) => Ok(digest.hex() == published.sha256),
        // What cannot be published was not.
        Err(Error::TooLarge { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Where the versions of identities lie in a tree: among what a change touches.
#[derive(Default)]
struct Places {
    /// By ULID and version; drafts are left out.
    by_version: HashMap<(String, String), Vec<RepoPath>>,
    /// Every ULID, of drafts as well.
    ulids: HashSet<String>,
}

impl Places {
    fn of(snapshot: &dyn Snapshot, units: &BTreeMap<RepoPath, Unit>) -> Result<Places> {
        let mut places = Places::default();
        for unit in units.values() {
            let Some(found) = declared_version(snapshot, &unit.document)? else { continue };
            places.ulids.insert(found.ulid.clone());
            if !found.is_draft {
                let version = (found.ulid, found.version.1);
                places.by_version.entry(version).or_default().push(unit.place.clone());
            }
        }
        Ok(places)
    }

    /// Returns where the same version of the same identity lies.
    fn places_of(&self, now: &DeclaredVersion) -> Vec<RepoPath> {
        let version = (now.ulid.clone(), now.version.1.clone());
        self.by_version.get(&version).cloned().unwrap_or_default()
    }
}
