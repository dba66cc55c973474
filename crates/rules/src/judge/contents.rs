//! The bytes behind a change, read only when a discipline asks for them.

use repo::{Appended, TreeDiffer};
use snapshot::{Change, Error, Node, Object, RepoPath, Result, Snapshot};

/// Reads both sides of a change.
pub(crate) trait Contents {
    /// Reads what stood at `path` before.
    fn before(&mut self, path: &RepoPath, object: Object) -> Result<Vec<u8>>;
    /// Reads what stands at `path` after.
    fn after(&mut self, path: &RepoPath, object: Object) -> Result<Vec<u8>>;
    /// Tells what the new version of an append-only file does to the old one.
    fn appended(&mut self, change: &Change) -> Result<Appended>;
}

/// The largest file whose text a rule looks into: documents are small, and an attacker's need not be read whole.
pub(crate) const DOCUMENT_LIMIT: u64 = 4 << 20;

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
pub(crate) struct Sides<'s> {
    pub(crate) before: &'s dyn Snapshot,
    pub(crate) after: &'s dyn Snapshot,
    /// The largest file that is read, in bytes.
    pub(crate) limit: u64,
}

impl Contents for Sides<'_> {
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
