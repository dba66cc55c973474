//! A change as a whole, for rules that look at more than one path.

use std::sync::OnceLock;

use diagnostic::CheckError;
use index::CARDS;
use snapshot::{Change, RepoPath, Snapshot};

use crate::paths::{is_governance, is_policy};

/// What a rule about a change as a whole may read.
pub struct ChangeContext<'c> {
    /// Every differing path, in byte order.
    pub changes: &'c [Change],
    /// The tree after the change.
    pub head: &'c dyn Snapshot,
    load_policy: &'c dyn Fn() -> Vec<CheckError>,
    policy_errors: OnceLock<Vec<CheckError>>,
}

impl<'c> ChangeContext<'c> {
    /// `load_policy` loads the policy of the new version, and returns why it is invalid.
    pub(crate) fn new(
        changes: &'c [Change],
        head: &'c dyn Snapshot,
        load_policy: &'c dyn Fn() -> Vec<CheckError>,
    ) -> ChangeContext<'c> {
        ChangeContext { changes, head, load_policy, policy_errors: OnceLock::new() }
    }

    /// Returns why the policy of the new version is invalid; nothing where it is valid or did not change.
    pub fn policy_errors(&self) -> &[CheckError] {
        self.policy_errors.get_or_init(|| {
            let changes_policy = self.changes.iter().any(|change| is_policy(&change.path));
            if changes_policy { (self.load_policy)() } else { Vec::new() }
        })
    }

    /// Returns the changed paths that control the gate itself: its policy and its workflows.
    pub fn governance(&self) -> impl Iterator<Item = &RepoPath> {
        self.changes.iter().map(|change| &change.path).filter(|path| is_governance(path))
    }

    /// Returns the first changed path that is not about governance. The card of a pack counts as governance: no card can loosen a policy.
    #[must_use]
    pub fn first_other(&self) -> Option<&RepoPath> {
        // Attributes protect the bytes of governed files.
        let attributes = |path: &RepoPath| path.as_bytes() == b".gitattributes";
        let belongs = |path: &RepoPath| {
            is_governance(path) || attributes(path) || path.parent() == RepoPath::from(CARDS)
        };
        self.changes.iter().map(|change| &change.path).find(|path| !belongs(path))
    }
}
