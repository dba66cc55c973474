//! The ledger: one event a line, canonical to the byte; what may follow what; and one Merkle tree over all of it.

pub mod attestation;
mod batch;
pub mod canonical;
pub mod derive;
mod event;
pub mod files;
pub mod form;
mod kept;
mod lines;
mod machine;
mod merge;
mod read;
mod record;
mod rederive;
mod seal;
mod time;
mod write;

pub use batch::Batch;
pub use canonical::{Flaw, Json};
pub use derive::sha256;
pub use event::{BY_HAND, DERIVED, Draft, Event, EventType, LONGEST_LINE, schema};
pub use lines::{Roots, events, frontier, roots};
pub use machine::{Discipline, Identity, Log, Machine, Refusal, RefusalKind, Status, rotation};
pub use merge::merge;
pub use read::{Fault, FaultKind, Line, Place, Read, Reading};
pub use record::{Outcome, Policy, preview, record};
pub use rederive::{Rederived, rederive};
pub use seal::{Neighbour, StateProof, seal};
pub use write::{Writer, renew};
