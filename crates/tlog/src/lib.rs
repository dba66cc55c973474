//! Transparency logs by the published standards: Merkle trees (RFC 6962), signed notes, checkpoints, witnesses, proofs and tiles (C2SP).
//!
//! Pure: bytes in, values out. Go's `sumdb/note` and `sumdb/tlog` read what this crate writes, and the other way round.

mod checkpoint;
mod frontier;
mod hash;
mod key;
mod note;
mod path;
mod proof;
pub mod tile;
mod tiled;
mod tree;
mod trust;
mod verify;
pub mod witness;

pub use checkpoint::{Checkpoint, Opened, open};
pub use frontier::Frontier;
pub use hash::Hash;
pub use key::{Algorithm, KeyError, SigningKey, VerifierKey};
pub use note::{Note, NoteError, SignatureLine};
pub use path::PathBuilder;
pub use proof::{ConsistencyProof, InclusionProof, TlogProof, TlogProofError};
pub use tiled::{TileSource, TiledError, TiledTree};
pub use tree::Tree;
pub use trust::{Cosignature, Trust, TrustError, Witness};
pub use verify::{ProofError, verify_consistency, verify_inclusion};
