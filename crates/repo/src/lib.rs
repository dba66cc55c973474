//! The repository on disk: opened in isolation, read without trust. The only home of gix and of the file system.
#![expect(clippy::disallowed_methods, reason = "this crate is the one that touches the disk")]

mod adapter;
mod commit;
pub mod disk;
mod durable;
mod edge;
mod git;
mod history;
mod objects;
mod open;
mod pack;
mod refs;
mod tree;
mod write;

pub use adapter::{Commit, Index, Tree, Worktree};
pub use commit::CommitHeader;
pub use durable::Folder;
pub use edge::{Comparison, EdgeChanges, Edges, Scope};
pub use git::{Said, UPLOAD_PACK, show_token};
pub use history::{Walk, is_part_of, merge_bases, range, walk};
pub use objects::{ObjectKind, Objects};
pub use open::{Limits, Repository};
pub use pack::Appended;
