//! The registry: all identities that ever existed and all keys that were ever used, as one generated file; and the tags of published versions.
//!
//! The facts about an identity come from the ledger. If the ledger does not contain the identity (yet), they come from its ID card, and from the plugin
//! spec at the path in the card. So the bytes depend only on three trees: the cards, the plugins and the ledger.

mod differences;
mod entry;
pub mod export;
mod exported;
mod fold;
mod project;
mod read;
pub mod tags;
mod unrecorded;
mod update;
mod write;

use std::collections::BTreeMap;

use artifact::Ulid;
use snapshot::ObjectId;
use tlog::Hash;

pub use differences::{Difference, differences};
pub use entry::Entry;
pub use exported::{Details, Exported, paths_in, visibility};
pub use project::{Tree, project, sources_of};
pub use read::Registry;
pub use update::{Trees, update};
pub use write::write;

/// The path of the registry.
pub const PATH: &str = "ids/registry.yaml";
/// The size of a registry, in bytes: a million identities.
pub const MAX_REGISTRY_BYTES: u64 = 512 << 20;

/// The sources of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// The git tree of `ids/cards`, if it exists.
    pub cards: Option<ObjectId>,
    /// The git tree of `plugins`, if it exists.
    pub plugins: Option<ObjectId>,
    /// The number of lines that the ledger's checkpoint covers.
    pub ledger_size: u64,
    /// The root hash of these lines.
    pub ledger_root: Hash,
}

/// The content of a registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// Its sources.
    pub sources: Sources,
    /// All identities that ever existed.
    pub by_ulid: BTreeMap<Ulid, Entry>,
    /// All keys that were ever used, with the identity for which each is reserved.
    pub by_key: BTreeMap<String, Ulid>,
}
