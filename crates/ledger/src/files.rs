//! The files of a ledger: its directory, its segments, its checkpoint.

use repo::Folder;
use snapshot::{Error, Kind, Mode, Node, RepoPath, Result, Snapshot};

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
        if self.folder()?.is_none() {
            return Ok(None);
        }
        match self.0.find(&path)? {
            None => Ok(None),
            Some(node) if node.object.mode.kind() == Kind::File => self.0.read(&node, limit).map(Some),
            Some(node) => Err(Error::Refused {
                what: format!("{FOLDER}/{name} is {}, not a regular file", node.object.mode.kind()),
                help: "replace it with a regular file".into(),
            }),
        }
    }

    fn names(&self) -> Result<Vec<String>> {
        let Some(node) = self.folder()? else { return Ok(Vec::new()) };
        let listing = self.0.list(&node)?;
        Ok(listing.iter().filter_map(|entry| String::from_utf8(entry.name.to_vec()).ok()).collect())
    }
}

impl InSnapshot<'_> {
    /// Finds the directory of the ledger; anything else in its place is refused, as the ledger would seem to be missing.
    fn folder(&self) -> Result<Option<Node>> {
        match self.0.find(&RepoPath::from(FOLDER))? {
            Some(node) if node.object.mode != Mode::Directory => Err(Error::Refused {
                what: format!("{FOLDER} is {}, not a directory", node.object.mode.kind()),
                help: "replace it with a directory".into(),
            }),
            other => Ok(other),
        }
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

/// Reads the signed checkpoint; `None` where no ledger was begun.
///
/// # Errors
/// As [`Files::read`], and where lines exist without a checkpoint: without it nobody knows how many they were.
pub fn checkpoint(files: &dyn Files) -> Result<Option<Vec<u8>>> {
    let found = read_checkpoint(files)?;
    if found.is_none() && has_lines(files)? {
        return Err(Error::Refused {
            what: format!("{FOLDER}/{CHECKPOINT} is missing, but {FOLDER} contains lines"),
            help: format!(
                "restore it: git checkout $(git log -1 --diff-filter=AM --format=%H -- {FOLDER}/{CHECKPOINT}) -- {FOLDER}/{CHECKPOINT}"
            ),
        });
    }
    Ok(found)
}

/// Reads the signed checkpoint, whatever the lines are: for a check that reports what is wrong.
///
/// # Errors
/// As [`Files::read`].
pub fn read_checkpoint(files: &dyn Files) -> Result<Option<Vec<u8>>> {
    files.read(CHECKPOINT, MAX_CHECKPOINT_BYTES)
}

/// Returns whether a segment has any content.
///
/// # Errors
/// As [`Files::read`].
pub fn has_lines(files: &dyn Files) -> Result<bool> {
    for name in files.names()?.iter().filter(|name| segment_number(name).is_some()) {
        if files.read(name, MAX_SEGMENT_BYTES)?.is_some_and(|bytes| !bytes.is_empty()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns how many bytes of a segment a checkpoint of `size` lines covers; `None` if it has fewer lines than that.
#[must_use]
pub fn covered_bytes(segment: u64, bytes: &[u8], size: u64) -> Option<usize> {
    let lines = size.saturating_sub(segment * SEGMENT).min(SEGMENT);
    match usize::try_from(lines).ok()? {
        0 => Some(0),
        lines => memchr::memchr_iter(b'\n', bytes).nth(lines - 1).map(|end| end + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_covers_the_lines_of_its_size() {
        for (segment, bytes, size, covered) in [
            (0, &b"a\nb\nc"[..], 2, Some(4)),
            (0, b"a\nb\n", 0, Some(0)),
            (0, b"a\nb", 2, None),
            (1, b"a\nb\n", SEGMENT, Some(0)),
            (1, b"a\nb\n", SEGMENT + 1, Some(2)),
        ] {
            assert_eq!(covered_bytes(segment, bytes, size), covered, "{segment} {size}");
        }
    }

    #[test]
    fn lines_without_a_checkpoint_are_refused() {
        let memory = |files: &[(&str, &str)]| {
            files.iter().fold(snapshot::Memory::new(), |memory, (path, text)| memory.with(path, text))
        };
        for (files, is_refused) in [
            (&[][..], false),
            (&[(".ledger/ids.jsonl", "")], false),
            (&[(".ledger/log.vkey", "key\n"), (".ledger/trust.policy", "quorum none\n")], false),
            (&[(".ledger/ids.jsonl", "{}\n")], true),
            (&[(".ledger/ids.00001.jsonl", "{}")], true),
        ] {
            let memory = memory(files);
            assert_eq!(checkpoint(&InSnapshot(&memory)).is_err(), is_refused, "{files:?}");
            assert!(read_checkpoint(&InSnapshot(&memory)).is_ok(), "{files:?}");
        }
    }

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
