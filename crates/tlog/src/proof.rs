//! Proofs as files: consistency proofs, and `tlog-proof` (C2SP), which a reader verifies without the log.

use thiserror::Error;

use crate::{Hash, NoteError, Opened, base64, checkpoint};

/// The most hashes a proof has: two for each level of a tree of 2^63 leaves.
const MOST_HASHES: usize = 126;
const HEAD: &str = "c2sp.org/tlog-proof@v1";

/// The hashes beside the way from a leaf to the root, from below.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// The leaf's place in the log, from 0.
    pub index: u64,
    /// The hashes.
    pub path: Vec<Hash>,
}

/// The hashes that join an older tree and a newer one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// The hashes.
    pub path: Vec<Hash>,
}

impl ConsistencyProof {
    /// Reads a proof, a hash a line.
    #[must_use]
    pub fn parse(text: &str) -> Option<ConsistencyProof> {
        if text.is_empty() {
            return Some(ConsistencyProof { path: Vec::new() });
        }
        Some(ConsistencyProof { path: hashes(text.strip_suffix('\n')?.split('\n'))? })
    }
}

impl std::fmt::Display for ConsistencyProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))
    }
}

/// A leaf of a log, proved against a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// What the reader needs beside the proof; here the line itself.
    pub extra: Option<Vec<u8>>,
    /// The way from the leaf to the root.
    pub inclusion: InclusionProof,
    /// The checkpoint, as it was signed.
    pub checkpoint: String,
}

/// Why a proof cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ReadError {
    /// Not of the form.
    #[error("this is no tlog-proof: {0}")]
    Form(&'static str),
    /// The checkpoint inside is none.
    #[error("the checkpoint of the proof: {0}")]
    Checkpoint(#[from] NoteError),
}

impl TlogProof {
    /// Reads a `tlog-proof`.
    ///
    /// # Errors
    /// When it is not of the form.
    pub fn parse(bytes: &[u8]) -> Result<TlogProof, ReadError> {
        let text = std::str::from_utf8(bytes).map_err(|_| ReadError::Form("it is not UTF-8"))?;
        let (head, checkpoint) =
            text.split_once("\n\n").ok_or(ReadError::Form("no blank line stands before its checkpoint"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEAD) {
            return Err(ReadError::Form("it does not begin with c2sp.org/tlog-proof@v1"));
        }
        let extra = match lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            Some(extra) => {
                lines.next();
                Some(base64::decode(extra).ok_or(ReadError::Form("its extra data is not base64"))?)
            }
            None => None,
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index =
            index.and_then(|text| text.parse::<u64>().ok().filter(|number| number.to_string() == text));
        let index = index.ok_or(ReadError::Form("its index is missing, or no number"))?;
        let path = hashes(lines).ok_or(ReadError::Form("one of its hashes is none"))?;
        Ok(TlogProof { extra, inclusion: InclusionProof { index, path }, checkpoint: checkpoint.into() })
    }

    /// Opens the checkpoint.
    ///
    /// # Errors
    /// When it is none.
    pub fn open(&self) -> Result<Opened, ReadError> {
        Ok(checkpoint::open(self.checkpoint.as_bytes())?)
    }
}

impl std::fmt::Display for TlogProof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "{HEAD}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", base64::encode(extra))?;
        }
        writeln!(f, "index {}", self.inclusion.index)?;
        self.inclusion.path.iter().try_for_each(|hash| writeln!(f, "{hash}"))?;
        write!(f, "\n{}", self.checkpoint)
    }
}

fn hashes<'t>(lines: impl Iterator<Item = &'t str>) -> Option<Vec<Hash>> {
    let hashes: Vec<Hash> = lines.take(MOST_HASHES + 1).map(Hash::parse).collect::<Option<_>>()?;
    (hashes.len() <= MOST_HASHES).then_some(hashes)
}
