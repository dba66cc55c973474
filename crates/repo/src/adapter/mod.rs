//! The snapshots of a repository: a commit, a bare tree, the index, the working tree.

mod commit;
mod encoding;
mod index;
mod listed;
mod stored;
mod tree;
mod worktree;

pub use commit::Commit;
pub(crate) use commit::{list, refuse_depth};
pub use index::Index;
pub use tree::Tree;
pub use worktree::{Worktree, WorktreeNotes};

use snapshot::{ObjectId, Result};

use crate::Repository;

impl Repository {
    /// Returns the snapshot of a commit.
    ///
    /// # Errors
    /// When the commit is missing or unreadable.
    pub fn commit(&self, id: ObjectId) -> Result<Commit<'_>> {
        Commit::open(self.objects(), id)
    }

    /// Returns the snapshot of a tree object; `None` if the object does not exist.
    #[must_use]
    pub fn tree(&self, id: ObjectId) -> Option<Tree<'_>> {
        self.objects().contains(id).then(|| Tree::open(self.objects(), id))
    }

    /// Returns the snapshot of the index.
    ///
    /// # Errors
    /// When the index is missing, unreadable or in the middle of a merge.
    pub fn index(&self) -> Result<Index<'_>> {
        Index::open(self)
    }

    /// Returns the snapshot of the working tree: tracked files, and untracked ones that no ignore rule excludes.
    ///
    /// # Errors
    /// When the repository is bare.
    pub fn worktree(&self) -> Result<Worktree<'_>> {
        Worktree::open(self)
    }
}
