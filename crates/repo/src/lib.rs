//! The repository on disk: opened in isolation, read without trust. Only this crate uses gix, git and the file system.
#![expect(clippy::disallowed_methods, reason = "this crate alone accesses the disk")]

mod adapter;
mod commit;
pub mod disk;
mod durable;
mod error;
mod format;
mod git;
mod history;
mod lazy_fetch;
mod limits;
mod missing;
mod object_id;
mod object_kind;
mod objects;
mod open;
mod ownership;
mod pack;
mod quarantine;
mod refs;
mod remedy;
mod revisions;
mod settings;
mod tree;
mod tree_differ;
mod write;

pub use adapter::{Commit, Index, Tree, Worktree, WorktreeNotes};
pub use commit::CommitHeader;
pub use durable::Folder;
pub use git::{GitOutput, UPLOAD_PACK, send_token};
pub use history::{Walk, is_ancestor, merge_bases, range, walk};
pub use lazy_fetch::FetchBudget;
pub use limits::Limits;
pub use object_kind::ObjectKind;
pub use objects::Objects;
pub use open::Repository;
pub use pack::Appended;
pub use tree_differ::{Comparison, Scope, TreeChanges, TreeDiffer};
