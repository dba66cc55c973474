//! Holding proofs against roots (RFC 9162 §2.1.3.2 and §2.1.4.2, which give RFC 6962's proofs their algorithms).

use thiserror::Error;

use crate::{ConsistencyProof, Hash, InclusionProof};

/// Why a proof proves nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The leaf or the older tree lies past the end of the tree.
    #[error("the tree is smaller than what is to be proved")]
    OutOfRange,
    /// More or fewer hashes than the sizes demand.
    #[error("the proof has too many hashes, or too few")]
    Length,
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// Holds an inclusion proof: the leaf is in the tree of this size and root.
///
/// # Errors
/// When it is not proved.
pub fn inclusion(leaf: &Hash, proof: &InclusionProof, size: u64, root: &Hash) -> Result<(), ProofError> {
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

/// Holds a consistency proof: the tree of `new` leaves begins with the tree of `old` leaves, of which there is at least one, or of neither any.
///
/// # Errors
/// When it is not proved.
pub fn consistency(
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
        // Every tree begins with the empty one: there is nothing to be proved, and no proof of it.
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
    // Where the old tree is complete, it is the first subtree itself.
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
    match before == *old_root && after == *new_root {
        true => Ok(()),
        false => Err(ProofError::Root),
    }
}
