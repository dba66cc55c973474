//! Proof files: consistency proofs, and `tlog-proof` (C2SP), which can be verified without the log.

use thiserror::Error;

use digest::base64;

use crate::{Hash, NoteError, Opened, checkpoint};

/// The number of hashes of a proof: two for each level of a tree of 2^63 leaves.
const MAX_HASHES: usize = 126;
const HEAD: &str = "c2sp.org/tlog-proof@v1";

/// The sibling hashes on the path from a leaf to the root, lowest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InclusionProof {
    /// The index of the leaf in the log, from 0.
    pub index: u64,
    /// The hashes.
    pub path: Vec<Hash>,
}

/// The hashes that prove that a newer tree extends an older one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsistencyProof {
    /// The hashes.
    pub path: Vec<Hash>,
}

impl ConsistencyProof {
    /// Reads a proof: one hash per line.
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

/// A proof that a checkpoint includes a leaf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TlogProof {
    /// Extra data for the reader; here the ledger line itself.
    pub extra: Option<Vec<u8>>,
    /// The path from the leaf to the root.
    pub inclusion: InclusionProof,
    /// The signed checkpoint.
    pub checkpoint: String,
}

/// Why a proof file cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TlogProofError {
    /// The file has another form.
    #[error("invalid tlog-proof: {0}")]
    Form(&'static str),
    /// The checkpoint in the proof is invalid.
    #[error("invalid checkpoint in the proof: {0}")]
    Checkpoint(#[from] NoteError),
}

impl TlogProof {
    /// Reads a `tlog-proof`.
    ///
    /// # Errors
    /// When the bytes are not a tlog-proof.
    pub fn parse(bytes: &[u8]) -> Result<TlogProof, TlogProofError> {
        let text = std::str::from_utf8(bytes).map_err(|_| TlogProofError::Form("it is not UTF-8"))?;
        let (head, checkpoint) = text
            .split_once("\n\n")
            .ok_or(TlogProofError::Form("the blank line before the checkpoint is missing"))?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEAD) {
            return Err(TlogProofError::Form("it does not start with c2sp.org/tlog-proof@v1"));
        }
        let extra = match lines.peek().and_then(|line| line.strip_prefix("extra ")) {
            Some(extra) => {
                lines.next();
                Some(base64::decode(extra).ok_or(TlogProofError::Form("the extra data is not base64"))?)
            }
            None => None,
        };
        let index = lines.next().and_then(|line| line.strip_prefix("index "));
        let index =
            index.and_then(|text| text.parse::<u64>().ok().filter(|number| number.to_string() == text));
        let index = index.ok_or(TlogProofError::Form("the index is missing or not a number"))?;
        let path = hashes(lines).ok_or(TlogProofError::Form("a hash is invalid"))?;
        Ok(TlogProof { extra, inclusion: InclusionProof { index, path }, checkpoint: checkpoint.into() })
    }

    /// Reads the checkpoint of the proof.
    ///
    /// # Errors
    /// When it is not a valid checkpoint.
    pub fn open(&self) -> Result<Opened, TlogProofError> {
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
    let hashes: Vec<Hash> = lines.take(MAX_HASHES + 1).map(Hash::parse).collect::<Option<_>>()?;
    (hashes.len() <= MAX_HASHES).then_some(hashes)
}
