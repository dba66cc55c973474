//! The snapshots of a repository: a commit, a bare tree, the index, the working tree.

mod commit;
mod index;
mod listed;
mod tree;
mod worktree;

pub use commit::Commit;
pub(crate) use commit::{list, refuse_depth};
pub use index::Index;
pub use tree::Tree;
pub use worktree::Worktree;
