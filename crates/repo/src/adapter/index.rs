//! The snapshot of the index: the content of the next commit.

use std::sync::Arc;

use snapshot::{Error, Listing, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};

use crate::adapter::listed::{self, Listed};
use crate::adapter::{commit, tree};
use crate::error::corrupt;
use crate::object_id::to_id;
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
        // A repository without any added file has no index: it is empty, not corrupt.
        let place = repository.index_place();
        let state = match place.symlink_metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && place == local.index_path() => {
                let empty = gix::index::State::new(local.object_hash());
                gix::index::File::from_state(empty, place)
            }
            _ if place == local.index_path() => {
                local.open_index().map_err(|error| corrupt("the index", error))?
            }
            _ => gix::index::File::at(
                place,
                local.object_hash(),
                false,
                gix::index::decode::Options::default(),
            )
            .map_err(|error| corrupt("the index", error))?,
        };
        let refused = |what: &str, help: &str| Err(Error::Refused { what: what.into(), help: help.into() });
        if state.entries().iter().any(|entry| entry.stage_raw() != 0) {
            return refused("the index contains an unfinished merge", "finish it: git status");
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
        let entries = if prefix.is_empty() {
            self.state.entries()
        } else {
            self.state.prefixed_entries(prefix.as_slice().into()).unwrap_or_default()
        };
        let mut listing = Listing::default();
        let mut last: Vec<u8> = Vec::new();
        for entry in entries {
            // A file of `git add --intent-to-add` is not in the next commit.
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
                        reason: "an entry has an unknown mode".into(),
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

    /// Like the default, but without copying the listings of the parent directories.
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
