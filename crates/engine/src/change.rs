//! A change as a whole, for rules that look at more than one path.

use std::sync::OnceLock;

use diagnostic::{CheckError, Location, line_of};
use index::CARDS;
use snapshot::{Change, Mode, RepoPath, Snapshot};

use crate::paths::{is_governance, is_policy};

/// The largest file of the gate in which a difference is looked for: a policy has some kilobytes.
const MAX_SHOWN_BYTES: u64 = 1 << 20;

/// What a rule about a change as a whole may read.
pub struct ChangeContext<'c> {
    /// Every differing path, in byte order.
    pub changes: &'c [Change],
    /// The tree before the change.
    pub base: &'c dyn Snapshot,
    /// The tree after the change.
    pub head: &'c dyn Snapshot,
    load_policy: &'c dyn Fn() -> Vec<CheckError>,
    policy_errors: OnceLock<Vec<CheckError>>,
}

impl<'c> ChangeContext<'c> {
    /// `load_policy` loads the policy of the new version, and returns why it is invalid.
    pub(crate) fn new(
        changes: &'c [Change],
        base: &'c dyn Snapshot,
        head: &'c dyn Snapshot,
        load_policy: &'c dyn Fn() -> Vec<CheckError>,
    ) -> ChangeContext<'c> {
        ChangeContext { changes, base, head, load_policy, policy_errors: OnceLock::new() }
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

    /// Returns the place of the first line of a changed file that differs; the file where a side is missing, too large or not text.
    #[must_use]
    pub fn place(&self, path: &RepoPath) -> Location {
        let whole = Location::of(path);
        let read = |snapshot: &dyn Snapshot| {
            let node = snapshot.find(path).ok()??;
            let is_file = matches!(node.object.mode, Mode::File | Mode::Executable);
            if is_file { snapshot.read(&node, MAX_SHOWN_BYTES).ok() } else { None }
        };
        let Some(new) = read(self.head) else { return whole };
        let old = read(self.base).unwrap_or_default();
        let at = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        // Lines that were only removed at the end are shown at the last one that is left.
        let at = at.min(new.len().saturating_sub(1));
        let line = line_of(&new, at);
        let indentation = new[line.clone()].iter().take_while(|&&byte| byte == b' ').count();
        Location::at(path, &new, line.start + indentation..line.end)
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
