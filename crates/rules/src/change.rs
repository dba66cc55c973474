//! A change as a whole, as rules see it that look at more than one path.

use diagnostic::CheckError;
use snapshot::{Change, RepoPath, Snapshot};

use crate::state::CARDS;

/// What a rule that looks at a change as a whole may know.
pub struct ChangeContext<'c> {
    /// Every differing path, in byte order.
    pub changes: &'c [Change],
    /// What stands after the change.
    pub head: &'c dyn Snapshot,
    /// Why the policy of the new version cannot be had; empty when it can, or did not change.
    pub policy_errors: &'c [CheckError],
}

impl ChangeContext<'_> {
    /// Returns the paths that govern the gate itself: its policy and its workflows.
    pub(crate) fn governance(&self) -> impl Iterator<Item = &RepoPath> {
        self.changes.iter().map(|change| &change.path).filter(|path| governs(path))
    }

    /// Returns the first path that has nothing to do with governance. A pack brings its own card; no card can loosen a policy.
    pub(crate) fn first_other(&self) -> Option<&RepoPath> {
        // What keeps git from changing governed bytes belongs to what governs them.
        let attributes = |path: &RepoPath| path.as_bytes() == b".gitattributes";
        let travels =
            |path: &RepoPath| governs(path) || attributes(path) || path.parent() == RepoPath::from(CARDS);
        self.changes.iter().map(|change| &change.path).find(|path| !travels(path))
    }
}

/// Tells whether a path says how the gate judges.
fn governs(path: &RepoPath) -> bool {
    is_policy(path) || is_workflow(path)
}

/// Tells whether a path is part of the policy: of the gate, or of those who read the ledger.
pub(crate) fn is_policy(path: &RepoPath) -> bool {
    let trust = RepoPath::from(ledger::files::FOLDER).join(ledger::files::TRUST.as_bytes());
    *path == trust
        || path.components().next().is_some_and(|name| name.eq_ignore_ascii_case(policy::PACKS.as_bytes()))
}

/// Tells whether a path is one of the gate's own workflows or actions: `.github/workflows/id-*`, `.github/actions/id-*`.
pub(crate) fn is_workflow(path: &RepoPath) -> bool {
    let lower = path.as_bytes().to_ascii_lowercase();
    lower.starts_with(b".github/workflows/id-") || lower.starts_with(b".github/actions/id-")
}
