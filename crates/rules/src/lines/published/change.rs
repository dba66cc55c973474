//! A change never gives a version other bytes that was published, or that stands on base and will be.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Location, Related};
use ledger::files::{FOLDER, Files, InSnapshot, LARGEST_SEGMENT, segment_name, segment_number};
use ledger::{Event, EventType};
use memchr::{memchr, memmem, memrchr};
use snapshot::{Error, Mode, Node, ObjectId, RepoPath, Result, Snapshot};

use super::unit::{Compared, Said, Unit, said, tell_changed};
use crate::lines::{LedgerChange, tell};
use crate::rule::LedgerMatter;

/// The line that published a version.
struct PublishedBy {
    path: RepoPath,
    text: Vec<u8>,
    span: std::ops::Range<usize>,
    tree: Option<ObjectId>,
    sha256: String,
}

/// Judges whether a change gives other bytes to a version that was published, or that stands on base and will be.
pub(in crate::lines) fn judge_published(
    change: &LedgerChange<'_>,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let tip = change.history.as_ref().map_or(change.before, |history| history.tip);
    let mut units: BTreeMap<RepoPath, Unit> = BTreeMap::new();
    for touched in change.changes {
        units.extend(Unit::of(&touched.path).map(|unit| (unit.place.clone(), unit)));
    }
    let files = InSnapshot(tip);
    for unit in units.values() {
        let Some(now) = said(change.after, &unit.document)? else {
            judge_unreadable(change, tip, unit, findings)?;
            continue;
        };
        let Some(node) = change.after.find(&unit.place)? else { continue };
        let published = published(&files, &now.ulid, &now.version.1)?;
        if let Some(published) = &published
            && is_same(change.after, &node, published)?
        {
            continue;
        }
        let places = places_of(change, tip, unit, &now)?;
        // What nobody published and base does not have is this change's own to publish.
        if published.is_none() && places.is_empty() {
            continue;
        }
        let mut other = Some(unit.place.clone());
        for before in places {
            let Some(standing) = tip.find(&before)? else { continue };
            let compared = Compared { before: tip, after: change.after, unit, now: &now };
            other = compared.first_difference(&standing, &node)?;
            if other.is_none() {
                break;
            }
        }
        let Some(other) = other else { continue };
        let why = if published.is_some() { "was published" } else { "stands on base already" };
        let told = tell_changed(unit, &now, why, &other);
        findings.extend(told.map(|diagnostic| match &published {
            None => diagnostic,
            Some(published) => diagnostic.related(Related {
                location: Location::at(&published.path, &published.text, published.span.clone()),
                commit: None,
                message: "it was published here".into(),
            }),
        }));
    }
    Ok(())
}

/// What stands where a version stood, and says nothing any more: links, submodules, and documents that cannot be read.
fn judge_unreadable(
    change: &LedgerChange<'_>,
    tip: &dyn Snapshot,
    unit: &Unit,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let Some(was) = said(tip, &unit.document)? else { return Ok(()) };
    let Some(node) = stands(change.after, &unit.place)? else { return Ok(()) };
    // Who is removed from a directory that stays is told by those who miss it.
    let is_gone = node.object.mode == Mode::Directory && change.after.find(&unit.document)?.is_none();
    if is_gone && change.after.list(&node)?.is_empty() {
        return Ok(());
    }
    let what = match (node.path == unit.place, node.object.mode) {
        (_, mode) if mode.kind() != snapshot::Kind::File && mode != Mode::Directory => {
            format!("{:?} is {}", node.path, mode.kind())
        }
        (false, mode) => format!("{:?} is {}", node.path, mode.kind()),
        (true, _) => "what stands here cannot be read".into(),
    };
    let message = format!("version {} of {} stands on base, and {what} now", was.version.1, was.ulid);
    findings.extend(tell(LedgerMatter::Published, message, Location::of(&unit.document)));
    Ok(())
}

/// What stands at a place, or in its way: the first thing on the way that is no directory.
fn stands(snapshot: &dyn Snapshot, place: &RepoPath) -> Result<Option<Node>> {
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
        let Some(text) = files.read(&name, LARGEST_SEGMENT)? else { continue };
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
    match ledger::derive::content_digest(snapshot, node) {
        Ok(digest) => Ok(digest.hex() == published.sha256),
        // What cannot be published was not.
        Err(Error::TooLarge { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

/// Where the same version of the same identity lies on base: at the same place, or at one that the change left.
fn places_of(
    change: &LedgerChange<'_>,
    tip: &dyn Snapshot,
    unit: &Unit,
    now: &Said,
) -> Result<Vec<RepoPath>> {
    let mut candidates = vec![(unit.place.clone(), unit.document.clone())];
    for left in change.changes.iter().filter(|change| change.after.is_none()) {
        candidates.extend(
            Unit::of(&left.path)
                .filter(|left_unit| left_unit.document == left.path)
                .map(|unit| (unit.place, unit.document)),
        );
    }
    let mut places = Vec::new();
    for (place, document) in candidates {
        let same = said(tip, &document)?
            .is_some_and(|before| before.ulid == now.ulid && before.version.1 == now.version.1);
        if same {
            places.push(place);
        }
    }
    Ok(places)
}
