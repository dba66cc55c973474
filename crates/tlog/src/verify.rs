//! Verification of proofs against root hashes: the algorithms of RFC 9162 §2.1.3.2 and §2.1.4.2 for the proofs of RFC 6962.

use thiserror::Error;

use crate::{ConsistencyProof, Hash, InclusionProof};

/// Why a proof does not verify.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The leaf or the older tree is beyond the end of the tree.
    #[error("the tree is smaller than the leaf index or the older size")]
    OutOfRange,
    /// More or fewer hashes than the sizes require.
    #[error("the proof has too many or too few hashes")]
    Length,
    /// The hashes give another root.
    #[error("the proof gives another root hash")]
    Root,
}

/// Verifies that the tree of this size and root contains the leaf.
///
/// # Errors
/// When the proof does not verify.
pub fn verify_inclusion(
    leaf: &Hash,
    proof: &InclusionProof,
    size: u64,
    root: &Hash,
) -> Result<(), ProofError> {
    if proof.index >= size {
        return Err(ProofError::OutOfRange);
    }
    let (mut node, mut last) = (proof.index, size - 1);
    let mut hash = *leaf;
    for sibling in &proof.path {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            hash = Hash::node(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            hash = Hash::node(&hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match (last, hash == *root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// Verifies that the tree of `new` leaves starts with the tree of `old` leaves. `old` is 0 only if `new` is 0.
///
/// # Errors
/// When the proof does not verify.
pub fn verify_consistency(
    proof: &ConsistencyProof,
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::OutOfRange);
    }
    if old == 0 && new > 0 {
        // Every tree starts with the empty tree, so a proof from size 0 proves nothing and is refused.
        return Err(ProofError::OutOfRange);
    }
    if old == new {
        let known = old > 0 || *old_root == Hash::empty();
        return match (proof.path.is_empty(), known && old_root == new_root) {
            (true, true) => Ok(()),
            (true, false) => Err(ProofError::Root),
            (false, _) => Err(ProofError::Length),
        };
    }
    let mut path = proof.path.iter();
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        (node, last) = (node >> 1, last >> 1);
    }
    // If the old tree is complete, it is itself the first subtree.
    let first = if node == 0 { Some(old_root) } else { path.next() };
    let first = *first.ok_or(ProofError::Length)?;
    let (mut before, mut after) = (first, first);
    for sibling in path {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            before = Hash::node(sibling, &before);
            after = Hash::node(sibling, &after);
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            after = Hash::node(&after, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(ProofError::Length);
    }
    if before == *old_root && after == *new_root { Ok(()) } else { Err(ProofError::Root) }
}
