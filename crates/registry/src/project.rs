//! Building a registry from all of its sources.

use artifact::layout::{CARDS, DEFAULT_PARENT, Layout};
use ledger::files::{Files, checkpoint};
use rayon::prelude::*;
use snapshot::{Error, Mode, Node, ObjectId, RepoPath, Result, Snapshot};
use tlog::Hash;

use super::fold::{FullRegistry, RegistryState as _, fold};
use super::unrecorded::{self, Specs, Unrecorded};
use super::{Contents, Sources, write};

/// The inputs of a registry.
#[derive(Clone, Copy)]
pub struct Tree<'t> {
    /// The cards and plugins.
    pub snapshot: &'t dyn Snapshot,
    /// The ledger, which can be newer than that of the snapshot.
    pub ledger: &'t dyn Files,
    /// The directories of plugins, by the policy of the same tree.
    pub layout: &'t Layout,
}

/// Returns the sources of a tree; of the files, only the checkpoint is read.
///
/// # Errors
/// When a directory or the checkpoint cannot be read.
pub fn sources_of(tree: &Tree<'_>) -> Result<Sources> {
    let id = |folder: &str| match directory(tree.snapshot, folder)? {
        Some(node) => tree.snapshot.tree_id(&node),
        None => Ok(None),
    };
    let opened = checkpoint(tree.ledger)?.map(|bytes| tlog::open(&bytes)).transpose();
    let opened = opened.map_err(|error| Error::Corrupt {
        what: format!("{}/{}", ledger::files::FOLDER, ledger::files::CHECKPOINT),
        reason: error.to_string().into(),
    })?;
    let (ledger_size, ledger_root) =
        opened.map_or((0, Hash::empty()), |opened| (opened.checkpoint.size, opened.checkpoint.root));
    let plugins =
        if tree.layout.is_default() { id(DEFAULT_PARENT)? } else { plugins_id(tree.snapshot, tree.layout)? };
    Ok(Sources { cards: id(CARDS)?, plugins, ledger_size, ledger_root })
}

/// Returns the SHA-256 of the sorted lines `<tree id> <path>` of all plugin directories; `None` without any.
fn plugins_id(snapshot: &dyn Snapshot, layout: &Layout) -> Result<Option<ObjectId>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for node in layout.directories(snapshot)? {
        let Some(id) = snapshot.tree_id(&node)? else { continue };
        let mut line = format!("{id} ").into_bytes();
        for &byte in node.path.as_bytes() {
            // A line feed in a path must not look like the next line.
            match byte {
                b'\n' => line.extend(b"\\n"),
                b'\\' => line.extend(b"\\\\"),
                byte => line.push(byte),
            }
        }
        line.push(b'\n');
        lines.push(line);
    }
    lines.sort();
    Ok(if lines.is_empty() { None } else { ObjectId::from_bytes(&digest::Digest::of(lines.concat()).0) })
}

pub(super) fn directory(snapshot: &dyn Snapshot, folder: &str) -> Result<Option<Node>> {
    Ok(snapshot.find(&RepoPath::from(folder))?.filter(|node| node.object.mode == Mode::Directory))
}

/// Builds the registry of a tree.
///
/// # Errors
/// When a file cannot be read, or the ledger does not match its checkpoint.
pub fn project(tree: &Tree<'_>) -> Result<Vec<u8>> {
    let sources = sources_of(tree)?;
    let mut state = FullRegistry::default();
    let mut problem = None;
    let roots = ledger::events(tree.ledger, 0, sources.ledger_size, &mut |event| match event {
        Ok(event) => {
            if !fold(&mut state, event) && problem.is_none() {
                problem = Some("a line names an identity that no earlier line created".to_string());
            }
        }
        Err(other) => drop(problem.get_or_insert_with(|| other.message.clone())),
    })?;
    let covered = roots.is_some_and(|roots| roots.all == sources.ledger_root);
    let problem = if covered { problem } else { Some("the lines do not match the checkpoint".into()) };
    if let Some(problem) = problem {
        return Err(Error::Refused {
            what: format!("{}: {problem}", ledger::files::FOLDER),
            help: "no registry was generated; list all faults: id-ledger verify".into(),
        });
    }
    for (ulid, unrecorded) in unrecorded_of(tree, &state, sources.ledger_size > 0)? {
        unrecorded.keys.iter().for_each(|key| state.reserve_key(key, ulid));
        state.add(ulid, unrecorded.entry);
    }
    let FullRegistry { by_ulid, by_key } = state;
    Ok(write(&Contents { sources, by_ulid, by_key }).into_bytes())
}

/// Returns the identities with a card that the ledger does not contain.
fn unrecorded_of(
    tree: &Tree<'_>,
    state: &FullRegistry,
    ledger_begun: bool,
) -> Result<Vec<(artifact::Ulid, Unrecorded)>> {
    let snapshot = tree.snapshot;
    let Some(folder) = directory(snapshot, CARDS)? else { return Ok(Vec::new()) };
    let listing = snapshot.list(&folder)?;
    let specs = Specs::in_layout(snapshot, tree.layout)?;
    let cards: Vec<_> = listing
        .iter()
        .filter(|entry| matches!(entry.object.mode, Mode::File | Mode::Executable))
        .filter_map(|entry| Some((unrecorded::ulid_of(entry.name)?, entry.object)))
        .filter(|(ulid, _)| !state.by_ulid.contains_key(ulid))
        .collect();
    let changes: Result<Vec<Option<_>>> = cards
        .par_iter()
        .map(|&(ulid, object)| {
            let claims = unrecorded::card(snapshot, &folder.path, ulid, object)?;
            let change = |claims| {
                Ok((ulid, unrecorded::unrecorded_change(&claims, &specs.at(&claims.path)?, ledger_begun)))
            };
            claims.map(change).transpose()
        })
        .collect();
    Ok(changes?.into_iter().flatten().collect())
}
