//! A commit as findings show it.

use diagnostic::CommitInfo;
use repo::CommitHeader;

/// Returns what findings show of a commit.
pub(crate) fn commit_info(commit: &CommitHeader) -> CommitInfo {
    CommitInfo {
        id: commit.id,
        author: String::from_utf8_lossy(&commit.author).into_owned(),
        time: commit.time,
    }
}
