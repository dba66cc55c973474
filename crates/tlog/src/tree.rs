//! A Merkle tree that keeps all complete subtrees: root hashes of every size, and proofs (RFC 6962 §2.1).

use std::ops::Range;

use crate::{ConsistencyProof, Hash, InclusionProof};

/// The hashes of a log: for each height, the complete subtrees of that height.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    /// `levels[h][i]` covers the leaves from `i * 2^h` up to `(i + 1) * 2^h`.
    levels: Vec<Vec<Hash>>,
}

impl Tree {
    /// Adds a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            self.levels[level].push(hash);
            let [.., left, right] = self.levels[level].as_slice() else { return };
            if self.levels[level].len() % 2 == 1 {
                return;
            }
            hash = Hash::node(left, right);
        }
    }

    /// Returns the number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.levels.first().map_or(0, |leaves| leaves.len() as u64)
    }

    /// Returns the leaf hashes.
    #[must_use]
    pub fn leaves(&self) -> &[Hash] {
        self.levels.first().map_or(&[], Vec::as_slice)
    }

    /// Returns the complete subtrees of a height, from the left.
    #[must_use]
    pub fn level(&self, height: usize) -> &[Hash] {
        self.levels.get(height).map_or(&[], Vec::as_slice)
    }

    /// Returns the root.
    #[must_use]
    pub fn root(&self) -> Hash {
        self.subtree(0, self.size())
    }

    /// Returns the root of the first `size` leaves; `None` if the tree has fewer.
    #[must_use]
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        (size <= self.size()).then(|| self.subtree(0, size))
    }

    /// Proves that the tree of `size` leaves contains the leaf at `index`: `PATH(m, D[n])`, RFC 6962 §2.1.1. `None` if it does not.
    #[must_use]
    pub fn prove_inclusion(&self, index: u64, size: u64) -> Option<InclusionProof> {
        (index < size && size <= self.size()).then(|| {
            let path =
                siblings(index, size).into_iter().map(|(start, end)| self.subtree(start, end)).collect();
            InclusionProof { index, path }
        })
    }

    /// Proves that the tree of `new` leaves starts with the tree of `old` leaves: `PROOF(m, D[n])`, RFC 6962 §2.1.2.
    ///
    /// The proof from 0, and from a size to itself, is empty. `None` if the tree has fewer leaves.
    #[must_use]
    pub fn prove_consistency(&self, old: u64, new: u64) -> Option<ConsistencyProof> {
        (old <= new && new <= self.size()).then(|| {
            let ranges = consistency_ranges(old, new).into_iter();
            ConsistencyProof { path: ranges.map(|range| self.subtree(range.start, range.end)).collect() }
        })
    }

    /// Returns `MTH(D[start:end])`; the range is a subtree in the recursion of RFC 6962.
    fn subtree(&self, start: u64, end: u64) -> Hash {
        let size = end - start;
        if size == 0 {
            return Hash::empty();
        }
        if size.is_power_of_two() && start.is_multiple_of(size) {
            return self.levels[size.trailing_zeros() as usize][(start / size) as usize];
        }
        let middle = start + split(size);
        Hash::node(&self.subtree(start, middle), &self.subtree(middle, end))
    }
}

/// Returns the ranges of leaves whose roots are the inclusion path of a leaf, lowest first: `PATH(m, D[n])`, RFC 6962 §2.1.1.
pub(crate) fn siblings(index: u64, size: u64) -> Vec<(u64, u64)> {
    let mut ranges = Vec::new();
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            ranges.push((middle, end));
            end = middle;
        } else {
            ranges.push((start, middle));
            start = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// The largest power of two smaller than `size`, which is at least 2.
pub(crate) fn split(size: u64) -> u64 {
    1 << (u64::BITS - 1 - (size - 1).leading_zeros())
}

/// Returns the ranges of leaves whose hashes are the consistency proof: `PROOF(m, D[n])`, RFC 6962 §2.1.2.
pub(crate) fn consistency_ranges(old: u64, new: u64) -> Vec<Range<u64>> {
    let mut ranges = Vec::new();
    if old == 0 || old >= new {
        return ranges;
    }
    // SUBPROOF(m, D[start:end], b): while `whole`, the current subtree is a prefix of the old tree.
    let (mut start, mut end, mut whole) = (0, new, true);
    while end != old {
        let middle = start + split(end - start);
        if old <= middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
            whole = false;
        }
    }
    if !whole {
        ranges.push(start..end);
    }
    ranges.reverse();
    ranges
}

impl FromIterator<Hash> for Tree {
    fn from_iter<T: IntoIterator<Item = Hash>>(leaves: T) -> Tree {
        let mut tree = Tree::default();
        leaves.into_iter().for_each(|leaf| tree.push(leaf));
        tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Frontier, verify_consistency, verify_inclusion};

    /// The definition of RFC 6962 §2.1, literally.
    fn mth(leaves: &[Hash]) -> Hash {
        match leaves {
            [] => Hash::empty(),
            [leaf] => *leaf,
            _ => {
                let (left, right) = leaves.split_at(split(leaves.len() as u64) as usize);
                Hash::node(&mth(left), &mth(right))
            }
        }
    }

    #[test]
    fn every_proof_of_every_small_tree_verifies_and_no_other_does() {
        let leaves: Vec<Hash> = (0..70u8).map(|at| Hash::leaf(&[at])).collect();
        let tree: Tree = leaves.iter().copied().collect();
        let mut frontier = Frontier::default();
        for size in 0..=tree.size() {
            let root = tree.root_at(size).unwrap();
            assert_eq!(root, mth(&leaves[..size as usize]));
            assert_eq!(root, frontier.root());
            for index in 0..size {
                let proof = tree.prove_inclusion(index, size).unwrap();
                assert_eq!(verify_inclusion(&leaves[index as usize], &proof, size, &root), Ok(()));
                let other = (index + 1) % size;
                if other != index {
                    assert!(verify_inclusion(&leaves[other as usize], &proof, size, &root).is_err());
                }
            }
            for old in 0..=size {
                let proof = tree.prove_consistency(old, size).unwrap();
                let before = tree.root_at(old).unwrap();
                let verified = verify_consistency(&proof, old, &before, size, &root).is_ok();
                assert_eq!(verified, old > 0 || size == 0, "{old} {size}");
                if old > 0 {
                    assert!(verify_consistency(&proof, old, &Hash::leaf(b"other"), size, &root).is_err());
                }
            }
            if let Some(leaf) = leaves.get(size as usize) {
                frontier.push(*leaf);
            }
        }
        assert_eq!(tree.root_at(71), None);
        assert!(tree.prove_inclusion(70, 70).is_none() && tree.prove_consistency(3, 71).is_none());
    }
}
