//! The head of a check: a commit, the index or the working tree.

use diagnostic::{CheckError, Location};
use policy::Policy;
use repo::{Commit, Index, Repository, Worktree};
use snapshot::{Change, RepoPath, Result, Snapshot};

use super::Head;
use crate::paths::is_policy;

/// The head, opened.
pub(super) enum OpenHead<'r> {
    Commit(Commit<'r>),
    Index(Box<Index<'r>>),
    Worktree(Box<Worktree<'r>>),
}

impl<'r> OpenHead<'r> {
    pub(super) fn open(repository: &'r Repository, head: Head) -> Result<OpenHead<'r>> {
        Ok(match head {
            Head::Commit(id) => OpenHead::Commit(repository.commit(id)?),
            Head::Index => OpenHead::Index(Box::new(repository.index()?)),
            Head::Worktree => OpenHead::Worktree(Box::new(repository.worktree()?)),
        })
    }

    pub(super) fn snapshot(&self) -> &dyn Snapshot {
        match self {
            OpenHead::Commit(commit) => commit,
            OpenHead::Index(index) => index.as_ref(),
            OpenHead::Worktree(worktree) => worktree.as_ref(),
        }
    }

    /// Refuses a modified file that the policy governs if only a program knows what git would store of it.
    pub(super) fn refuse_unconverted(
        &self,
        changes: &[Change],
        policy: &Policy,
    ) -> std::result::Result<(), CheckError> {
        let OpenHead::Worktree(worktree) = self else { return Ok(()) };
        let unconverted = worktree.notes().unconverted;
        for (path, attribute) in &unconverted {
            let is_changed = changes.iter().any(|change| change.path == *path);
            if is_changed && is_governed(path, policy) {
                let name = snapshot::shell::pathspec(path.as_bytes());
                return Err(CheckError {
                    message: format!(
                        "the file was modified, and what git would store of it is not known: `{attribute}` is not applied by a check"
                    ),
                    help: Some(format!(
                        "stage it, and check the index: git add -- {name} && id-guard check --staged"
                    )),
                    location: Some(Location::of(path)),
                });
            }
        }
        Ok(())
    }
}

fn is_governed(path: &RepoPath, policy: &Policy) -> bool {
    policy.concerns(path) || is_policy(path) || policy.layout.plugin_directory(path).is_some()
}
