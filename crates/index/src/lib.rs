//! Who claims which ULID, key and path: the identities of a tree, the claims on them that conflict, and the keys in its ledgers.

mod claims;
mod identities;
mod ledgers;

pub use artifact::layout::{CARDS, PLUGINS, SPEC};
pub use claims::{ClaimKind, Claimant, Claims};
pub use identities::{Index, IndexedCard, IndexedPlugin, skeleton};
pub use ledgers::Ledgers;

use snapshot::RepoPath;

/// Returns the plugin directory that a path is in; `None` for the directory itself and for paths elsewhere.
#[must_use]
pub fn plugin_directory(path: &RepoPath) -> Option<RepoPath> {
    let mut parts = path.components();
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
    (first == PLUGINS.as_bytes() && third.is_some()).then(|| RepoPath::from(PLUGINS).join(second))
}
