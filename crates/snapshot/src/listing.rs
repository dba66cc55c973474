//! The entries of a directory, and the faults of the directory itself.

use crate::{Mode, Object, ObjectId};

/// The entries of one directory in byte order of their names, each name once.
///
/// Git's own tree order sorts a directory as if its name ended in `/`; here a file and a directory of the same name meet.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    names: Vec<u8>,
    entries: Vec<Slot>,
    /// Faults that a valid tree never contains, in order of discovery.
    pub faults: Vec<Fault>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Slot {
    start: u32,
    end: u32,
    object: Object,
}

/// One entry of a directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The name: no `/` in it, unless the tree is hostile (see [`Listing::faults`]).
    pub name: &'a [u8],
    /// The object.
    pub object: Object,
}

/// A fault of a tree object that git's own tools never write.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// The entry's name.
    pub name: Vec<u8>,
    /// The kind of fault.
    pub kind: FaultKind,
}

/// The kinds of faults of an entry of a tree object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FaultKind {
    /// Two entries have the same name: git shows one of them, a checkout the other.
    Duplicate,
    /// The entries are not sorted: a search for the name may miss it.
    Unsorted,
    /// The name is `.git`, `.`, `..`, contains `/` or NUL, or a file system reads it as one of those.
    Unsafe,
    /// Git does not know the mode.
    UnknownMode,
}

impl Listing {
    /// Creates a listing with capacity for `entries` of together `bytes` of names.
    #[must_use]
    pub fn with_capacity(entries: usize, bytes: usize) -> Listing {
        Listing { names: Vec::with_capacity(bytes), entries: Vec::with_capacity(entries), faults: Vec::new() }
    }

    /// Adds an entry, in any order; call [`Listing::finish`] after the last.
    pub fn push(&mut self, name: &[u8], mode: Mode, id: Option<ObjectId>) {
        let start = self.names.len() as u32;
        self.names.extend_from_slice(name);
        self.entries.push(Slot { start, end: self.names.len() as u32, object: Object { mode, id } });
    }

    /// Sorts the entries; of two with one name the first stays and the other becomes a fault.
    #[must_use]
    pub fn finish(mut self) -> Listing {
        let names = &self.names;
        let name = |slot: &Slot| &names[slot.start as usize..slot.end as usize];
        if !self.entries.is_sorted_by(|a, b| name(a) < name(b)) {
            self.entries.sort_by(|a, b| name(a).cmp(name(b)));
            let faults = &mut self.faults;
            self.entries.dedup_by(|later, first| {
                let is_duplicate = name(later) == name(first);
                if is_duplicate {
                    faults.push(Fault { name: name(later).to_vec(), kind: FaultKind::Duplicate });
                }
                is_duplicate
            });
        }
        self
    }

    /// Returns the number of entries.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether the directory is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Returns the entries in byte order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Entry<'_>> + Clone {
        self.entries.iter().map(|slot| self.entry(slot))
    }

    /// Returns the entry called `name`.
    #[must_use]
    pub fn get(&self, name: &[u8]) -> Option<Entry<'_>> {
        let at = self.entries.binary_search_by(|slot| self.entry(slot).name.cmp(name)).ok()?;
        Some(self.entry(&self.entries[at]))
    }

    fn entry(&self, slot: &Slot) -> Entry<'_> {
        Entry { name: &self.names[slot.start as usize..slot.end as usize], object: slot.object }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn duplicates_are_faults_and_order_is_by_bytes() {
        let mut listing = Listing::default();
        for name in ["b", "a", "b"] {
            listing.push(name.as_bytes(), Mode::File, None);
        }
        let listing = listing.finish();
        assert_eq!(listing.iter().map(|entry| entry.name).collect::<Vec<_>>(), [b"a", b"b"]);
        assert_eq!(listing.faults, [Fault { name: b"b".to_vec(), kind: FaultKind::Duplicate }]);
        assert!(listing.get(b"a").is_some() && listing.get(b"c").is_none());
    }
}
