//! The snapshot of a commit: trees and blobs are read by id, and each one is hashed again before it is used.

use std::sync::Arc;

use snapshot::{Error, Listing, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};

use crate::adapter::listed;
use crate::{CommitHeader, Objects};

/// A commit's tree.
pub struct Commit<'r> {
    objects: &'r Objects,
    header: CommitHeader,
}

impl<'r> Commit<'r> {
    pub(crate) fn open(objects: &'r Objects, id: ObjectId) -> Result<Commit<'r>> {
        Ok(Commit { objects, header: objects.commit(id)? })
    }

    /// Returns the header of the commit.
    #[must_use]
    pub fn header(&self) -> &CommitHeader {
        &self.header
    }
}

/// Lists a directory of a commit.
pub(crate) fn list(objects: &Objects, directory: &Node) -> Result<Arc<Listing>> {
    let Some(id) = directory.object.id.filter(|_| directory.object.mode == Mode::Directory) else {
        return Err(Error::Corrupt {
            what: format!("{:?}", directory.path),
            reason: "it is not a directory".into(),
        });
    };
    refuse_depth(objects, &directory.path)?;
    objects.list(id)
}

/// Bounds the recursion into directories.
pub(crate) fn refuse_depth(objects: &Objects, directory: &RepoPath) -> Result<()> {
    let depth = directory.components().count();
    if depth <= objects.limits.depth {
        return Ok(());
    }
    let (size, limit) = (depth as u64, objects.limits.depth as u64);
    Err(Error::TooLarge { what: format!("the depth of {directory:?}"), size, limit })
}

/// Reads a blob after hashing it again.
pub(crate) fn read(objects: &Objects, file: &Node, limit: u64) -> Result<Vec<u8>> {
    let id = match (file.object.mode, file.object.id) {
        (Mode::File | Mode::Executable | Mode::Link, Some(id)) => id,
        _ => {
            return Err(Error::Corrupt {
                what: format!("{:?}", file.path),
                reason: "it is not a file".into(),
            });
        }
    };
    objects.blob(id, limit)
}

impl Snapshot for Commit<'_> {
    fn name(&self) -> String {
        self.header.id.to_string()
    }

    fn root(&self) -> Result<Node> {
        let object = Object { mode: Mode::Directory, id: Some(self.header.tree) };
        Ok(Node { path: RepoPath::root(), object })
    }

    fn list(&self, directory: &Node) -> Result<Listing> {
        list(self.objects, directory).map(|listing| Listing::clone(&listing))
    }

    /// Like the default, but without copying the listings of the parent directories.
    fn find(&self, path: &RepoPath) -> Result<Option<Node>> {
        listed::find(self.root()?, path, &|directory| list(self.objects, directory))
    }

    fn read(&self, file: &Node, limit: u64) -> Result<Vec<u8>> {
        read(self.objects, file, limit)
    }
}
