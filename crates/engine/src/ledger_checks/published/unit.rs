//! Artifacts with their own versions: the version that each declares, and the differences between two states.

use artifact::layout::{Layout, MODULE, PACK, PACKS, SPEC};
use artifact::{Kind, Limits, PluginSpec, Syntax, Value, parse};
use diagnostic::Location;
use memchr::memmem;
use plugin_files::manual::Manual;
use plugin_files::{DERIVED, MANIFEST, PluginFiles, README, SnapshotSource, derive};
use snapshot::{Error, Mode, Node, RepoPath, Result, Snapshot};

/// The largest document that is opened, in bytes.
const MAX_DOCUMENT_BYTES: u64 = 4 << 20;

/// Fields that the ledger records on their own: a new owner or key is not a new version.
const RECORDED_FIELDS: [&str; 7] = ["key", "doc_key", "aliases", "owner", "status", "deprecation", "links"];
/// An artifact with a version of its own.
pub(super) struct Unit {
    /// The directory, or the document itself.
    pub(super) place: RepoPath,
    /// The document that names identity and version.
    pub(super) document: RepoPath,
}

impl Unit {
    /// The artifacts that a path may be part of: a document may lie in the directory of another artifact.
    pub(super) fn of(path: &RepoPath, layout: &Layout) -> impl Iterator<Item = Unit> {
        let plugin = layout.plugin_directory(path);
        let pack = || {
            let parts: Vec<&[u8]> = path.components().take(3).collect();
            let inside = parts.len() == 3 && parts[0] == PACKS.as_bytes();
            inside.then(|| RepoPath::from(PACKS).join(parts[1]))
        };
        let unit = |place: RepoPath, name: &str| Unit { document: place.join(name.as_bytes()), place };
        let directory =
            plugin.map(|place| unit(place, SPEC)).or_else(|| pack().map(|place| unit(place, PACK)));
        let document = is_file(path).then(|| Unit { place: path.clone(), document: path.clone() });
        directory.into_iter().chain(document)
    }
}

impl Unit {
    /// The artifact that lies at a place.
    ///
    /// The layout of today does not matter: the ledger recorded the place under the layout of its time.
    pub(super) fn at(place: &RepoPath) -> Unit {
        let document = if is_file(place) {
            place.clone()
        } else if place.parent() == RepoPath::from(PACKS) {
            place.join(PACK.as_bytes())
        } else {
            place.join(SPEC.as_bytes())
        };
        Unit { place: place.clone(), document }
    }
}

/// Returns whether the artifact at a path is a file: a document or a module.
fn is_file(path: &RepoPath) -> bool {
    Syntax::of_path(path) == Some(Syntax::FrontMatter) || path.name() == MODULE.as_bytes()
}

/// The version that a document declares, and its text.
pub(super) struct DeclaredVersion {
    pub(super) text: Vec<u8>,
    pub(super) value: Value,
    pub(super) ulid: String,
    /// The pointer of the version, and the version.
    pub(super) version: (&'static str, String),
    /// Whether the status is `draft`: the version is not published.
    pub(super) is_draft: bool,
}

pub(super) fn declared_version(
    snapshot: &dyn Snapshot,
    document: &RepoPath,
) -> Result<Option<DeclaredVersion>> {
    let file =
        snapshot.find(document)?.filter(|node| matches!(node.object.mode, Mode::File | Mode::Executable));
    let Some(node) = file else { return Ok(None) };
    let text = match snapshot.read(&node, MAX_DOCUMENT_BYTES) {
        Err(Error::TooLarge { .. }) => return Ok(None),
        other => other?,
    };
    let syntax = Syntax::of_path(document).unwrap_or(Syntax::Yaml);
    let limits = Limits { bytes: MAX_DOCUMENT_BYTES as usize, ..Limits::default() };
    let Ok(value) = parse(syntax, &text, &limits) else { return Ok(None) };
    let pointer = if syntax == Syntax::FrontMatter { "/semver" } else { "/version" };
    let at = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).map(String::from);
    // A version that is not SemVer was never published.
    let version = at(pointer).filter(|version| semver::Version::parse(version).is_ok());
    Ok(at("/ulid").zip(version).map(|(ulid, version)| DeclaredVersion {
        text,
        ulid,
        version: (pointer, version),
        is_draft: value.pointer("/status").and_then(Value::as_str) == Some("draft"),
        value,
    }))
}

/// Describes a version whose content changed at a path.
pub(super) fn changed_message(unit: &Unit, now: &DeclaredVersion, why: &str, other: &RepoPath) -> String {
    let version = &now.version.1;
    if *other == unit.place {
        format!("{why} {version} was modified")
    } else {
        let path = String::from_utf8_lossy(other.as_bytes()).into_owned();
        format!("{why} {version} was modified: {path}")
    }
}

impl DeclaredVersion {
    /// Returns the place of the version in the document.
    pub(super) fn place(&self, unit: &Unit) -> Location {
        self.place_of(&unit.document)
    }

    /// Returns the place of the version in a document at this path.
    pub(super) fn place_of(&self, document: &RepoPath) -> Location {
        let pointer = self.version.0;
        let span = self.value.pointer(pointer).map_or(0..0, |value| value.span.clone());
        Location::at(document, &self.text, span).with_pointer(pointer)
    }
}

/// The same version before and after a change.
pub(super) struct Compared<'c> {
    pub(super) before: &'c dyn Snapshot,
    pub(super) after: &'c dyn Snapshot,
    pub(super) unit: &'c Unit,
    pub(super) now: &'c DeclaredVersion,
    /// Whether different bytes with the same values count as a difference: they do in one step, not over many.
    pub(super) strict: bool,
}

impl Compared<'_> {
    /// Finds the first file that differs in what a version is.
    pub(super) fn first_difference(&self, before: &Node, after: &Node) -> Result<Option<RepoPath>> {
        if before.object == after.object && before.object.id.is_some() {
            return Ok(None);
        }
        if before.object.mode == Mode::Directory && after.object.mode == Mode::Directory {
            let [old, new] = [self.before.list(before)?, self.after.list(after)?];
            let mut names: Vec<&[u8]> = old.iter().chain(new.iter()).map(|entry| entry.name).collect();
            // What is derived differs because something else does.
            let derived = |name: &[u8]| {
                after.path == self.unit.place && DERIVED.iter().any(|derived| derived.as_bytes() == name)
            };
            names.sort_unstable_by_key(|name| (derived(name), *name));
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
        if before.object.mode == after.object.mode && self.follows(before, after)? {
            return Ok(None);
        }
        let is_document = after.path == self.unit.document && before.object.mode == after.object.mode;
        let is_recorded = is_document && {
            let text = self.before.read(before, MAX_DOCUMENT_BYTES)?;
            let limits = Limits { bytes: MAX_DOCUMENT_BYTES as usize, ..Limits::default() };
            let syntax = Syntax::of_path(&self.unit.document).unwrap_or(Syntax::Yaml);
            let value = parse(syntax, &text, &limits).ok();
            value.is_some_and(|value| differ_in_recorded_fields(&value, &self.now.value, self.strict))
                && body(syntax, &text) == body(syntax, &self.now.text)
        };
        Ok((!is_recorded).then(|| after.path.clone()))
    }
}

impl Compared<'_> {
    /// Returns whether a derived file of a plugin differs only because its spec has another owner, key or status.
    ///
    /// What follows is what the spec of today makes of the files of today; what people wrote into it stays.
    fn follows(&self, before: &Node, after: &Node) -> Result<bool> {
        let inside = after.path.name();
        let name = [MANIFEST, README].into_iter().find(|name| name.as_bytes() == inside);
        let (Some(name), true) = (name, after.path.parent() == self.unit.place) else { return Ok(false) };
        if self.unit.document.name() != SPEC.as_bytes() || self.spec_is_same(before)? {
            return Ok(false);
        }
        let text = |snapshot: &dyn Snapshot, node: &Node| match snapshot.read(node, MAX_DOCUMENT_BYTES) {
            Err(Error::TooLarge { .. }) => Ok(Vec::new()),
            other => other,
        };
        let (old, new) = (text(self.before, before)?, text(self.after, after)?);
        let manual = |text: &[u8]| Manual::read(std::str::from_utf8(text).unwrap_or_default()).ok();
        if name == README && (manual(&old).is_none() || manual(&old) != manual(&new)) {
            return Ok(false);
        }
        let spec = PluginSpec::read(&self.now.value);
        let (Some(spec), Some(standing)) = (spec, PluginFiles::find(self.after, &self.unit.place)?) else {
            return Ok(false);
        };
        Ok(derive(&standing, &spec, SnapshotSource::Existing).files.get(name) == Some(&new))
    }

    /// Returns whether the spec in the same directory is unchanged.
    fn spec_is_same(&self, before: &Node) -> Result<bool> {
        let node = self.before.find(&before.path.parent().join(SPEC.as_bytes()))?;
        let text = node.map(|node| self.before.read(&node, MAX_DOCUMENT_BYTES)).transpose()?;
        Ok(text.as_deref() == Some(&self.now.text))
    }
}

/// Returns whether two documents differ only in fields that the ledger records on their own; with equal values, different bytes count as a difference.
fn differ_in_recorded_fields(before: &Value, after: &Value, strict: bool) -> bool {
    let (Kind::Map(old), Kind::Map(new)) = (&before.kind, &after.kind) else { return false };
    let same = |name: &str| match (old.get(name), new.get(name)) {
        (Some(old), Some(new)) => old.same(new),
        (None, None) => true,
        _ => false,
    };
    let mut names = old.entries().chain(new.entries()).map(|entry| entry.key.name.as_str());
    let differs = !RECORDED_FIELDS.iter().all(|name| same(name));
    (differs || !strict) && names.all(|name| RECORDED_FIELDS.contains(&name) || same(name))
}

/// Returns the content after the front matter; nothing for other documents.
fn body(syntax: Syntax, text: &[u8]) -> &[u8] {
    match syntax {
        Syntax::FrontMatter => memmem::find(text, b"\n---").map_or(&[][..], |at| &text[at..]),
        Syntax::Yaml | Syntax::Json => &[],
    }
}
