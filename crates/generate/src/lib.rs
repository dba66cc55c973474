//! What is derived from cards, specs, policy and the ledger, by pure functions: the same sources give the same bytes on every machine.

pub mod archive;
mod json;
pub mod plugin;
pub mod registry;
pub mod scaffold;
pub mod tags;

/// Digests bytes; 64 lower-case hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    tlog::Hash::of(bytes).hex()
}
