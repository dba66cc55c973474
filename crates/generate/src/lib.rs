//! What is derived from cards, specs and the ledger, by pure functions: the same sources give the same bytes on every machine.

pub mod registry;
pub mod tags;
