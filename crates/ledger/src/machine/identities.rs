//! Every identity, by ULID, by key and by place: those that were touched in memory, the others in a table that is read where it is asked.

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
    /// Who has, or ever had, a key.
    keys: HashMap<Box<str>, Ulid>,
    /// Who lies at a place now; `None` where nobody does any more.
    places: HashMap<Box<str>, Option<Ulid>>,
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

    /// Takes up an identity, new or as it is known elsewhere.
    pub(super) fn insert(&mut self, ulid: Ulid, identity: Identity) {
        self.hold(ulid, &identity);
        self.touched.insert(ulid.bits(), identity);
    }

    /// Notes the keys and the place that an identity has by now; `left` is the place that it left.
    pub(super) fn hold_again(&mut self, ulid: Ulid, left: &str) {
        if self.holder_of_place(left) == Some(ulid) {
            self.places.insert(left.into(), None);
        }
        let Some(identity) = self.touched.get(&ulid.bits()) else { return };
        // Of its keys only the last of each kind can be new: an identity may have thousands.
        for key in [Some(&identity.key), identity.aliases.last()].into_iter().flatten() {
            if !self.keys.contains_key(key) {
                self.keys.insert(key.clone(), ulid);
            }
        }
        if identity.has_place() {
            self.places.insert(identity.path.clone(), Some(ulid));
        }
    }

    fn hold(&mut self, ulid: Ulid, identity: &Identity) {
        for key in identity.keys() {
            if !self.keys.contains_key(key) {
                self.keys.insert(key.into(), ulid);
            }
        }
        if identity.has_place() {
            self.places.insert(identity.path.clone(), Some(ulid));
        }
    }

    pub(super) fn holder_of_key(&self, key: &str) -> Option<Ulid> {
        self.keys.get(key).copied().or_else(|| self.base.as_ref()?.holder_of_key(key))
    }

    pub(super) fn holder_of_place(&self, place: &str) -> Option<Ulid> {
        match self.places.get(place) {
            Some(holder) => *holder,
            None => self.base.as_ref()?.holder_of_place(place),
        }
    }

    /// Returns every identity, sorted by ULID.
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

    /// Writes the identities down as a table.
    pub(super) fn write_down(&self) -> Vec<u8> {
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

    /// Takes a table up; `None` where it is none.
    pub(super) fn take_up(bytes: Vec<u8>) -> Option<Identities> {
        Some(Identities { base: Some(Arc::new(Table::open(bytes)?)), ..Identities::default() })
    }
}

impl Identity {
    /// Every key that it has or ever had.
    fn keys(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.key).chain(&self.aliases).chain(&self.former).map(|key| &**key)
    }

    /// What is gone leaves its place to others; its keys it keeps.
    fn has_place(&self) -> bool {
        matches!(self.status, Status::Active | Status::Deprecated)
    }
}

/// The bytes of an entry: of an identity its ULID and where its record stands, of a name its hash and a ULID.
const ENTRY: usize = 24;
const HEAD: usize = 12;

/// Identities as they were written down: three sorted lists of entries (identities, keys, places), then the records.
#[derive(Debug)]
struct Table {
    bytes: Vec<u8>,
    /// How many entries each list has.
    counts: [usize; 3],
}

/// The first bytes of a name's SHA-256, by which it is found.
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

    /// The entries of a list, each of [`ENTRY`] bytes.
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

    /// Those who are listed under a name's hash.
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

    fn holder_of_place(&self, place: &str) -> Option<Ulid> {
        self.listed(2, place).find(|(_, identity)| &*identity.path == place).map(|(ulid, _)| ulid)
    }

    /// Copies what was not touched, as it stands.
    fn copy(&self, writing: &mut Writing, touched: &[u128]) {
        let is_touched = |ulid: Ulid| touched.binary_search(&ulid.bits()).is_ok();
        for entry in self.list(0).iter().filter(|entry| !is_touched(ulid_at(entry, 0))) {
            writing.record(ulid_at(entry, 0).bits(), self.record(entry));
        }
        for (list, into) in [(1, &mut writing.keys), (2, &mut writing.places)] {
            into.extend(self.list(list).iter().filter(|entry| !is_touched(ulid_at(entry, 8))));
        }
    }
}

fn ulid_at(entry: &[u8; ENTRY], at: usize) -> Ulid {
    let mut bits = [0; 16];
    bits.copy_from_slice(&entry[at..at + 16]);
    Ulid::from_bits(u128::from_be_bytes(bits))
}

/// A table that is being written.
#[derive(Default)]
struct Writing {
    identities: Vec<[u8; ENTRY]>,
    keys: Vec<[u8; ENTRY]>,
    places: Vec<[u8; ENTRY]>,
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
        self.places.extend(identity.has_place().then(|| named(&identity.path)));
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
        let lists = [&mut self.identities, &mut self.keys, &mut self.places];
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
        }
    }

    #[test]
    fn what_is_written_down_is_found_again_and_what_is_touched_since() {
        let one = Ulid::from_bits(1);
        let two = Ulid::from_bits(2);
        let mut identities = Identities::default();
        identities.insert(one, identity("PLG_A", "a", &["PLG_OLD"], false));
        identities.insert(two, identity("PLG_B", "b", &[], true));
        let mut again = Identities::take_up(identities.write_down()).unwrap();
        assert_eq!(again.get(one).as_deref(), identities.get(one).as_deref());
        assert_eq!(
            (again.holder_of_key("PLG_OLD"), again.holder_of_key("PLG_B"), again.holder_of_key("PLG_C")),
            (Some(one), Some(two), None)
        );
        assert_eq!((again.holder_of_place("a"), again.holder_of_place("b")), (Some(one), None));
        again.get_mut(one).unwrap().path = "c".into();
        again.hold_again(one, "a");
        again.insert(Ulid::from_bits(3), identity("PLG_D", "a", &[], false));
        let third = Identities::take_up(again.write_down()).unwrap();
        for identities in [&again, &third] {
            assert_eq!(
                (identities.holder_of_place("a"), identities.holder_of_place("c")),
                (Some(Ulid::from_bits(3)), Some(one))
            );
            assert_eq!(identities.sorted().len(), 3);
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_table_or_none(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Some(identities) = Identities::take_up(bytes) {
                let _ = (identities.get(Ulid::from_bits(0)), identities.holder_of_key("PLG_A"), identities.sorted().len());
            }
        }
    }
}
