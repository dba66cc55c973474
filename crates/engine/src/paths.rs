//! Paths with a meaning of their own: the policy, the workflows of the gate, the ledger.

use ledger::files::{FOLDER, TRUST};
use snapshot::RepoPath;

/// Returns whether a path controls the gate.
pub(crate) fn is_governance(path: &RepoPath) -> bool {
    is_policy(path) || is_workflow(path)
}

/// Returns whether a path is part of the policy: of the gate, or of the readers of the ledger.
#[must_use]
pub fn is_policy(path: &RepoPath) -> bool {
    let trust = RepoPath::from(FOLDER).join(TRUST.as_bytes());
    *path == trust
        || path.components().next().is_some_and(|name| name.eq_ignore_ascii_case(policy::PACKS.as_bytes()))
}

/// Returns whether a path is one of the gate's own workflows or actions: `.github/workflows/id-*`, `.github/actions/id-*`.
#[must_use]
pub fn is_workflow(path: &RepoPath) -> bool {
    let lower = path.as_bytes().to_ascii_lowercase();
    lower.starts_with(b".github/workflows/id-") || lower.starts_with(b".github/actions/id-")
}

/// Returns whether a path is in the directory of the ledger.
pub(crate) fn is_ledger(path: &RepoPath) -> bool {
    path.components().next().is_some_and(|name| name.eq_ignore_ascii_case(FOLDER.as_bytes()))
}
