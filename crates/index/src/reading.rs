//! Reading directories and files for what they claim.

use artifact::Limits;
use snapshot::{Error, Listing, Mode, Node, RepoPath, Result, Snapshot};

/// The size limit of a card or spec, as the rules read it: a larger one claims nothing, and they report that it cannot be read.
const MAX_DOCUMENT_BYTES: u64 = 4 << 20;

pub(crate) fn directory(snapshot: &dyn Snapshot, path: &str) -> Result<Listing> {
    match snapshot.find(&RepoPath::from(path))? {
        Some(node) if node.object.mode == Mode::Directory => snapshot.list(&node),
        _ => Ok(Listing::default()),
    }
}

/// Reads a file for its claims; one over the size limit claims nothing.
pub(crate) fn read(snapshot: &dyn Snapshot, node: &Node) -> Result<Vec<u8>> {
    match snapshot.read(node, MAX_DOCUMENT_BYTES) {
        Err(Error::TooLarge { .. }) => Ok(Vec::new()),
        other => other,
    }
}

/// Returns the skeleton of a key: confusable keys have the same one (Unicode Technical Standard 39 §4).
#[must_use]
pub fn skeleton(key: &str) -> String {
    unicode_security::confusable_detection::skeleton(key).collect()
}

/// Returns the limits of a document that claims something.
pub(crate) fn limits() -> Limits {
    Limits { bytes: MAX_DOCUMENT_BYTES as usize, ..Limits::default() }
}
