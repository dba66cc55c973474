//! The witness protocol (C2SP tlog-witness): the request of a log, its examination by a witness, and the answer.

use thiserror::Error;

use crate::verify::verify_consistency;
use crate::{Algorithm, Checkpoint, ConsistencyProof, Hash, Note, Opened, VerifierKey, open};

/// The number of hashes in a request: "The client MUST NOT send more than 63 consistency proof lines."
const MAX_PROOF_LINES: usize = 63;

/// The body of `add-checkpoint`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddCheckpoint {
    /// The size of the checkpoint that the witness cosigned before; 0 if none.
    pub old: u64,
    /// The proof from that size; empty from 0.
    pub proof: ConsistencyProof,
    /// The signed checkpoint.
    pub checkpoint: String,
}

/// Why a witness does not cosign.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Refused {
    /// The request has another form.
    #[error("malformed request: {0}")]
    Malformed(&'static str),
    /// The log is not one of those that the witness cosigns.
    #[error("unknown log")]
    UnknownLog,
    /// No trusted key of the log signed.
    #[error("no valid signature of a known key of this log")]
    Signature,
    /// The witness cosigned another size before, or another tree of this size.
    #[error("the latest checkpoint that was cosigned has {size} leaves{}", if *is_fork { ", and another root hash" } else { "" })]
    Conflict {
        /// The size that the witness cosigned last.
        size: u64,
        /// Whether the sizes are equal and the roots differ.
        is_fork: bool,
    },
    /// The proof does not show that the checkpoint continues the earlier one.
    #[error("the consistency proof does not verify")]
    Inconsistent,
}

impl Refused {
    /// Returns the status of the HTTP response.
    #[must_use]
    pub fn status(&self) -> u16 {
        match self {
            Refused::Malformed(_) => 400,
            Refused::Signature => 403,
            Refused::UnknownLog => 404,
            Refused::Conflict { .. } => 409,
            Refused::Inconsistent => 422,
        }
    }
}

impl AddCheckpoint {
    /// Reads a body.
    ///
    /// # Errors
    /// [`Refused::Malformed`], when it has another form.
    pub fn parse(body: &[u8]) -> Result<AddCheckpoint, Refused> {
        let text = std::str::from_utf8(body).map_err(|_| Refused::Malformed("it is not UTF-8"))?;
        let (head, checkpoint) = text
            .split_once("\n\n")
            .ok_or(Refused::Malformed("the empty line before the checkpoint is missing"))?;
        let mut lines = head.split('\n');
        let size = lines.next().and_then(|line| line.strip_prefix("old "));
        let old =
            size.and_then(decimal).ok_or(Refused::Malformed("the first line is not `old` and a size"))?;
        let hashes = lines.map(Hash::parse).collect::<Option<Vec<_>>>();
        let path = hashes.ok_or(Refused::Malformed("a line of the proof is not the base64 of a hash"))?;
        if path.len() > MAX_PROOF_LINES {
            return Err(Refused::Malformed("the proof has more than 63 lines"));
        }
        if old == 0 && !path.is_empty() {
            return Err(Refused::Malformed("the proof from size 0 is empty"));
        }
        Ok(AddCheckpoint { old, proof: ConsistencyProof { path }, checkpoint: checkpoint.into() })
    }

    /// Reads the checkpoint, which a key of its log must have signed: one whose name is the origin.
    ///
    /// # Errors
    /// [`Refused::Malformed`], [`Refused::UnknownLog`] or [`Refused::Signature`].
    pub fn authenticate(&self, logs: &[VerifierKey]) -> Result<Opened, Refused> {
        let opened =
            open(self.checkpoint.as_bytes()).map_err(|_| Refused::Malformed("it contains no checkpoint"))?;
        let keys: Vec<VerifierKey> =
            logs.iter().filter(|key| key.name() == opened.checkpoint.origin).cloned().collect();
        if keys.is_empty() {
            return Err(Refused::UnknownLog);
        }
        let signers = opened.note.as_ref().and_then(|note| note.signers(&keys).ok()).unwrap_or_default();
        if signers.is_empty() { Err(Refused::Signature) } else { Ok(opened) }
    }

    /// Checks that the checkpoint continues the one that the witness cosigned last.
    ///
    /// # Errors
    /// [`Refused::Malformed`], [`Refused::Conflict`] or [`Refused::Inconsistent`].
    pub fn check(&self, new: &Checkpoint, last: Option<&Checkpoint>) -> Result<(), Refused> {
        if self.old > new.size {
            return Err(Refused::Malformed("the old size is larger than the checkpoint"));
        }
        let size = last.map_or(0, |last| last.size);
        if self.old != size {
            return Err(Refused::Conflict { size, is_fork: false });
        }
        // A tree without leaves has one root, and every log continues it.
        let root = last.map_or(Hash::empty(), |last| last.root);
        if new.size == size {
            return match (new.root == root, self.proof.path.is_empty()) {
                (false, _) => Err(Refused::Conflict { size, is_fork: true }),
                (true, false) => Err(Refused::Inconsistent),
                (true, true) => Ok(()),
            };
        }
        if size == 0 {
            return Ok(());
        }
        verify_consistency(&self.proof, size, &root, new.size, &new.root).map_err(|_| Refused::Inconsistent)
    }
}

impl std::fmt::Display for AddCheckpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "old {}\n{}\n{}", self.old, self.proof, self.checkpoint)
    }
}

/// Reads the body of status 409: a size and a newline.
#[must_use]
pub fn parse_size(body: &[u8]) -> Option<u64> {
    decimal(std::str::from_utf8(body).ok()?.strip_suffix('\n')?)
}

/// Returns the line of a response in which a witness cosigns a checkpoint; `None` if no line is of the key, or one that is does not verify.
///
/// "The client MUST ignore any cosignatures from unknown keys."
#[must_use]
pub fn find_cosignature(text: &str, response: &[u8], key: &VerifierKey) -> Option<String> {
    if key.algorithm() != Algorithm::Cosignature {
        return None;
    }
    let response = std::str::from_utf8(response).ok()?;
    let note = Note::parse(format!("{text}\n{response}").as_bytes()).ok()?;
    note.signers(std::slice::from_ref(key)).ok().filter(|signers| !signers.is_empty())?;
    let mut lines = response.lines().zip(&note.signatures);
    let (line, _) = lines.find(|(_, signed)| signed.name == key.name() && signed.id == key.id())?;
    Some(format!("{line}\n"))
}

/// Reads a size in its only spelling: no sign, no leading zero.
fn decimal(text: &str) -> Option<u64> {
    let size: u64 = text.parse().ok()?;
    (size.to_string() == text && size < 1 << 63).then_some(size)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{SigningKey, Tree};

    fn log() -> SigningKey {
        SigningKey::from_seed("example.org/log", Algorithm::Ed25519, &[100; 32]).unwrap()
    }

    fn tree(size: u64, seed: u8) -> Tree {
        (0..size).map(|at| Hash::leaf(&[seed, at as u8])).collect()
    }

    fn checkpoint(tree: &Tree) -> Checkpoint {
        Checkpoint {
            origin: "example.org/log".into(),
            size: tree.size(),
            root: tree.root(),
            extensions: Vec::new(),
        }
    }

    fn request(tree: &Tree, old: u64) -> AddCheckpoint {
        let proof = tree.prove_consistency(old.min(tree.size()), tree.size()).unwrap();
        AddCheckpoint { old, proof, checkpoint: checkpoint(tree).sign(&[&log()]) }
    }

    #[test]
    fn a_request_has_one_spelling() {
        let request = request(&tree(9, 0), 5);
        let text = request.to_string();
        assert!(text.starts_with("old 5\n") && text.contains("\n\nexample.org/log\n9\n"), "{text}");
        assert_eq!(AddCheckpoint::parse(text.as_bytes()), Ok(request));
        for broken in [
            text.replacen("old 5", "old 05", 1),
            text.replacen("old 5", "old +5", 1),
            text.replacen("old 5", "old  5", 1),
            text.replacen("old 5", "old 9223372036854775808", 1),
            text.replacen("old 5", "new 5", 1),
            text.replacen("old 5\n", "old 5\r\n", 1),
            text.replacen("\n\n", "\n", 2),
            text.replacen("old 5\n", "old 5\nAAAA\n", 1),
            text.replacen("old 5\n", "old 0\n", 1),
            text.replacen("old 5\n", &format!("old 5\n{}", format!("{}\n", Hash::empty()).repeat(64)), 1),
            String::new(),
        ] {
            assert!(
                matches!(AddCheckpoint::parse(broken.as_bytes()), Err(Refused::Malformed(_))),
                "{broken}"
            );
        }
        assert!(AddCheckpoint::parse(b"old 5\n\xff\n\nx").is_err());
    }

    #[test]
    fn a_witness_cosigns_only_what_continues_the_last_checkpoint() {
        let (five, nine) = (tree(5, 0), tree(9, 0));
        let last = checkpoint(&five);
        let check = |request: &AddCheckpoint, new: &Tree, last: Option<&Checkpoint>| {
            request.check(&checkpoint(new), last).map_err(|refused| refused.status())
        };
        assert_eq!(check(&request(&nine, 5), &nine, Some(&last)), Ok(()));
        assert_eq!(check(&request(&five, 5), &five, Some(&last)), Ok(()), "the same once more");
        assert_eq!(check(&request(&nine, 0), &nine, None), Ok(()), "the first of a log");
        assert_eq!(check(&request(&tree(0, 0), 0), &tree(0, 0), None), Ok(()));
        assert_eq!(check(&request(&nine, 3), &nine, Some(&last)), Err(409), "another old size");
        assert_eq!(check(&request(&nine, 5), &nine, None), Err(409), "a witness that knows nothing");
        assert_eq!(check(&request(&five, 9), &five, Some(&checkpoint(&nine))), Err(400), "a rollback");
        assert_eq!(check(&request(&five, 5), &five, Some(&checkpoint(&nine))), Err(409), "a rollback");
        assert_eq!(check(&request(&tree(9, 1), 5), &tree(9, 1), Some(&last)), Err(422), "a fork");
        let fork = tree(5, 1);
        let refused = request(&fork, 5).check(&checkpoint(&fork), Some(&last));
        assert_eq!(refused, Err(Refused::Conflict { size: 5, is_fork: true }));
        let padded =
            AddCheckpoint { proof: ConsistencyProof { path: vec![Hash::empty()] }, ..request(&five, 5) };
        assert_eq!(check(&padded, &five, Some(&last)), Err(422), "a proof between equal trees is empty");
    }

    #[test]
    fn only_a_known_key_of_the_log_is_accepted() {
        let request = request(&tree(5, 0), 0);
        let status =
            |logs: &[VerifierKey]| request.authenticate(logs).map_err(|refused| refused.status()).err();
        let other = |name: &str, seed| SigningKey::from_seed(name, Algorithm::Ed25519, &[seed; 32]).unwrap();
        assert_eq!(status(&[log().verifier().clone()]), None);
        assert_eq!(status(&[]), Some(404));
        assert_eq!(status(&[other("example.org/other", 100).verifier().clone()]), Some(404));
        assert_eq!(status(&[other("example.org/log", 7).verifier().clone()]), Some(403));
        let unsigned = AddCheckpoint { checkpoint: checkpoint(&tree(5, 0)).text(), ..request.clone() };
        assert_eq!(unsigned.authenticate(&[log().verifier().clone()]), Err(Refused::Signature));
        let garbage = AddCheckpoint { checkpoint: "x\n".into(), ..request.clone() };
        assert!(matches!(garbage.authenticate(&[]), Err(Refused::Malformed(_))));
    }

    #[test]
    fn cosignatures_of_unknown_keys_are_ignored_and_false_ones_refused() {
        let witness =
            |seed| SigningKey::from_seed("witness.example", Algorithm::Cosignature, &[seed; 32]).unwrap();
        let text = checkpoint(&tree(5, 0)).text();
        let (own, other) = (witness(1), witness(2));
        let line = own.sign(&text, 17);
        let find = |response: &str| find_cosignature(&text, response.as_bytes(), own.verifier());
        assert_eq!(find(&line), Some(line.clone()));
        assert_eq!(find(&format!("{}{line}", other.sign(&text, 17))), Some(line.clone()));
        assert_eq!(find(&other.sign(&text, 17)), None);
        assert_eq!(find(&own.sign(&checkpoint(&tree(6, 0)).text(), 17)), None, "of another checkpoint");
        for broken in ["", "ok\n", line.trim_end(), &format!("\n{line}"), &format!("{line}\n")] {
            assert_eq!(find(broken), None, "{broken:?}");
        }
        assert_eq!(parse_size(b"17\n"), Some(17));
        for broken in [&b"17"[..], b"017\n", b"17\n\n", b"-1\n", b"", b"\xff\n"] {
            assert_eq!(parse_size(broken), None);
        }
    }
}
