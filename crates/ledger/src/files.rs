//! The files of a ledger: its directory, its segments, its checkpoint.

use repo::Folder;
use snapshot::{Kind, Mode, RepoPath, Result, Snapshot};

/// The directory of the ledger.
pub const FOLDER: &str = ".ledger";
/// The file of the checkpoint.
pub const CHECKPOINT: &str = "checkpoint";
/// The file of the current signing key of the log.
pub const LOG_KEY: &str = "log.vkey";
/// The file of the trust policy (C2SP tlog-policy).
pub const TRUST: &str = "trust.policy";
/// The directory of requests: events that cannot be derived from a card or spec.
pub const PENDING: &str = ".ledger/pending";
/// The directory of attestations.
pub const ATTESTATIONS: &str = ".ledger/att";

/// The number of lines of a full segment, which then never changes. A power of two, so that a full segment is a subtree.
pub const SEGMENT: u64 = 1 << SEGMENT_HEIGHT;
/// The height of the subtree of a full segment.
pub const SEGMENT_HEIGHT: u32 = 14;

/// The size of a segment, in bytes: all lines of maximal length.
pub const MAX_SEGMENT_BYTES: u64 = SEGMENT * (crate::MAX_LINE_BYTES as u64 + 1);
/// The size of a checkpoint, in bytes: that of a signed note.
const MAX_CHECKPOINT_BYTES: u64 = 1_000_000;

/// Returns the file name of a segment: `ids.jsonl`, `ids.00001.jsonl` and so on.
#[must_use]
pub fn segment_name(number: u64) -> String {
    match number {
        0 => "ids.jsonl".into(),
        number => format!("ids.{number:05}.jsonl"),
    }
}

/// Returns the number of a segment from its file name.
#[must_use]
pub fn segment_number(name: &str) -> Option<u64> {
    if name == "ids.jsonl" {
        return Some(0);
    }
    let digits = name.strip_prefix("ids.")?.strip_suffix(".jsonl")?;
    let number: u64 = digits.parse().ok()?;
    (number > 0 && segment_name(number) == name).then_some(number)
}

/// The files of a ledger: on disk or in a snapshot.
pub trait Files: Sync {
    /// Reads a file of the ledger directory; `None` if it does not exist.
    ///
    /// # Errors
    /// When it is larger than `limit` bytes, not a regular file, or cannot be read.
    fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>>;

    /// Lists the file names of the ledger directory, sorted.
    ///
    /// # Errors
    /// When the directory cannot be read.
    fn names(&self) -> Result<Vec<String>>;
}

impl Files for Folder {
    fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        Folder::read(self, name, limit)
    }

    fn names(&self) -> Result<Vec<String>> {
        Folder::names(self)
    }
}

/// The ledger of a snapshot: a commit, the index, the working tree.
pub struct InSnapshot<'s>(pub &'s dyn Snapshot);

impl Files for InSnapshot<'_> {
    fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        let path = RepoPath::from(FOLDER).join(name.as_bytes());
        match self.0.find(&path)? {
            None => Ok(None),
            Some(node) if node.object.mode.kind() == Kind::File => self.0.read(&node, limit).map(Some),
            Some(node) => Err(snapshot::Error::Refused {
                what: format!("{FOLDER}/{name} is {}, not a regular file", node.object.mode.kind()),
                help: "replace it with a regular file".into(),
            }),
        }
    }

    fn names(&self) -> Result<Vec<String>> {
        let Some(node) =
            self.0.find(&RepoPath::from(FOLDER))?.filter(|node| node.object.mode == Mode::Directory)
        else {
            return Ok(Vec::new());
        };
        let listing = self.0.list(&node)?;
        Ok(listing.iter().filter_map(|entry| String::from_utf8(entry.name.to_vec()).ok()).collect())
    }
}

/// A ledger without files: one that does not exist yet.
pub struct EmptyLedger;

impl Files for EmptyLedger {
    fn read(&self, _: &str, _: u64) -> Result<Option<Vec<u8>>> {
        Ok(None)
    }

    fn names(&self) -> Result<Vec<String>> {
        Ok(Vec::new())
    }
}

/// Reads a segment.
pub(crate) fn segment(files: &dyn Files, number: u64) -> Result<Option<Vec<u8>>> {
    files.read(&segment_name(number), MAX_SEGMENT_BYTES)
}

/// Reads the signed checkpoint.
///
/// # Errors
/// As [`Files::read`].
pub fn checkpoint(files: &dyn Files) -> Result<Option<Vec<u8>>> {
    files.read(CHECKPOINT, MAX_CHECKPOINT_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_segment_has_exactly_one_name() {
        for number in [0, 1, 99_999, 100_000] {
            assert_eq!(segment_number(&segment_name(number)), Some(number));
        }
        for other in ["ids.00000.jsonl", "ids.1.jsonl", "ids.+0001.jsonl", "ids..jsonl", "ids.jsonl2"] {
            assert_eq!(segment_number(other), None, "{other}");
        }
    }
}
