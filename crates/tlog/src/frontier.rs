//! The right edge of a growing tree: the few hashes that are needed to add leaves and to compute the root.

use crate::Hash;

/// The complete subtrees of a tree of this size, the largest first.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Frontier {
    size: u64,
    subtrees: Vec<Hash>,
}

impl Frontier {
    /// Returns the number of leaves.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Adds a leaf's hash.
    pub fn push(&mut self, leaf: Hash) {
        self.push_subtree(0, leaf);
    }

    /// Adds a complete subtree of `2^height` leaves; the size of the tree must be a multiple of that.
    pub fn push_subtree(&mut self, height: u32, subtree: Hash) {
        debug_assert!(
            self.size.trailing_zeros() >= height || self.size == 0,
            "a subtree starts at a multiple of its size"
        );
        let mut hash = subtree;
        // Each trailing 1 bit of the size is a complete subtree that merges with the new one.
        let carried = (self.size >> height).trailing_ones();
        for _ in 0..carried {
            if let Some(left) = self.subtrees.pop() {
                hash = Hash::node(&left, &hash);
            }
        }
        self.subtrees.push(hash);
        self.size += 1 << height;
    }

    /// Returns the root.
    #[must_use]
    pub fn root(&self) -> Hash {
        let mut subtrees = self.subtrees.iter().rev();
        let Some(last) = subtrees.next() else { return Hash::empty() };
        subtrees.fold(*last, |right, left| Hash::node(left, &right))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Tree;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn adding_subtrees_gives_the_same_root_as_adding_leaves(heights in proptest::collection::vec(0u32..5, 1..40)) {
            let mut frontier = Frontier::default();
            let mut tree = Tree::default();
            for height in heights {
                let height = height.min(if frontier.size() == 0 { height } else { frontier.size().trailing_zeros() });
                let leaves: Vec<Hash> = (0..1u64 << height).map(|at| Hash::leaf(&(frontier.size() + at).to_be_bytes())).collect();
                frontier.push_subtree(height, leaves.iter().copied().collect::<Tree>().root());
                leaves.into_iter().for_each(|leaf| tree.push(leaf));
                prop_assert_eq!(frontier.root(), tree.root());
            }
        }
    }
}
