//! Who claims which ULID, key and path: the identities of a tree, the claims on them that conflict, and the keys in its ledgers.

mod artifacts;
mod claims;
mod documents;
mod identities;
mod ledgers;
mod reading;

pub use artifact::layout::{CARDS, SPEC};
pub use claims::{ClaimKind, Claimant, Claims};
pub use documents::{IndexedDocument, file_of_card, kind_of_file};
pub use identities::{Index, IndexedCard, IndexedPlugin};
pub use ledgers::{LedgerLine, Ledgers};
pub use reading::skeleton;
