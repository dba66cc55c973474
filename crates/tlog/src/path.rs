//! The inclusion proof of a leaf, built while the leaves of the tree pass by: none of them is kept.

use crate::tree::siblings;
use crate::{Frontier, Hash, InclusionProof};

/// Builds the proof of one leaf of a tree whose size is known.
#[derive(Debug, Clone)]
pub struct PathBuilder {
    index: u64,
    /// The ranges of leaves whose roots are the path, from the left, each with its place in the path.
    ranges: Vec<(u64, u64, usize)>,
    /// The number of ranges that are complete.
    complete: usize,
    /// The number of leaves that passed by.
    at: u64,
    /// The leaves of the current range.
    range: Frontier,
    path: Vec<Hash>,
}

impl PathBuilder {
    /// Starts the proof of the leaf at `index` of a tree of `size` leaves; `None` if it has fewer.
    #[must_use]
    pub fn new(index: u64, size: u64) -> Option<PathBuilder> {
        let siblings = (index < size).then(|| siblings(index, size))?;
        let mut ranges: Vec<(u64, u64, usize)> =
            siblings.iter().enumerate().map(|(place, (start, end))| (*start, *end, place)).collect();
        ranges.sort_unstable();
        let path = vec![Hash::empty(); ranges.len()];
        Some(PathBuilder { index, ranges, complete: 0, at: 0, range: Frontier::default(), path })
    }

    /// Adds the next leaf.
    pub fn push(&mut self, leaf: Hash) {
        let at = self.at;
        self.at += 1;
        let Some(&(_, end, place)) = self.ranges.get(self.complete).filter(|_| at != self.index) else {
            return;
        };
        self.range.push(leaf);
        if self.at == end {
            self.path[place] = self.range.root();
            self.range = Frontier::default();
            self.complete += 1;
        }
    }

    /// Returns the proof; `None` if leaves are missing.
    #[must_use]
    pub fn finish(self) -> Option<InclusionProof> {
        let is_complete = self.complete == self.ranges.len() && self.at > self.index;
        is_complete.then_some(InclusionProof { index: self.index, path: self.path })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tree;

    #[test]
    fn each_proof_is_that_of_the_whole_tree() {
        let leaves: Vec<Hash> = (0..90u8).map(|at| Hash::leaf(&[at])).collect();
        for size in 1..=leaves.len() {
            let tree: Tree = leaves[..size].iter().copied().collect();
            for index in 0..size as u64 {
                let mut builder = PathBuilder::new(index, size as u64).unwrap();
                leaves[..size].iter().for_each(|leaf| builder.push(*leaf));
                assert_eq!(builder.finish(), tree.prove_inclusion(index, size as u64), "{index} of {size}");
            }
        }
        assert!(PathBuilder::new(3, 3).is_none());
        let mut incomplete = PathBuilder::new(1, 3).unwrap();
        leaves[..2].iter().for_each(|leaf| incomplete.push(*leaf));
        assert_eq!(incomplete.finish(), None);
    }
}
