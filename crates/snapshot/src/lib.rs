//! A tree of files at one moment: a commit, the index, the working tree, or memory.
//!
//! Everything above asks its questions through [`Snapshot`], so a verdict cannot depend on where the files lie.

mod diff;
mod error;
pub mod fold;
mod listing;
mod memory;
mod mode;
mod object_id;
mod path;
pub mod shell;

pub use diff::{Change, diff};
pub use error::{Cause, Error, Result};
pub use listing::{Entry, Fault, FaultKind, Listing};
pub use memory::Memory;
pub use mode::{Kind, Mode};
pub use object_id::ObjectId;
pub use path::RepoPath;

/// An object at a path: its mode and, if the adapter knows it without reading, its object id.
///
/// Files, links and submodules always carry an id; a directory of the working tree does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Object {
    /// The mode as git canonicalises it.
    pub mode: Mode,
    /// The object id, where it is known without reading.
    pub id: Option<ObjectId>,
}

/// A place in a snapshot, as [`Snapshot::list`] gave it: listing or reading it needs no second search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// The path from the root.
    pub path: RepoPath,
    /// The object.
    pub object: Object,
}

/// The port: a tree of files at one moment.
///
/// "Absent" is `None`; "unreadable" is `Err`: a git failure never looks like absence.
/// Links are listed, never followed.
pub trait Snapshot: Sync {
    /// Returns what a person calls this snapshot: a commit id, `index`, `working tree`.
    fn name(&self) -> String;

    /// Returns the root directory.
    ///
    /// # Errors
    /// When the root cannot be read.
    fn root(&self) -> Result<Node>;

    /// Lists a directory in byte order of the names.
    ///
    /// # Errors
    /// When the directory is missing, unreadable or larger than the holder allows.
    fn list(&self, directory: &Node) -> Result<Listing>;

    /// Reads a file's bytes, or a link's target.
    ///
    /// # Errors
    /// When the object is missing, corrupt, no blob, or longer than `limit` bytes.
    fn read(&self, file: &Node, limit: u64) -> Result<Vec<u8>>;

    /// Returns the id that a directory has as a tree object, or would have; `None` where nothing in it would be recorded.
    ///
    /// # Errors
    /// When the directory cannot be read.
    fn tree_id(&self, directory: &Node) -> Result<Option<ObjectId>> {
        Ok(directory.object.id)
    }

    /// Returns the node at `path`, or `None` if it does not exist.
    ///
    /// # Errors
    /// When a directory on the way cannot be read.
    fn find(&self, path: &RepoPath) -> Result<Option<Node>> {
        let mut node = self.root()?;
        for name in path.components() {
            if node.object.mode != Mode::Directory {
                return Ok(None);
            }
            let listing = self.list(&node)?;
            match listing.get(name) {
                Some(entry) => node = Node { path: node.path.join(name), object: entry.object },
                None => return Ok(None),
            }
        }
        Ok(Some(node))
    }
}
