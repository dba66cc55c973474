//! Finds the manifests of a tree. Each file has one owner: a plugin with a spec, or one dialect.

use std::collections::BTreeSet;
use std::sync::Arc;

use artifact::layout::{CARDS, PACKS, SPEC};
use policy::{Dialect, IdentitySource, ManifestCondition, Policy, SchemaChoice, SchemaKey, Unit};
use snapshot::{Error, Kind, Listing, Mode, Node, RepoPath, Result, Snapshot};

use crate::manifest::Manifest;

/// The manifests of a tree: a larger tree is a mistake in a pattern.
const MAX_MANIFESTS: usize = 100_000;
/// The depth limit of directories that are entered.
const MAX_DIRECTORY_DEPTH: usize = 64;
/// The directories at the top that never contain plugins.
const RESERVED: [&str; 4] = [".git", ".id-guard", ".ledger", PACKS];

/// The manifests of a tree.
#[derive(Debug, Default)]
pub struct Discovery<'p> {
    /// The manifests, in byte order of their paths.
    pub manifests: Vec<FoundManifest<'p>>,
    /// The files that two dialects claim.
    pub conflicts: Vec<Conflict<'p>>,
}

/// A manifest of a tree.
#[derive(Debug, Clone)]
pub struct FoundManifest<'p> {
    /// The dialect that it belongs to.
    pub dialect: &'p Dialect,
    /// The file.
    pub node: Node,
    /// What it is.
    pub role: Role,
    /// The manifest, where the search had to read it.
    opened: Option<Arc<Manifest>>,
}

/// What a manifest is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// An artifact of its dialect.
    Artifact,
    /// A document of a plugin that has a spec of its own.
    InsidePlugin,
}

/// A file that two dialects claim.
#[derive(Debug, Clone)]
pub struct Conflict<'p> {
    /// The file.
    pub path: RepoPath,
    /// The dialects.
    pub dialects: [&'p Dialect; 2],
    /// The manifest whose artifact is the directory of the file, where it is another file.
    pub owner: Option<RepoPath>,
}

/// What manifests claim: files and directories to which the rules about plugins with a spec do not apply.
#[derive(Debug, Default)]
pub struct Claimed {
    files: BTreeSet<RepoPath>,
    directories: BTreeSet<RepoPath>,
}

/// Finds the manifests of the dialects that a policy enables. A directory in which `former` has a plugin spec stays that of a plugin.
///
/// # Errors
/// When a directory or a file cannot be read, or the tree has more manifests or deeper directories than a search enters.
pub fn discover<'p>(
    snapshot: &dyn Snapshot,
    policy: &'p Policy,
    former: Option<&dyn Snapshot>,
) -> Result<Discovery<'p>> {
    let dialects: Vec<&Dialect> = policy.dialects().collect();
    let mut search = Search { snapshot, former, policy, dialects, found: Discovery::default() };
    if !search.dialects.is_empty() {
        search.run()?;
    }
    search.found.manifests.sort_by(|a, b| a.node.path.cmp(&b.node.path));
    search.found.conflicts.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(search.found)
}

/// Returns the dialect whose artifact the file at a path is; only the directories above it are looked at.
///
/// # Errors
/// When a directory or a file cannot be read.
pub fn dialect_of<'p>(
    snapshot: &dyn Snapshot,
    policy: &'p Policy,
    path: &RepoPath,
) -> Result<Option<&'p Dialect>> {
    let dialects: Vec<&Dialect> = policy.dialects().collect();
    if !dialects.iter().any(|dialect| dialect.matches(path).is_some()) {
        return Ok(None);
    }
    let mut search = Search { snapshot, former: None, policy, dialects, found: Discovery::default() };
    let mut owner = Owner::Nobody;
    for directory in std::iter::once(RepoPath::root()).chain(path.parent().prefixes().map(RepoPath::new)) {
        if is_reserved(&directory) {
            return Ok(None);
        }
        let Some(node) = search.node(&directory)? else { return Ok(None) };
        owner = search.directory(&node, owner)?.1;
    }
    let own =
        search.found.manifests.iter().find(|found| found.node.path == *path && found.role == Role::Artifact);
    Ok(own.map(|found| found.dialect))
}

impl FoundManifest<'_> {
    /// Reads the manifest, unless the search did.
    ///
    /// # Errors
    /// When the file cannot be read; that its content is not a document is a part of the manifest.
    pub fn open(&self, snapshot: &dyn Snapshot) -> Result<Arc<Manifest>> {
        match &self.opened {
            Some(manifest) => Ok(Arc::clone(manifest)),
            None => Ok(Arc::new(Manifest::open(snapshot, self.dialect, &self.node)?)),
        }
    }

    /// Returns the place of the artifact: the manifest, or its directory.
    #[must_use]
    pub fn place(&self) -> RepoPath {
        match self.dialect.unit {
            Unit::File => self.node.path.clone(),
            Unit::Directory => self.node.path.parent(),
        }
    }
}

impl Discovery<'_> {
    /// Returns what the manifests claim.
    #[must_use]
    pub fn claimed(&self) -> Claimed {
        let mut claimed = Claimed::default();
        for manifest in self.manifests.iter().filter(|manifest| manifest.role == Role::Artifact) {
            claimed.files.insert(manifest.node.path.clone());
            if manifest.dialect.unit == Unit::Directory {
                claimed.directories.insert(manifest.node.path.parent());
            }
        }
        claimed
    }

    /// Finds the manifest at a path.
    #[must_use]
    pub fn find(&self, path: &RepoPath) -> Option<&FoundManifest<'_>> {
        let at = self.manifests.binary_search_by(|manifest| manifest.node.path.cmp(path)).ok()?;
        Some(&self.manifests[at])
    }
}

impl Claimed {
    /// Returns whether nothing is claimed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// Returns whether a manifest claims the file, or a directory above it.
    #[must_use]
    pub fn contains(&self, path: &RepoPath) -> bool {
        self.files.contains(path)
            || self.directories.contains(path)
            || path.prefixes().any(|above| self.directories.contains(&RepoPath::new(above)))
    }

    /// Returns whether a manifest claims the directory, or a file below it.
    #[must_use]
    pub fn reaches(&self, directory: &RepoPath) -> bool {
        let inside = directory.join(b"");
        let is_below = |path: &RepoPath| path.as_bytes().starts_with(inside.as_bytes());
        self.contains(directory) || self.files.range(inside.clone()..).next().is_some_and(is_below)
    }
}

/// Who owns the files of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Owner {
    Nobody,
    /// A plugin with a spec.
    Plugin,
    /// The manifest, by its place among those that were found, whose artifact is the directory.
    Dialect(usize),
}

struct Search<'s, 'p> {
    snapshot: &'s dyn Snapshot,
    former: Option<&'s dyn Snapshot>,
    policy: &'p Policy,
    dialects: Vec<&'p Dialect>,
    found: Discovery<'p>,
}

impl<'p> Search<'_, 'p> {
    fn run(&mut self) -> Result<()> {
        let mut pending = vec![(self.snapshot.root()?, Owner::Nobody)];
        while let Some((directory, above)) = pending.pop() {
            let (listing, owner) = self.directory(&directory, above)?;
            if self.found.manifests.len() > MAX_MANIFESTS {
                return Err(too_many("the number of manifests", self.found.manifests.len(), MAX_MANIFESTS));
            }
            let depth = directory.path.components().count() + 1;
            for entry in listing.iter().filter(|entry| entry.object.mode == Mode::Directory) {
                let node = Node { path: directory.path.join(entry.name), object: entry.object };
                if !is_reserved(&node.path) && self.dialects.iter().any(|dialect| dialect.enters(&node.path))
                {
                    if depth > MAX_DIRECTORY_DEPTH {
                        let top = node.path.components().next().unwrap_or_default();
                        let top = String::from_utf8_lossy(top).escape_debug().to_string();
                        let what =
                            format!("the depth of a directory below {top}, which may contain manifests,");
                        return Err(too_many(&what, depth, MAX_DIRECTORY_DEPTH));
                    }
                    pending.push((node, owner));
                }
            }
        }
        Ok(())
    }

    fn node(&self, directory: &RepoPath) -> Result<Option<Node>> {
        if directory.is_root() {
            return self.snapshot.root().map(Some);
        }
        Ok(self.snapshot.find(directory)?.filter(|node| node.object.mode == Mode::Directory))
    }

    /// Finds the manifests directly in a directory; returns its entries, and who owns the directories in it.
    fn directory(&mut self, directory: &Node, above: Owner) -> Result<(Listing, Owner)> {
        let listing = self.snapshot.list(directory)?;
        let is_plugin = above != Owner::Plugin && self.is_plugin(&directory.path, &listing)?;
        let owner = if is_plugin { Owner::Plugin } else { above };
        let owner = self.files(&directory.path, &listing, owner, is_plugin)?;
        Ok((listing, owner))
    }

    /// Returns whether a directory is that of a plugin with a spec. A spec outside the layout, and what is not a regular file, owns nothing.
    fn is_plugin(&self, directory: &RepoPath, listing: &Listing) -> Result<bool> {
        if !self.policy.layout.is_plugin_directory(directory) {
            return Ok(false);
        }
        if listing.iter().any(|entry| entry.name == SPEC.as_bytes() && is_regular(entry.object.mode)) {
            return Ok(true);
        }
        match self.former {
            Some(former) => {
                let spec = former.find(&directory.join(SPEC.as_bytes()))?;
                Ok(spec.is_some_and(|node| is_regular(node.object.mode)))
            }
            None => Ok(false),
        }
    }

    /// Finds the manifests directly in a directory, and returns who owns the directories in it.
    fn files(
        &mut self,
        directory: &RepoPath,
        listing: &Listing,
        owner: Owner,
        has_spec: bool,
    ) -> Result<Owner> {
        let mut inside = owner;
        let mut by_wildcard = Vec::new();
        for entry in listing
            .iter()
            .filter(|entry| entry.object.mode != Mode::Directory && entry.name != SPEC.as_bytes())
        {
            let node = Node { path: directory.join(entry.name), object: entry.object };
            let candidates = self.candidates(&node, listing, has_spec)?;
            // Only a name that a pattern spells out is a manifest in a plugin with a spec: other files are that plugin's own.
            let (literal, wildcard): (Vec<_>, Vec<_>) =
                candidates.into_iter().partition(|candidate| candidate.names_the_file);
            if owner == Owner::Plugin {
                if has_spec {
                    self.claim(node, literal, Role::InsidePlugin);
                }
            } else if !literal.is_empty() {
                if literal.iter().any(|candidate| candidate.dialect.unit == Unit::Directory) {
                    inside = Owner::Dialect(self.found.manifests.len());
                }
                self.claim(node, literal, Role::Artifact);
            } else if !wildcard.is_empty() {
                by_wildcard.push((node, wildcard));
            }
        }
        for (node, candidates) in by_wildcard {
            match inside {
                Owner::Nobody => self.claim(node, candidates, Role::Artifact),
                Owner::Dialect(owner) => self.in_owned_directory(owner, &node, candidates)?,
                Owner::Plugin => {}
            }
        }
        Ok(inside)
    }

    /// Reports a file in the directory of another manifest that its own dialect would take for a manifest: it is not hidden in silence.
    fn in_owned_directory(
        &mut self,
        owner: usize,
        node: &Node,
        candidates: Vec<Candidate<'p>>,
    ) -> Result<()> {
        let owner = &self.found.manifests[owner];
        let (of_owner, owner) = (owner.dialect, owner.node.path.clone());
        for candidate in candidates.into_iter().filter(|other| !std::ptr::eq(other.dialect, of_owner)) {
            let manifest = match candidate.opened {
                Some(manifest) => manifest,
                None => Arc::new(Manifest::open(self.snapshot, candidate.dialect, node)?),
            };
            if resembles(candidate.dialect, &manifest) {
                let dialects = [of_owner, candidate.dialect];
                let conflict = Conflict { path: node.path.clone(), dialects, owner: Some(owner) };
                self.found.conflicts.push(conflict);
                return Ok(());
            }
        }
        Ok(())
    }

    /// Returns the dialects that a file may be a manifest of.
    fn candidates(&self, node: &Node, listing: &Listing, has_spec: bool) -> Result<Vec<Candidate<'p>>> {
        let mut found = Vec::new();
        for dialect in &self.dialects {
            let Some(names_the_file) = dialect.matches(&node.path) else { continue };
            // A spec outside the layout counts as absent.
            let is_present = |name: &String| has(listing, name) && (name != SPEC || has_spec);
            if !dialect.when.present.iter().all(|name| has(listing, name))
                || dialect.when.absent.iter().any(is_present)
            {
                continue;
            }
            let mut opened = None;
            if !dialect.when.keys.is_empty() || !dialect.when.missing.is_empty() {
                let manifest = Manifest::open(self.snapshot, dialect, node)?;
                if !matches_document(&dialect.when, &manifest) {
                    continue;
                }
                opened = Some(Arc::new(manifest));
            }
            found.push(Candidate { dialect, names_the_file, opened });
        }
        Ok(found)
    }

    fn claim(&mut self, node: Node, candidates: Vec<Candidate<'p>>, role: Role) {
        if let [first, second, ..] = candidates.as_slice() {
            let dialects = [first.dialect, second.dialect];
            self.found.conflicts.push(Conflict { path: node.path.clone(), dialects, owner: None });
        }
        if let Some(Candidate { dialect, opened, .. }) = candidates.into_iter().next() {
            self.found.manifests.push(FoundManifest { dialect, node, role, opened });
        }
    }
}

/// A dialect that a file may be a manifest of.
struct Candidate<'p> {
    dialect: &'p Dialect,
    names_the_file: bool,
    opened: Option<Arc<Manifest>>,
}

fn is_reserved(path: &RepoPath) -> bool {
    let is_top = path.components().count() == 1;
    *path == RepoPath::from(CARDS) || is_top && RESERVED.iter().any(|name| path.as_bytes() == name.as_bytes())
}

/// Returns whether a document has what its dialect knows a manifest by: an identity, and the key that chooses its schema or else its version.
fn resembles(dialect: &Dialect, manifest: &Manifest) -> bool {
    let Ok(document) = &manifest.document else { return false };
    let has = |pointer: &str| document.pointer(pointer).is_some();
    let is_named =
        dialect.identity.iter().any(|source| matches!(source, IdentitySource::Field(at) if has(at)));
    let is_versioned = match &dialect.schema {
        Some(SchemaChoice::By { key: SchemaKey::Field(at), .. }) => has(at),
        _ => dialect.version_pointer().is_none_or(has),
    };
    is_named && is_versioned
}

fn is_regular(mode: Mode) -> bool {
    matches!(mode, Mode::File | Mode::Executable)
}

fn too_many(what: &str, size: usize, limit: usize) -> Error {
    Error::TooLarge { what: what.into(), size: size as u64, limit: limit as u64 }
}

fn has(listing: &Listing, name: &str) -> bool {
    listing.iter().any(|entry| entry.name == name.as_bytes() && entry.object.mode.kind() != Kind::Directory)
}

/// Returns whether the files beside a manifest are as a condition wants them.
pub(crate) fn matches_files_beside(condition: &ManifestCondition, listing: &Listing) -> bool {
    condition.present.iter().all(|name| has(listing, name))
        && !condition.absent.iter().any(|name| has(listing, name))
}

/// Returns whether a document is as a condition wants it. One that cannot be read is: its owner learns what is wrong with it.
pub(crate) fn matches_document(condition: &ManifestCondition, manifest: &Manifest) -> bool {
    let Ok(document) = &manifest.document else { return true };
    condition.keys.iter().all(|key| document.pointer(key).is_some())
        && !condition.missing.iter().any(|key| document.pointer(key).is_some())
}
