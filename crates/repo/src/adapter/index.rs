//! The snapshot of the index: what the next commit will hold.

use std::sync::Arc;

use snapshot::{Error, Listing, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};

use crate::adapter::listed::{self, Listed};
use crate::adapter::{commit, tree};
use crate::open::{chain, to_id};
use crate::{Objects, Repository};

/// The index, as a tree.
pub struct Index<'r> {
    objects: &'r Objects,
    state: gix::index::File,
    listed: Listed,
}

impl<'r> Index<'r> {
    pub(crate) fn open(repository: &'r Repository) -> Result<Index<'r>> {
        let local = repository.inner.to_thread_local();
        // A repository in which nothing was added yet has no index file: it is empty, not broken.
        let place = repository.index_place();
        let corrupt =
            |error: &dyn std::error::Error| Error::Corrupt { what: "the index".into(), reason: chain(error) };
        let state = match place.symlink_metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && place == local.index_path() => {
                let empty = gix::index::State::new(local.object_hash());
                gix::index::File::from_state(empty, place)
            }
            _ if place == local.index_path() => local.open_index().map_err(|error| corrupt(&error))?,
            _ => gix::index::File::at(
                place,
                local.object_hash(),
                false,
                gix::index::decode::Options::default(),
            )
            .map_err(|error| corrupt(&error))?,
        };
        let refused = |what: &str, help: &str| Err(Error::Refused { what: what.into(), help: help.into() });
        if state.entries().iter().any(|entry| entry.stage_raw() != 0) {
            return refused("the index holds an unfinished merge", "finish it: git status");
        }
        if state.is_sparse() || state.link().is_some() {
            return refused(
                "the index is sparse or split",
                "git sparse-checkout disable; git update-index --no-split-index",
            );
        }
        Ok(Index { objects: repository.objects(), state, listed: Listed::default() })
    }

    pub(crate) fn state(&self) -> &gix::index::File {
        &self.state
    }
}

impl Index<'_> {
    fn listing(&self, directory: &Node) -> Result<Arc<Listing>> {
        self.listed.get(&directory.path, || self.read_listing(directory))
    }

    fn read_listing(&self, directory: &Node) -> Result<Listing> {
        let mut prefix = directory.path.as_bytes().to_vec();
        if !prefix.is_empty() {
            prefix.push(b'/');
        }
        let entries = match prefix.is_empty() {
            true => self.state.entries(),
            false => self.state.prefixed_entries(prefix.as_slice().into()).unwrap_or_default(),
        };
        let mut listing = Listing::default();
        let mut last: Vec<u8> = Vec::new();
        for entry in entries {
            // What `git add --intent-to-add` announces is not in the next commit.
            if entry.flags.contains(gix::index::entry::Flags::INTENT_TO_ADD) {
                continue;
            }
            let rest = &entry.path(&self.state)[prefix.len()..];
            match rest.iter().position(|&byte| byte == b'/') {
                Some(slash) if rest[..slash] == last[..] => {}
                Some(slash) => {
                    last = rest[..slash].to_vec();
                    listing.push(&last, Mode::Directory, None);
                }
                None => {
                    let mode = Mode::from_raw(entry.mode.bits()).ok_or_else(|| Error::Corrupt {
                        what: "the index".into(),
                        reason: "an entry has a mode that git does not know".into(),
                    })?;
                    listing.push(rest, mode, Some(to_id(&entry.id)));
                }
            }
        }
        Ok(listing.finish())
    }
}

impl Snapshot for Index<'_> {
    fn name(&self) -> String {
        "index".into()
    }

    fn root(&self) -> Result<Node> {
        Ok(Node { path: RepoPath::root(), object: Object { mode: Mode::Directory, id: None } })
    }

    fn list(&self, directory: &Node) -> Result<Listing> {
        self.listing(directory).map(|listing| Listing::clone(&listing))
    }

    /// As the port's own, without a copy of every listing on the way.
    fn find(&self, path: &RepoPath) -> Result<Option<Node>> {
        listed::find(self.root()?, path, &|directory| self.listing(directory))
    }

    fn read(&self, file: &Node, limit: u64) -> Result<Vec<u8>> {
        commit::read(self.objects, file, limit)
    }

    fn tree_id(&self, directory: &Node) -> Result<Option<ObjectId>> {
        tree::id_of(self.objects, self, directory)
    }
}
