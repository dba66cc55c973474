//! The repository on disk: opened in isolation, read without trust. The only home of gix and of the file system.
#![expect(clippy::disallowed_methods, reason = "this crate is the one that touches the disk")]

mod adapter;
mod commit;
pub mod disk;
mod durable;
mod git;
mod history;
mod objects;
mod open;
mod pack;
mod refs;
mod tree;
mod tree_differ;
mod write;

pub use adapter::{Commit, Index, Tree, Worktree};
pub use commit::CommitHeader;
pub use durable::Folder;
pub use git::{GitOutput, UPLOAD_PACK, show_token};
pub use history::{Walk, is_ancestor, merge_bases, range, walk};
pub use objects::{ObjectKind, Objects};
pub use open::{Limits, Repository};
pub use pack::Appended;
pub use tree_differ::{Comparison, Scope, TreeChanges, TreeDiffer};
