//! The bytes of both sides of a change, read only when a discipline needs them.

use artifact::Limits;
use repo::{Appended, TreeDiffer};
use snapshot::{Change, Error, Node, Object, RepoPath, Result, Snapshot};

/// Reads both sides of a change.
pub trait Contents {
    /// Reads the file at `path` before the change.
    ///
    /// # Errors
    /// When it cannot be read.
    fn before(&mut self, path: &RepoPath, object: Object) -> Result<Vec<u8>>;
    /// Reads the file at `path` after the change.
    ///
    /// # Errors
    /// When it cannot be read.
    fn after(&mut self, path: &RepoPath, object: Object) -> Result<Vec<u8>>;
    /// Compares the new version of an append-only file with the old one.
    ///
    /// # Errors
    /// When one of them cannot be read.
    fn appended(&mut self, change: &Change) -> Result<Appended>;
}

/// The size limit of a document that a discipline parses: documents are small, and a hostile one must not cost memory.
const MAX_DOCUMENT_BYTES: usize = 4 << 20;

/// The limits of a governed document.
pub(crate) fn document_limits() -> Limits {
    Limits { bytes: MAX_DOCUMENT_BYTES, ..Limits::default() }
}

impl Contents for TreeDiffer<'_> {
    fn before(&mut self, _: &RepoPath, object: Object) -> Result<Vec<u8>> {
        self.blob(object.id.ok_or_else(without_id)?)
    }

    fn after(&mut self, path: &RepoPath, object: Object) -> Result<Vec<u8>> {
        Contents::before(self, path, object)
    }

    fn appended(&mut self, change: &Change) -> Result<Appended> {
        let id = |side: Option<Object>| side.and_then(|object| object.id).ok_or_else(without_id);
        TreeDiffer::appended(self, id(change.before)?, id(change.after)?)
    }
}

/// The contents of two snapshots.
pub(crate) struct SnapshotContents<'s> {
    pub(crate) before: &'s dyn Snapshot,
    pub(crate) after: &'s dyn Snapshot,
    /// The size limit of a file in bytes.
    pub(crate) limit: u64,
}

impl Contents for SnapshotContents<'_> {
    fn before(&mut self, path: &RepoPath, object: Object) -> Result<Vec<u8>> {
        self.before.read(&Node { path: path.clone(), object }, self.limit)
    }

    fn after(&mut self, path: &RepoPath, object: Object) -> Result<Vec<u8>> {
        self.after.read(&Node { path: path.clone(), object }, self.limit)
    }

    fn appended(&mut self, change: &Change) -> Result<Appended> {
        let (Some(old), Some(new)) = (change.before, change.after) else { return Err(without_id()) };
        let (old, new) = (self.before(&change.path, old)?, self.after(&change.path, new)?);
        Ok(Appended::of(&old, &new))
    }
}

fn without_id() -> Error {
    Error::Corrupt { what: "a change".into(), reason: "one side of it has no object".into() }
}
