//! All identities, by ULID, by key and by path: changed ones in memory, the others in a serialized table that is read on demand.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use artifact::Ulid;

use super::{Identity, Status};
use crate::sha256;

/// The identities of a log.
#[derive(Debug, Clone, Default)]
pub(super) struct Identities {
    base: Option<Arc<Table>>,
    touched: HashMap<u128, Identity>,
    /// The identity that has, or ever had, a key.
    keys: HashMap<Box<str>, Ulid>,
    /// The identity at a path; `None` if it left the path.
    paths: HashMap<Box<str>, Option<Ulid>>,
}

impl Identities {
    pub(super) fn get(&self, ulid: Ulid) -> Option<Cow<'_, Identity>> {
        let touched = self.touched.get(&ulid.bits()).map(Cow::Borrowed);
        touched.or_else(|| Some(Cow::Owned(self.base.as_ref()?.identity(ulid)?)))
    }

    pub(super) fn get_mut(&mut self, ulid: Ulid) -> Option<&mut Identity> {
        if !self.touched.contains_key(&ulid.bits()) {
            let identity = self.base.as_ref()?.identity(ulid)?;
            self.touched.insert(ulid.bits(), identity);
        }
        self.touched.get_mut(&ulid.bits())
    }

    /// Adds an identity.
    pub(super) fn insert(&mut self, ulid: Ulid, identity: Identity) {
        self.reserve_names(ulid, &identity);
        self.touched.insert(ulid.bits(), identity);
    }

    /// Updates the names of an identity after a change; `left` is the path that it had before.
    pub(super) fn restore_names(&mut self, ulid: Ulid, left: &str) {
        if self.holder_of_path(left) == Some(ulid) {
            self.paths.insert(left.into(), None);
        }
        let Some(identity) = self.touched.get(&ulid.bits()) else { return };
        // Only the newest key and alias can be new; an identity may have thousands of them.
        for key in [Some(&identity.key), identity.aliases.last()].into_iter().flatten() {
            if !self.keys.contains_key(key) {
                self.keys.insert(key.clone(), ulid);
            }
        }
        if identity.has_path() {
            self.paths.insert(identity.path.clone(), Some(ulid));
        }
    }

    /// Reserves the keys and the path of an identity.
    fn reserve_names(&mut self, ulid: Ulid, identity: &Identity) {
        for key in identity.keys() {
            if !self.keys.contains_key(key) {
                self.keys.insert(key.into(), ulid);
            }
        }
        if identity.has_path() {
            self.paths.insert(identity.path.clone(), Some(ulid));
        }
    }

    pub(super) fn holder_of_key(&self, key: &str) -> Option<Ulid> {
        self.keys.get(key).copied().or_else(|| self.base.as_ref()?.holder_of_key(key))
    }

    pub(super) fn holder_of_path(&self, path: &str) -> Option<Ulid> {
        match self.paths.get(path) {
            Some(holder) => *holder,
            None => self.base.as_ref()?.holder_of_path(path),
        }
    }

    /// Returns all identities, sorted by ULID.
    pub(super) fn sorted(&self) -> Vec<(Ulid, Cow<'_, Identity>)> {
        let mut all: Vec<(Ulid, Cow<'_, Identity>)> = match &self.base {
            None => Vec::new(),
            Some(base) => {
                let untouched = base.ulids().filter(|ulid| !self.touched.contains_key(&ulid.bits()));
                untouched.filter_map(|ulid| Some((ulid, Cow::Owned(base.identity(ulid)?)))).collect()
            }
        };
        let mut bits: Vec<u128> = self.touched.keys().copied().collect();
        bits.sort_unstable();
        all.extend(bits.iter().map(|bits| (Ulid::from_bits(*bits), Cow::Borrowed(&self.touched[bits]))));
        all.sort_unstable_by_key(|(ulid, _)| *ulid);
        all
    }

    /// Serializes the identities as a table.
    pub(super) fn store(&self) -> Vec<u8> {
        let mut touched: Vec<u128> = self.touched.keys().copied().collect();
        touched.sort_unstable();
        let mut writing = Writing::default();
        if let Some(base) = &self.base {
            base.copy(&mut writing, &touched);
        }
        for bits in &touched {
            writing.add(*bits, &self.touched[bits]);
        }
        writing.finish()
    }

    /// Loads a table; `None` if the bytes are not one.
    pub(super) fn load(bytes: Vec<u8>) -> Option<Identities> {
        Some(Identities { base: Some(Arc::new(Table::open(bytes)?)), ..Identities::default() })
    }
}

impl Identity {
    /// Returns all keys that it has or ever had.
    fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.key).chain(&self.aliases).chain(&self.former).map(|key| &**key)
    }

    /// Returns whether it occupies its path: after its end the path is free, but its keys stay reserved.
    fn has_path(&self) -> bool {
        matches!(self.status, Status::Active | Status::Deprecated)
    }
}

/// The size of an entry in bytes: for an identity, its ULID and the offset and length of its record; for a name, its hash and a ULID.
const ENTRY: usize = 24;
/// The size of the header in bytes: three counts.
const HEAD: usize = 12;

/// Serialized identities: three sorted lists of entries (identities, keys, paths), then the records.
#[derive(Debug)]
struct Table {
    bytes: Vec<u8>,
    /// The number of entries of each list.
    counts: [usize; 3],
}

/// Returns the first bytes of the SHA-256 of a name, by which the table is searched.
fn short(name: &str) -> [u8; 8] {
    let mut short = [0; 8];
    short.copy_from_slice(&sha256(name.as_bytes()).0[..8]);
    short
}

impl Table {
    fn open(bytes: Vec<u8>) -> Option<Table> {
        let counts = [0, 4, 8].map(|at| {
            let count = bytes.get(at..at + 4).and_then(|count| count.try_into().ok()).map(u32::from_be_bytes);
            count.map_or(usize::MAX, |count| count as usize)
        });
        let entries = counts.iter().try_fold(0usize, |sum, count| sum.checked_add(*count))?;
        let end = entries.checked_mul(ENTRY)?.checked_add(HEAD)?;
        (bytes.len() >= end).then_some(Table { bytes, counts })
    }

    /// Returns the entries of a list.
    fn list(&self, list: usize) -> &[[u8; ENTRY]] {
        let before: usize = self.counts[..list].iter().sum();
        let start = HEAD + before * ENTRY;
        self.bytes[start..start + self.counts[list] * ENTRY].as_chunks().0
    }

    fn record(&self, entry: &[u8; ENTRY]) -> &[u8] {
        let number =
            |at: usize| u32::from_be_bytes([entry[at], entry[at + 1], entry[at + 2], entry[at + 3]]) as usize;
        let records = HEAD + self.counts.iter().sum::<usize>() * ENTRY;
        let start = records.saturating_add(number(16));
        self.bytes.get(start..start.saturating_add(number(20))).unwrap_or_default()
    }

    fn ulids(&self) -> impl Iterator<Item = Ulid> {
        self.list(0).iter().map(|entry| ulid_at(entry, 0))
    }

    fn identity(&self, ulid: Ulid) -> Option<Identity> {
        let list = self.list(0);
        let at = list.binary_search_by_key(&ulid, |entry| ulid_at(entry, 0)).ok()?;
        postcard::from_bytes(self.record(&list[at])).ok()
    }

    /// Returns the identities listed under the hash of a name.
    fn listed(&self, list: usize, name: &str) -> impl Iterator<Item = (Ulid, Identity)> {
        let short = short(name);
        let list = self.list(list);
        let first = list.partition_point(|entry| entry[..8] < short[..]);
        let same = list[first..].iter().take_while(move |entry| entry[..8] == short);
        same.filter_map(|entry| Some((ulid_at(entry, 8), self.identity(ulid_at(entry, 8))?)))
    }

    fn holder_of_key(&self, key: &str) -> Option<Ulid> {
        self.listed(1, key)
            .find(|(_, identity)| identity.keys().any(|other| other == key))
            .map(|(ulid, _)| ulid)
    }

    fn holder_of_path(&self, path: &str) -> Option<Ulid> {
        self.listed(2, path).find(|(_, identity)| &*identity.path == path).map(|(ulid, _)| ulid)
    }

    /// Copies the entries that did not change.
    fn copy(&self, writing: &mut Writing, touched: &[u128]) {
        let is_touched = |ulid: Ulid| touched.binary_search(&ulid.bits()).is_ok();
        for entry in self.list(0).iter().filter(|entry| !is_touched(ulid_at(entry, 0))) {
            writing.record(ulid_at(entry, 0).bits(), self.record(entry));
        }
        for (list, into) in [(1, &mut writing.keys), (2, &mut writing.paths)] {
            into.extend(self.list(list).iter().filter(|entry| !is_touched(ulid_at(entry, 8))));
        }
    }
}

fn ulid_at(entry: &[u8; ENTRY], at: usize) -> Ulid {
    let mut bits = [0; 16];
    bits.copy_from_slice(&entry[at..at + 16]);
    Ulid::from_bits(u128::from_be_bytes(bits))
}

/// A table while it is written.
#[derive(Default)]
struct Writing {
    identities: Vec<[u8; ENTRY]>,
    keys: Vec<[u8; ENTRY]>,
    paths: Vec<[u8; ENTRY]>,
    records: Vec<u8>,
}

impl Writing {
    fn add(&mut self, bits: u128, identity: &Identity) {
        let named = |name: &str| {
            let mut entry = [0; ENTRY];
            entry[..8].copy_from_slice(&short(name));
            entry[8..].copy_from_slice(&bits.to_be_bytes());
            entry
        };
        self.keys.extend(identity.keys().map(named));
        self.paths.extend(identity.has_path().then(|| named(&identity.path)));
        self.record(bits, &postcard::to_stdvec(identity).unwrap_or_default());
    }

    fn record(&mut self, bits: u128, record: &[u8]) {
        let mut entry = [0; ENTRY];
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX).to_be_bytes();
        entry[..16].copy_from_slice(&bits.to_be_bytes());
        entry[16..20].copy_from_slice(&number(self.records.len()));
        entry[20..].copy_from_slice(&number(record.len()));
        self.identities.push(entry);
        self.records.extend_from_slice(record);
    }

    fn finish(mut self) -> Vec<u8> {
        let lists = [&mut self.identities, &mut self.keys, &mut self.paths];
        let entries: usize = lists.iter().map(|list| list.len()).sum();
        let mut bytes = Vec::with_capacity(HEAD + entries * ENTRY + self.records.len());
        for list in &lists {
            bytes.extend(u32::try_from(list.len()).unwrap_or(u32::MAX).to_be_bytes());
        }
        for list in lists {
            list.sort_unstable();
            bytes.extend(list.as_flattened());
        }
        bytes.extend(&self.records);
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tlog::Hash;

    fn identity(key: &str, path: &str, former: &[&str], gone: bool) -> Identity {
        Identity {
            last: Hash::leaf(key.as_bytes()),
            last_line: 7,
            status: if gone { Status::Retired } else { Status::Active },
            status_line: 3,
            key: key.into(),
            kind: "plugin".into(),
            path: path.into(),
            owner: None,
            aliases: Vec::new(),
            former: former.iter().map(|key| (*key).into()).collect(),
            versions: vec![("1.0.0".into(), 4, None)],
            merged_into: gone.then_some(Ulid::from_bits(1)),
            replaced_by: None,
        }
    }

    #[test]
    fn stored_identities_are_loaded_and_can_change_afterwards() {
        let one = Ulid::from_bits(1);
        let two = Ulid::from_bits(2);
        let mut identities = Identities::default();
        identities.insert(one, identity("PLG_A", "a", &["PLG_OLD"], false));
        identities.insert(two, identity("PLG_B", "b", &[], true));
        let mut again = Identities::load(identities.store()).unwrap();
        assert_eq!(again.get(one).as_deref(), identities.get(one).as_deref());
        assert_eq!(
            (again.holder_of_key("PLG_OLD"), again.holder_of_key("PLG_B"), again.holder_of_key("PLG_C")),
            (Some(one), Some(two), None)
        );
        assert_eq!((again.holder_of_path("a"), again.holder_of_path("b")), (Some(one), None));
        again.get_mut(one).unwrap().path = "c".into();
        again.restore_names(one, "a");
        again.insert(Ulid::from_bits(3), identity("PLG_D", "a", &[], false));
        let third = Identities::load(again.store()).unwrap();
        for identities in [&again, &third] {
            assert_eq!(
                (identities.holder_of_path("a"), identities.holder_of_path("c")),
                (Some(Ulid::from_bits(3)), Some(one))
            );
            assert_eq!(identities.sorted().len(), 3);
        }
    }

    proptest! {
        #[test]
        fn loading_any_bytes_does_not_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(identities) = Identities::load(bytes) {
                identities.get(Ulid::from_bits(0));
                identities.holder_of_key("PLG_A");
                prop_assert!(identities.sorted().len() <= 8, "an entry has 24 bytes");
            }
        }
    }
}
