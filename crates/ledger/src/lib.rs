//! The ledger: one event per line in canonical JSON, the rules for valid sequences of events, and one Merkle tree over all lines.

pub mod attestation;
mod batch;
mod cache;
pub mod canonical;
pub mod derive;
mod event;
pub mod files;
mod lines;
mod machine;
mod merge;
mod proof_file;
mod read;
mod record;
mod rederive;
mod seal;
mod sealed;
mod state;
mod time;
mod write;

pub use batch::Batch;
pub use canonical::Json;
pub use event::form;
pub use event::{BY_HAND, DERIVED, DERIVED_2, Draft, Event, EventType, MAX_LINE_BYTES, schema};
pub use lines::{Roots, events, frontier, roots};
pub use machine::{Discipline, Identity, Log, Machine, Refusal, RefusalKind, Status, rotation};
pub use merge::{MergeError, merge};
pub use proof_file::{ProofFile, ProofFileError, Proven};
pub use read::scan::{Selection, fold, for_each_line, holder_of, mentions, scan};
pub use read::{Fault, FaultKind, Line, LoadedLedger, Position, ReadOptions};
pub use record::{Outcome, Policy, preview, record};
pub use rederive::{Rederivation, rederive};
pub use seal::{SealedState, StateProof, StateProofError, seal};
pub use sealed::prove_state;
pub use state::{State, StateForm};
pub use write::{Writer, renew};

/// Returns the SHA-256 of bytes.
#[must_use]
pub fn sha256(bytes: &[u8]) -> tlog::Hash {
    tlog::Hash::of(bytes)
}
