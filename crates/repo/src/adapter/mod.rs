//! The snapshots of a repository: a commit, the index, the working tree.

mod commit;
mod index;
mod worktree;

pub use commit::Commit;
pub(crate) use commit::{list, refuse_depth};
pub use index::Index;
pub use worktree::Worktree;
