//! What was published stays what it was: a version that the ledger tells of never gets other bytes.

use std::collections::BTreeMap;

use artifact::layout::{PACK, PACKS, PLUGINS, SPEC};
use artifact::{Kind, Limits, Syntax, Ulid, Value, parse};
use diagnostic::{Diagnostic, Location, Related};
use ledger::files::{FOLDER, Files, InSnapshot, LARGEST_SEGMENT, segment_name, segment_number};
use ledger::{Event, EventType};
use memchr::{memchr, memmem, memrchr};
use policy::{Date, Policy};
use snapshot::{Error, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};

use super::{LedgerChange, tell};
use crate::check::levels;
use crate::rule::LedgerMatter;

/// The largest document that is opened, in bytes.
const LARGEST: u64 = 4 << 20;

/// What the ledger tells by itself: a new owner or key is no new version.
const TOLD: [&str; 7] = ["key", "doc_key", "aliases", "owner", "status", "deprecation", "links"];
/// An artifact with a version of its own.
struct Unit {
    /// The directory, or the document itself.
    place: RepoPath,
    /// The document that names identity and version.
    document: RepoPath,
}

impl Unit {
    /// The artifact that a path may be part of.
    fn of(path: &RepoPath) -> Option<Unit> {
        let parts: Vec<&[u8]> = path.components().take(3).collect();
        let folder = |first: &str, name: &str| {
            let place = RepoPath::from(first).join(parts.get(1)?);
            let inside = parts.len() == 3 && parts[0] == first.as_bytes();
            inside.then(|| Unit { document: place.join(name.as_bytes()), place })
        };
        folder(PLUGINS, SPEC).or_else(|| folder(PACKS, PACK)).or_else(|| {
            let markdown = Syntax::of_path(path) == Some(Syntax::FrontMatter);
            markdown.then(|| Unit { place: path.clone(), document: path.clone() })
        })
    }
}

impl Unit {
    /// The artifact that lies at a place.
    fn at(place: &RepoPath) -> Option<Unit> {
        let first = place.components().next().unwrap_or_default();
        let inside =
            [(PLUGINS, SPEC), (PACKS, PACK)].into_iter().find(|(folder, _)| first == folder.as_bytes());
        match inside {
            Some((_, name)) if place.components().count() == 2 => Unit::of(&place.join(name.as_bytes())),
            _ => Unit::of(place),
        }
    }
}

/// What a document says, and its text.
struct Said {
    text: Vec<u8>,
    value: Value,
    ulid: String,
    /// The pointer of the version, and the version.
    version: (&'static str, String),
}

fn said(snapshot: &dyn Snapshot, document: &RepoPath) -> Result<Option<Said>> {
    let file =
        snapshot.find(document)?.filter(|node| matches!(node.object.mode, Mode::File | Mode::Executable));
    let Some(node) = file else { return Ok(None) };
    let text = match snapshot.read(&node, LARGEST) {
        Err(Error::TooLarge { .. }) => return Ok(None),
        other => other?,
    };
    let syntax = Syntax::of_path(document).unwrap_or(Syntax::Yaml);
    let limits = Limits { bytes: LARGEST as usize, ..Limits::default() };
    let Ok(value) = parse(syntax, &text, &limits) else { return Ok(None) };
    let pointer = if syntax == Syntax::FrontMatter { "/semver" } else { "/version" };
    let at = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(String::from);
    Ok(at("/ulid").zip(at(pointer)).map(|(ulid, version)| Said {
        text,
        ulid,
        version: (pointer, version),
        value,
    }))
}

/// The line that published a version.
struct PublishedBy {
    path: RepoPath,
    text: Vec<u8>,
    span: std::ops::Range<usize>,
    tree: Option<ObjectId>,
    sha256: String,
}

/// Judges whether a change gives other bytes to a version that was published, or that stands on base and will be.
pub(super) fn judge_published(change: &LedgerChange<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
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

/// Says that a version is something else than it was.
fn tell_changed(unit: &Unit, now: &Said, why: &str, other: &RepoPath) -> Option<Diagnostic> {
    let version = &now.version.1;
    let message = if *other == unit.place {
        format!("version {version} {why}, and this is something else")
    } else {
        let path = String::from_utf8_lossy(other.as_bytes()).into_owned();
        format!("version {version} {why}, and this makes something else of it: {path}")
    };
    let span = now.value.pointer(now.version.0).map_or(0..0, |value| value.span.clone());
    let place = Location::at(&unit.document, &now.text, span).with_pointer(now.version.0);
    tell(LedgerMatter::Published, message, place)
}

/// The version of an identity that was published last, and where it lies now.
#[derive(Default)]
struct Last {
    path: String,
    version: String,
    tree: Option<ObjectId>,
    sha256: String,
}

/// Opens an object that was published: a tree, or a file.
pub type Published<'p> = dyn Fn(ObjectId) -> Option<Box<dyn Snapshot + 'p>> + 'p;

/// What stands, held to what was published last.
#[derive(Debug, Default)]
pub struct Standing {
    /// What is something else under the same version, at the levels that policy sets, waived where it waives.
    pub findings: Vec<Diagnostic>,
    /// Versions that stand and were never published: news of a change; on a mainline that was recorded, what could not be.
    pub unrecorded: Vec<(RepoPath, String)>,
}

/// Judges whether what stands under each published version is what was published.
///
/// # Errors
/// When something cannot be read.
pub fn judge_standing(
    head: &dyn Snapshot,
    files: &dyn Files,
    open: &Published<'_>,
    policy: &Policy,
    today: Date,
) -> Result<Standing> {
    let Standing { mut findings, mut unrecorded } = Standing::default();
    for last in last_published(files)?.into_values() {
        let place = RepoPath::from(last.path.as_str());
        let Some(unit) = Unit::at(&place) else { continue };
        let Some(node) = head.find(&place)? else { continue };
        let id = if node.object.mode == Mode::Directory { head.tree_id(&node)? } else { node.object.id };
        if id.is_some() && id == last.tree {
            continue;
        }
        let Some(now) = said(head, &unit.document)? else { continue };
        if now.version.1 != last.version {
            let other = if last.version.is_empty() {
                "no version was"
            } else {
                &format!("{} was last", last.version)
            };
            let message = format!("version {} stands here and was not recorded; {other}", now.version.1);
            unrecorded.push((unit.document.clone(), message));
            continue;
        }
        // Of what cannot be opened any more the digest is left.
        let before = last.tree.and_then(|tree| Some((open(tree)?, tree)));
        let other = match before {
            Some((before, tree)) => {
                let node_before = Node {
                    path: RepoPath::root(),
                    object: Object { mode: node.object.mode, id: Some(tree) },
                };
                Compared { before: &*before, after: head, unit: &unit, now: &now }
                    .first_difference(&node_before, &node)?
            }
            None => match ledger::derive::content_digest(head, &node) {
                Ok(digest) if digest.hex() == last.sha256 => None,
                Ok(_) | Err(Error::TooLarge { .. }) => Some(unit.place.clone()),
                Err(error) => return Err(error),
            },
        };
        findings.extend(other.and_then(|other| tell_changed(&unit, &now, "was published", &other)));
    }
    findings.iter_mut().for_each(|finding| finding.status = diagnostic::Status::Existing);
    levels(policy, &mut findings);
    crate::waivers::apply(policy, today, &mut findings);
    findings.sort_by(Diagnostic::order);
    Ok(Standing { findings, unrecorded })
}

/// What was published last of every identity.
fn last_published(files: &dyn Files) -> Result<BTreeMap<Ulid, Last>> {
    let mut found: BTreeMap<Ulid, Last> = BTreeMap::new();
    let Some(opened) = ledger::files::checkpoint(files)?.and_then(|bytes| tlog::open(&bytes).ok()) else {
        return Ok(found);
    };
    ledger::events(files, 0, opened.checkpoint.size, &mut |event| {
        let Ok(event) = event else { return };
        let Some(ulid) = event.subject else { return };
        let text = |name: &str| event.text(name).unwrap_or_default().into_owned();
        match event.kind {
            EventType::Create => drop(found.insert(ulid, Last { path: text("path"), ..Last::default() })),
            EventType::Move => found.entry(ulid).or_default().path = text("to"),
            EventType::Publish => {
                let last = found.entry(ulid).or_default();
                last.version = text("version");
                last.tree = ObjectId::from_hex(text("tree").as_bytes());
                last.sha256 = text("sha256");
            }
            _ => {}
        }
    })?;
    Ok(found)
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

/// The same version before and after a change.
struct Compared<'c> {
    before: &'c dyn Snapshot,
    after: &'c dyn Snapshot,
    unit: &'c Unit,
    now: &'c Said,
}

impl Compared<'_> {
    /// Finds the first file that differs in what a version is.
    fn first_difference(&self, before: &Node, after: &Node) -> Result<Option<RepoPath>> {
        if before.object == after.object && before.object.id.is_some() {
            return Ok(None);
        }
        if before.object.mode == Mode::Directory && after.object.mode == Mode::Directory {
            let [old, new] = [self.before.list(before)?, self.after.list(after)?];
            let mut names: Vec<&[u8]> = old.iter().chain(new.iter()).map(|entry| entry.name).collect();
            names.sort_unstable();
            names.dedup();
            for name in names {
                let node = |listing: &snapshot::Listing, path: &RepoPath| {
                    let object = listing.get(name)?.object;
                    Some(Node { path: path.join(name), object })
                };
                let found = match (node(&old, &before.path), node(&new, &after.path)) {
                    (Some(before), Some(after)) => self.first_difference(&before, &after)?,
                    _ => Some(after.path.join(name)),
                };
                if found.is_some() {
                    return Ok(found);
                }
            }
            return Ok(None);
        }
        let is_document = after.path == self.unit.document && before.object.mode == after.object.mode;
        let told_elsewhere = is_document && {
            let text = self.before.read(before, LARGEST)?;
            let limits = Limits { bytes: LARGEST as usize, ..Limits::default() };
            let syntax = Syntax::of_path(&self.unit.document).unwrap_or(Syntax::Yaml);
            let value = parse(syntax, &text, &limits).ok();
            value.is_some_and(|value| same_but_told(&value, &self.now.value))
                && body(syntax, &text) == body(syntax, &self.now.text)
        };
        Ok((!told_elsewhere).then(|| after.path.clone()))
    }
}

/// Whether two documents differ in what the ledger tells by itself, and in nothing else: other bytes that say the same are other bytes.
fn same_but_told(before: &Value, after: &Value) -> bool {
    let (Kind::Map(old), Kind::Map(new)) = (&before.kind, &after.kind) else { return false };
    let same = |name: &str| match (old.get(name), new.get(name)) {
        (Some(old), Some(new)) => old.same(new),
        (None, None) => true,
        _ => false,
    };
    let mut names = old.entries().chain(new.entries()).map(|entry| entry.key.name.as_str());
    !TOLD.iter().all(|name| same(name)) && names.all(|name| TOLD.contains(&name) || same(name))
}

/// What stands behind the front matter; nothing of other documents.
fn body(syntax: Syntax, text: &[u8]) -> &[u8] {
    match syntax {
        Syntax::FrontMatter => memmem::find(text, b"\n---").map_or(&[][..], |at| &text[at..]),
        Syntax::Yaml | Syntax::Json => &[],
    }
}
