//! The artifacts that a change touches, or all artifacts of a tree.

use std::collections::BTreeSet;

use artifact::layout::{Layout, MODULE};
use artifact::{ArtifactKind, Syntax};
use dialect::Claimed;
use index::{CARDS, SPEC, file_of_card, kind_of_file};
use rayon::prelude::*;
use snapshot::fold::fold;
use snapshot::{Change, Error, Mode, Node, RepoPath, Result, Snapshot};

use super::document::MAX_DOCUMENT_BYTES;
use super::{Document, StateInput};

/// The paths of the artifacts that are checked.
#[derive(Default)]
pub(crate) struct ArtifactPaths {
    pub(super) cards: BTreeSet<RepoPath>,
    /// What is below the directory of cards, or in its place, and cannot be a card.
    pub(super) stray_cards: BTreeSet<RepoPath>,
    /// Their directories.
    pub(super) plugins: BTreeSet<RepoPath>,
    pub(super) documents: BTreeSet<RepoPath>,
    pub(super) packs: BTreeSet<RepoPath>,
    /// Documents that a checked card names.
    pub(super) named: BTreeSet<RepoPath>,
    /// Whether this is the first share of a tree, or all of a change.
    pub(super) is_first: bool,
}

/// How many plugins a share of a tree contains: enough to be worth a task, few enough to stay small in memory.
const MAX_SHARE_PLUGINS: usize = 256;
/// How many cards a share of a tree contains.
const MAX_SHARE_CARDS: usize = 1024;

impl ArtifactPaths {
    /// Returns no artifact at all: only what concerns the tree as a whole is checked.
    pub(crate) fn none() -> ArtifactPaths {
        ArtifactPaths { is_first: true, ..ArtifactPaths::default() }
    }

    /// Finds the artifacts that a change touches; without a change, all of them.
    pub(crate) fn of(input: &StateInput<'_>) -> Result<ArtifactPaths> {
        let mut paths = ArtifactPaths::none();
        match input.changes {
            Some(changes) => {
                let layout = &input.policy.layout;
                for change in changes.iter().filter(|change| {
                    change.after.is_some() || layout.plugin_directory(&change.path).is_some()
                }) {
                    paths.add(change, layout, input.claimed);
                }
            }
            None => {
                paths.cards.extend(input.index.cards.iter().map(|card| card.path()));
                paths.stray_cards.extend(stray_cards(input.head)?);
                let indexed = input.index.plugins.iter().map(|plugin| plugin.directory());
                paths.plugins.extend(indexed.filter(|directory| !input.claimed.reaches(directory)));
                for node in directories(input.head, &RepoPath::from(policy::PACKS))? {
                    paths.packs.insert(node.path.join(b"pack.yaml"));
                }
                let documents = input.index.documents.iter();
                let documents = documents.filter(|document| document.kind != ArtifactKind::PolicyPack);
                paths.documents.extend(documents.map(|document| document.file()));
                // One with a `doc_key` alone, or that cannot be read, is not in the index.
                paths.documents.extend(input.identified.iter().cloned());
            }
        }
        for path in &paths.cards {
            let claims = input.index.card(path.name()).map(|card| &card.claims);
            let file = claims
                .filter(|claims| claims.kind != ArtifactKind::PolicyPack.name())
                .and_then(|claims| file_of_card(&claims.kind, &claims.path));
            if let Some(file) = file {
                paths.documents.insert(file.clone());
                paths.named.insert(file);
            }
        }
        Ok(paths)
    }

    /// Returns whether a card, a spec, a document or a pack is checked.
    pub(crate) fn contains(&self, path: &RepoPath, layout: &Layout) -> bool {
        self.cards.contains(path)
            || self.documents.contains(path)
            || self.packs.contains(path)
            || layout.plugin_directory(path).is_some_and(|directory| self.plugins.contains(&directory))
    }

    /// Splits the artifacts of a tree into shares; the few documents and packs are the first share.
    pub(crate) fn shares(self) -> Vec<ArtifactPaths> {
        let cards: Vec<RepoPath> = self.cards.into_iter().collect();
        let plugins: Vec<RepoPath> = self.plugins.into_iter().collect();
        let mut shares = vec![ArtifactPaths {
            documents: self.documents,
            named: self.named,
            packs: self.packs,
            stray_cards: self.stray_cards,
            is_first: true,
            ..ArtifactPaths::default()
        }];
        for share in cards.chunks(MAX_SHARE_CARDS) {
            shares.push(ArtifactPaths { cards: share.iter().cloned().collect(), ..ArtifactPaths::default() });
        }
        for share in plugins.chunks(MAX_SHARE_PLUGINS) {
            shares
                .push(ArtifactPaths { plugins: share.iter().cloned().collect(), ..ArtifactPaths::default() });
        }
        shares
    }

    fn add(&mut self, change: &Change, layout: &Layout, claimed: &Claimed) {
        let path = &change.path;
        if change.after.is_some_and(|after| is_stray_card(path, after.mode)) {
            self.stray_cards.insert(path.clone());
        }
        let mut parts = path.components();
        let (first, second) = (parts.next(), parts.next());
        if path.parent() == RepoPath::from(CARDS) {
            self.cards.insert(path.clone());
        } else if let Some(directory) = layout.plugin_directory(path) {
            // What a manifest of another plugin system claims does not need a spec.
            if !claimed.reaches(&directory) {
                self.plugins.insert(directory);
            }
            // A document with an identity may be here by mistake.
            if Syntax::of_path(path) == Some(Syntax::FrontMatter) {
                self.documents.insert(path.clone());
            }
        } else if first == Some(policy::PACKS.as_bytes())
            && path.name() == b"pack.yaml"
            && second != Some(b"pack.yaml")
        {
            self.packs.insert(path.clone());
        } else if Syntax::of_path(path) == Some(Syntax::FrontMatter) || is_module(path) {
            self.documents.insert(path.clone());
        }
    }
}

/// Returns whether a change touches a file that claims an identity, a key or a path: otherwise no index is needed.
pub(crate) fn touches_identities(
    head: &dyn Snapshot,
    tip: &dyn Snapshot,
    changes: &[Change],
    layout: &Layout,
) -> Result<bool> {
    for change in changes {
        let path = &change.path;
        let in_cards = path.parent() == RepoPath::from(CARDS);
        let is_spec = path.name() == SPEC.as_bytes() && layout.plugin_directory(path).is_some();
        let is_pack = path.name() == b"pack.yaml" && crate::paths::is_policy(path);
        if in_cards || is_spec || is_pack || has_ulid(head, tip, change)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns whether a file may describe a module.
fn is_module(path: &RepoPath) -> bool {
    path.name() == MODULE.as_bytes()
}

/// Returns whether a changed Markdown file or module has an identity, or had one on the base branch.
fn has_ulid(head: &dyn Snapshot, tip: &dyn Snapshot, change: &Change) -> Result<bool> {
    let path = &change.path;
    if Syntax::of_path(path) != Some(Syntax::FrontMatter) && !is_module(path) {
        return Ok(false);
    }
    let is_identified = |snapshot: &dyn Snapshot| -> Result<bool> {
        Ok(Document::open(snapshot, path)?.is_some_and(|document| document.names_identity))
    };
    Ok(change.after.is_some() && is_identified(head)? || change.before.is_some() && is_identified(tip)?)
}

/// Returns the Markdown files and modules that a change touches: those of them with an identity are indexed beside the ones that cards name.
pub(crate) fn touched_documents(changes: &[Change]) -> BTreeSet<RepoPath> {
    let is_document =
        |path: &&RepoPath| matches!(kind_of_file(path), Some(ArtifactKind::Document | ArtifactKind::Module));
    changes.iter().map(|change| &change.path).filter(is_document).cloned().collect()
}

/// Finds every Markdown file and module of a tree that seems to declare an identity.
///
/// # Errors
/// When a directory or a file cannot be read.
pub(crate) fn identified_documents(head: &dyn Snapshot) -> Result<BTreeSet<RepoPath>> {
    let mut candidates = Vec::new();
    let mut directories = vec![head.root()?];
    while let Some(directory) = directories.pop() {
        for entry in head.list(&directory)?.iter() {
            let node = Node { path: directory.path.join(entry.name), object: entry.object };
            if entry.object.mode == Mode::Directory {
                directories.push(node);
            } else if matches!(kind_of_file(&node.path), Some(ArtifactKind::Document | ArtifactKind::Module))
            {
                candidates.push(node);
            }
        }
    }
    let found: Result<Vec<Option<RepoPath>>> = candidates
        .into_par_iter()
        .filter(|node| matches!(node.object.mode, Mode::File | Mode::Executable))
        .map(|node| {
            let text = match head.read(&node, MAX_DOCUMENT_BYTES) {
                Err(Error::TooLarge { .. }) => return Ok(None),
                other => other?,
            };
            let starts = node.path.name() == MODULE.as_bytes()
                || [&b"---"[..], b"+++"].iter().any(|fence| {
                    text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&text).trim_ascii_start().starts_with(fence)
                });
            let names = |field: &[u8]| memchr::memmem::find(&text, field).is_some();
            Ok((starts && (names(b"ulid") || names(b"doc_key"))).then_some(node.path))
        })
        .collect();
    Ok(found?.into_iter().flatten().collect())
}

/// The strays of a tree that are reported one by one: more are a mistake of the same kind.
const MAX_STRAYS: usize = 1_000;

/// Returns whether something is below the directory of cards, in any case, or in its place, and cannot be a card.
fn is_stray_card(path: &RepoPath, mode: Mode) -> bool {
    let cards = RepoPath::from(CARDS);
    let is_file = matches!(mode, Mode::File | Mode::Executable);
    if *path == cards.parent() || *path == cards {
        return mode != Mode::Directory;
    }
    let folded = fold(path.as_bytes());
    folded.starts_with(format!("{CARDS}/").as_bytes()) && !(path.parent() == cards && is_file)
}

/// Finds what is below the directory of cards of a tree, or in its place, and cannot be a card.
fn stray_cards(snapshot: &dyn Snapshot) -> Result<Vec<RepoPath>> {
    let cards = RepoPath::from(CARDS);
    let above: Vec<Vec<u8>> = cards.prefixes().map(<[u8]>::to_vec).collect();
    let mut found = Vec::new();
    let mut pending = vec![snapshot.root()?];
    while let Some(directory) = pending.pop().filter(|_| found.len() < MAX_STRAYS) {
        for entry in snapshot.list(&directory)?.iter() {
            let path = directory.path.join(entry.name);
            let folded = fold(path.as_bytes()).into_owned();
            let is_inside = folded.starts_with(format!("{CARDS}/").as_bytes());
            if entry.object.mode != Mode::Directory {
                found.extend(Some(path).filter(|path| is_stray_card(path, entry.object.mode)));
            } else if is_inside || above.contains(&folded) {
                pending.push(Node { path, object: entry.object });
            }
        }
    }
    Ok(found)
}

/// Returns the directories in a directory; none where it is missing.
fn directories(snapshot: &dyn Snapshot, directory: &RepoPath) -> Result<Vec<Node>> {
    let Some(node) = snapshot.find(directory)?.filter(|node| node.object.mode == Mode::Directory) else {
        return Ok(Vec::new());
    };
    let listing = snapshot.list(&node)?;
    let entries = listing.iter().filter(|entry| entry.object.mode == Mode::Directory);
    Ok(entries.map(|entry| Node { path: directory.join(entry.name), object: entry.object }).collect())
}
