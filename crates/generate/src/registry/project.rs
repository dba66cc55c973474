//! Making a registry from its sources, all of them.

use artifact::layout::{CARDS, PLUGINS};
use ledger::files::{Files, checkpoint};
use rayon::prelude::*;
use snapshot::{Error, Mode, Node, RepoPath, Result, Snapshot};
use tlog::Hash;

use super::fold::{Book as _, Whole, fold};
use super::unrecorded::{self, Specs, Unrecorded};
use super::{Contents, Sources, write};

/// What a registry is made of.
#[derive(Clone, Copy)]
pub struct Tree<'t> {
    /// The cards and plugins.
    pub snapshot: &'t dyn Snapshot,
    /// The ledger, which may be newer than the snapshot's own.
    pub ledger: &'t dyn Files,
}

/// Names the sources of a tree, reading none of them but the checkpoint.
///
/// # Errors
/// When a folder or the checkpoint cannot be read.
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
    Ok(Sources { cards: id(CARDS)?, plugins: id(PLUGINS)?, ledger_size, ledger_root })
}

pub(super) fn directory(snapshot: &dyn Snapshot, folder: &str) -> Result<Option<Node>> {
    Ok(snapshot.find(&RepoPath::from(folder))?.filter(|node| node.object.mode == Mode::Directory))
}

/// Makes the registry of a tree.
///
/// # Errors
/// When something cannot be read, or the ledger is not what its checkpoint covers: a registry of it would be believed.
pub fn project(tree: &Tree<'_>) -> Result<Vec<u8>> {
    let sources = sources_of(tree)?;
    let mut book = Whole::default();
    let mut flaw = None;
    let roots = ledger::events(tree.ledger, 0, sources.ledger_size, &mut |event| match event {
        Ok(event) => {
            if !fold(&mut book, event) && flaw.is_none() {
                flaw = Some("a line speaks of an identity that no line created".to_string());
            }
        }
        Err(other) => drop(flaw.get_or_insert_with(|| other.message.clone())),
    })?;
    let covered = roots.is_some_and(|roots| roots.all == sources.ledger_root);
    let flaw = if covered { flaw } else { Some("the lines are not those that the checkpoint covers".into()) };
    if let Some(flaw) = flaw {
        return Err(Error::Refused {
            what: format!("{}: {flaw}", ledger::files::FOLDER),
            help: "no registry is made of such a ledger; id-ledger verify tells everything that is wrong"
                .into(),
        });
    }
    for (ulid, unrecorded) in unrecorded_of(tree.snapshot, &book, sources.ledger_size > 0)? {
        unrecorded.keys.iter().for_each(|key| book.hold(key, ulid));
        book.begin(ulid, unrecorded.entry);
    }
    let Whole { by_ulid, by_key } = book;
    Ok(write(&Contents { sources, by_ulid, by_key }).into_bytes())
}

/// The identities of cards that the ledger does not know, by ULID.
fn unrecorded_of(
    snapshot: &dyn Snapshot,
    book: &Whole,
    ledger_begun: bool,
) -> Result<Vec<(artifact::Ulid, Unrecorded)>> {
    let Some(folder) = directory(snapshot, CARDS)? else { return Ok(Vec::new()) };
    let listing = snapshot.list(&folder)?;
    let specs = Specs::of(snapshot, &RepoPath::from(PLUGINS))?;
    let cards: Vec<_> = listing
        .iter()
        .filter(|entry| matches!(entry.object.mode, Mode::File | Mode::Executable))
        .filter_map(|entry| Some((unrecorded::ulid_of(entry.name)?, entry.object)))
        .filter(|(ulid, _)| !book.by_ulid.contains_key(ulid))
        .collect();
    let told: Result<Vec<Option<_>>> = cards
        .par_iter()
        .map(|&(ulid, object)| {
            let claims = unrecorded::card(snapshot, &folder.path, ulid, object)?;
            let told = |claims| Ok((ulid, unrecorded::tell(&claims, &specs.at(&claims.path)?, ledger_begun)));
            claims.map(told).transpose()
        })
        .collect();
    Ok(told?.into_iter().flatten().collect())
}
