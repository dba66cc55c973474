//! The registry: every identity that ever existed and every key that was ever taken, as one file that anybody can make again.
//!
//! What the ledger knows of an identity is what the registry says of it. Of an identity that the ledger does not know (yet, or because there is none)
//! it says what the card says, and the spec that lies where the card says. So the bytes follow from three trees: the cards, the plugins, the ledger.

mod entry;
pub mod export;
mod fold;
mod project;
mod read;
mod unrecorded;
mod update;
mod words;
mod write;

use std::collections::BTreeMap;

use artifact::Ulid;
use snapshot::ObjectId;
use tlog::Hash;

pub use entry::Entry;
pub use project::{Tree, project, sources_of};
pub use read::{Flaw, Registry};
pub use update::{Trees, update};
pub use words::{Difference, differences};
pub use write::write;

/// Where the registry lies.
pub const PATH: &str = "ids/registry.yaml";
/// The largest registry that is read, in bytes.
pub const LARGEST: u64 = 512 << 20;

/// What a registry was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// The tree of `ids/cards`, where there is one.
    pub cards: Option<ObjectId>,
    /// The tree of `plugins`, where there is one.
    pub plugins: Option<ObjectId>,
    /// How many lines the ledger's checkpoint covers.
    pub ledger_size: u64,
    /// Their root.
    pub ledger_root: Hash,
}

/// Everything that a registry says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// What it was made of.
    pub sources: Sources,
    /// Every identity that ever existed.
    pub by_ulid: BTreeMap<Ulid, Entry>,
    /// Every key that was ever taken, with the identity whose it is for ever.
    pub by_key: BTreeMap<String, Ulid>,
}
