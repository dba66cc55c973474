//! The input of the rules about artifacts: both trees, the change between them, both indexes, and the policy.

use std::collections::BTreeSet;

use dialect::Claimed;
use index::Index;
use policy::{Date, Policy};
use snapshot::{Change, RepoPath, Snapshot};

use super::{Covered, OpenTree};

/// What the context of rules about artifacts is opened from.
pub(crate) struct StateInput<'c> {
    pub(crate) head: &'c dyn Snapshot,
    pub(crate) changes: Option<&'c [Change]>,
    pub(crate) has_identities: bool,
    pub(crate) index: &'c Index,
    /// What manifests of other plugin systems claim.
    pub(crate) claimed: &'c Claimed,
    /// The documents of a whole tree that seem to declare an identity; empty for a change.
    pub(crate) identified: &'c BTreeSet<RepoPath>,
    pub(crate) tip: Option<&'c dyn Snapshot>,
    pub(crate) base_index: Option<&'c Index>,
    /// Opens a tree of the repository, where there is one.
    pub(crate) open_tree: Option<&'c dyn OpenTree>,
    pub(crate) pushed: bool,
    pub(crate) policy: &'c Policy,
    pub(crate) today: Date,
    pub(crate) coverage: &'c Covered<'c>,
}
