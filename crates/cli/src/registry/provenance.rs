//! Remembers the registries that runs of this user built, so that they need not be built again.
//!
//! A registry's header names its sources, and anybody can write a header. So a file counts for what its sources make only where a run of this user made
//! these very bytes: their digests are kept. Deleting what is kept changes only time.

use std::path::PathBuf;

use crate::environment;

/// How many registries are remembered: the last of some repositories.
const MAX_ENTRIES: usize = 64;
/// Changes whenever the same sources give different bytes.
const FORMAT: &str = "registry/1";

fn file() -> Option<PathBuf> {
    Some(environment::cache_directory()?.join("registries.bin"))
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    // An older program may have built something else from the same sources.
    let inner = ledger::sha256(bytes).0;
    ledger::sha256(&[FORMAT.as_bytes(), &inner].concat()).0
}

fn known() -> Vec<[u8; 32]> {
    let bytes = file().and_then(|file| repo::disk::read_cache(&file, 32 * MAX_ENTRIES as u64));
    bytes.unwrap_or_default().as_chunks::<32>().0.to_vec()
}

/// Returns whether a run of this user built these bytes.
pub(super) fn is(bytes: &[u8]) -> bool {
    known().contains(&digest(bytes))
}

/// Remembers that these bytes were built from their sources.
pub(super) fn note(bytes: &[u8]) {
    let digest = digest(bytes);
    let mut known = known();
    if known.last() == Some(&digest) {
        return;
    }
    known.retain(|other| *other != digest);
    known.push(digest);
    let skip = known.len().saturating_sub(MAX_ENTRIES);
    if let Some(file) = file() {
        // Without the file, the next run builds it again.
        let _ = repo::disk::write_cache(&file, &known[skip..].concat());
    }
}
