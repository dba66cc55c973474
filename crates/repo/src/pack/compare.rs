//! Two versions of a directory compared through their ropes: what both share is skipped unread, whole entry by whole entry.
//!
//! That only bytes were inserted into a tree does not prove its entries unchanged: a new entry may take over the old bytes of
//! its neighbour, whose own are replaced. So nothing is concluded from bytes; entries are compared, and only a stretch that both sides take
//! from one place of one root, entered at an entry's start, is passed over.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use snapshot::{Mode, Object};

use super::rope::{NOT_CLEAN, ROOT, Rope};
use crate::tree::{RawEntry, compare_names, is_safe_name, split_entry};

/// An entry that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntryChange {
    /// The entry's name.
    pub(crate) name: Vec<u8>,
    /// What stood there before.
    pub(crate) before: Option<Object>,
    /// What stands there after.
    pub(crate) after: Option<Object>,
}

/// What a comparison through ropes comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TreeComparison {
    /// The differing entries in byte order of their names.
    Changes(Vec<EntryChange>),
    /// One of the trees is not as git writes them, or lies in no pack: compare the whole objects.
    Unsuited,
}

/// Compares two trees.
pub(crate) fn compare(before: &Rope, after: &Rope, id_length: usize) -> TreeComparison {
    match differing(before, after, id_length) {
        Some(changes) => TreeComparison::Changes(changes),
        None => TreeComparison::Unsuited,
    }
}

fn differing(before: &Rope, after: &Rope, id_length: usize) -> Option<Vec<EntryChange>> {
    let mut old = Cursor::new(before, id_length);
    let mut new = Cursor::new(after, id_length);
    let mut changes: Vec<EntryChange> = Vec::new();
    let shared_root = Arc::ptr_eq(&before.root, &after.root);
    // Whether the entries just passed differed: then what follows them is new ground on both sides.
    let mut parted = false;
    loop {
        skip_shared(&mut old, &mut new, shared_root);
        let order = match (old.load()?, new.load()?) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            // The same bytes on both sides: nothing is new but perhaps their place.
            (Some(a), Some(b)) if a.bytes == b.bytes => {
                old.in_order().then_some(())?;
                (!parted || new.in_order()).then_some(())?;
                parted = false;
                old.advance();
                new.advance();
                continue;
            }
            (Some(a), Some(b)) => {
                let (a, b) = (a.raw(), b.raw());
                compare_names(a.name, is_directory(a), b.name, is_directory(b))
            }
        };
        parted = true;
        let before = if order.is_le() { old.checked()? } else { None };
        let after = if order.is_ge() { new.checked()? } else { None };
        if before != after {
            let name = if order.is_le() { old.name() } else { new.name() };
            changes.push(EntryChange { name: name.to_vec(), before, after });
        }
        if order.is_le() {
            old.advance();
        }
        if order.is_ge() {
            new.advance();
        }
    }
    // Whoever walks these trees again can pass whole pieces over.
    old.learnt();
    new.learnt();
    // Git's order parts a file from a directory of the same name; here they meet.
    changes.sort_by(|a, b| a.name.cmp(&b.name));
    changes.dedup_by(|later, first| {
        let same = later.name == first.name;
        if same {
            first.before = first.before.or(later.before);
            first.after = first.after.or(later.after);
        }
        same
    });
    Some(changes)
}

fn is_directory(entry: RawEntry<'_>) -> bool {
    entry.mode & 0o170_000 == 0o040_000
}

/// Passes over the whole entries that both sides take from the same place: of the same root, or of a literal known to hold whole entries.
fn skip_shared<'a>(old: &mut Cursor<'a>, new: &mut Cursor<'a>, shared_root: bool) {
    old.skip_pieces(new);
    if !shared_root {
        return;
    }
    while let (Some((at, left)), Some((other, right))) = (old.in_root(), new.in_root()) {
        if at != other {
            return;
        }
        let root = &old.rope.root;
        let Some(boundaries) = root.boundaries(old.id_length) else { return };
        let Ok(start) = boundaries.binary_search(&at) else { return };
        let reach = at + left.min(right);
        let end = start + boundaries[start..].partition_point(|&boundary| boundary <= reach) - 1;
        if end == start {
            return;
        }
        let last = &root.bytes[boundaries[end - 1] as usize..boundaries[end] as usize];
        old.skip(boundaries[end] - at, last);
        new.skip(boundaries[end] - at, last);
        old.skip_pieces(new);
    }
}

/// An entry's bytes, and where its parts are.
struct Whole<'a> {
    bytes: Cow<'a, [u8]>,
    mode: u32,
    name: Range<usize>,
}

impl<'a> Whole<'a> {
    /// Cuts the first entry off; `None` where there is no whole one.
    fn cut(bytes: &'a [u8], id_length: usize) -> Option<Whole<'a>> {
        let (entry, rest) = split_entry(bytes, id_length)?;
        let bytes = &bytes[..bytes.len() - rest.len()];
        let end = bytes.len() - id_length - 1;
        Some(Whole { mode: entry.mode, name: end - entry.name.len()..end, bytes: Cow::Borrowed(bytes) })
    }

    fn raw(&self) -> RawEntry<'_> {
        RawEntry {
            mode: self.mode,
            name: &self.bytes[self.name.clone()],
            id: &self.bytes[self.name.end + 1..],
        }
    }

    fn into_owned(self) -> Whole<'static> {
        Whole { bytes: Cow::Owned(self.bytes.into_owned()), mode: self.mode, name: self.name }
    }
}

/// A walk over a tree's entries.
struct Cursor<'a> {
    rope: &'a Rope,
    id_length: usize,
    piece: usize,
    at: u32,
    /// The current entry, once it is loaded.
    current: Option<Whole<'a>>,
    /// The entry before, to hold the tree to git's order.
    last: Option<Whole<'a>>,
    /// What [`Rope::clean`] will hold.
    clean: Vec<u32>,
}

impl<'a> Cursor<'a> {
    fn new(rope: &'a Rope, id_length: usize) -> Cursor<'a> {
        let clean = vec![NOT_CLEAN; rope.pieces.len() + 1];
        Cursor { rope, id_length, piece: 0, at: 0, current: None, last: None, clean }
    }

    /// Passes over the pieces that both sides share, where the old tree's last walk found entries to start with them and behind them.
    fn skip_pieces(&mut self, new: &mut Cursor<'_>) {
        let Some(known) = self.rope.clean.get() else { return };
        if self.at != 0 || new.at != 0 || self.current.is_some() || new.current.is_some() {
            return;
        }
        let mut passed = None;
        while let (Some(a), Some(b)) = (self.rope.pieces.get(self.piece), new.rope.pieces.get(new.piece)) {
            let (start, end) = (known[self.piece], known[self.piece + 1]);
            if start == NOT_CLEAN || end == NOT_CLEAN || !self.rope.same_piece(a, new.rope, b) {
                break;
            }
            self.clean[self.piece] = start;
            new.clean[new.piece] = start;
            self.piece += 1;
            new.piece += 1;
            passed = Some((a, end));
        }
        if let Some((piece, length)) = passed {
            // The entry that ends with a clean piece began in it: its start was clean, too.
            let bytes = self.rope.bytes(piece);
            let last = &bytes[bytes.len() - length as usize..];
            self.last = Whole::cut(last, self.id_length);
            new.last = Whole::cut(last, self.id_length).map(Whole::into_owned);
        }
    }

    /// Keeps what the walk found for the next one.
    fn learnt(&mut self) {
        if self.rope.clean.get().is_none() {
            let mut clean = std::mem::take(&mut self.clean);
            if let Some(end) = clean.last_mut() {
                *end = length_of(self.last.as_ref());
            }
            // Someone else may have learnt it meanwhile: the same.
            let _ = self.rope.clean.set(clean);
        }
    }

    /// The offset in the root and the bytes left of the piece, when the cursor stands in one taken from the root, at an entry's start.
    fn in_root(&self) -> Option<(u32, u32)> {
        let piece = self.rope.pieces.get(self.piece)?;
        (piece.source == ROOT).then(|| (piece.from + self.at, piece.length - self.at))
    }

    /// Passes over bytes of the current piece that are whole entries, of which `last` is the last.
    fn skip(&mut self, length: u32, last: &'a [u8]) {
        self.current = None;
        self.last = Whole::cut(last, self.id_length);
        self.step(length);
    }

    fn step(&mut self, length: u32) {
        self.at += length;
        while let Some(piece) = self.rope.pieces.get(self.piece)
            && self.at >= piece.length
        {
            self.at -= piece.length;
            self.piece += 1;
        }
    }

    /// Makes the next entry current; `Some(None)` at the end, `None` where the tree is not as git writes it.
    fn load(&mut self) -> Option<Option<&Whole<'a>>> {
        if self.current.is_none() {
            let Some(piece) = self.rope.pieces.get(self.piece) else { return Some(None) };
            if self.at == 0 {
                self.clean[self.piece] = length_of(self.last.as_ref());
            }
            let here = &self.rope.bytes(piece)[self.at as usize..];
            let entry = match Whole::cut(here, self.id_length) {
                Some(entry) => entry,
                None => self.cut_across()?,
            };
            self.current = Some(entry);
        }
        Some(self.current.as_ref())
    }

    /// The entry begins in one piece and ends in another.
    fn cut_across(&self) -> Option<Whole<'static>> {
        let mut skip = self.at as usize;
        let mut gathered = Vec::new();
        for piece in &self.rope.pieces[self.piece..] {
            let bytes = &self.rope.bytes(piece)[skip..];
            skip = 0;
            // An entry is its mode, a name of at most 4 KiB or so, and an id: pieces longer than that need not be taken whole.
            gathered.extend_from_slice(&bytes[..bytes.len().min(1 << 16)]);
            if let Some(entry) = Whole::cut(&gathered, self.id_length) {
                return Some(entry.into_owned());
            }
            if bytes.len() > 1 << 16 {
                return None;
            }
        }
        None
    }

    /// Whether the current entry stands behind the one before it, as git writes trees.
    fn in_order(&self) -> bool {
        let (Some(last), Some(entry)) = (&self.last, &self.current) else { return true };
        let (last, entry) = (last.raw(), entry.raw());
        compare_names(last.name, is_directory(last), entry.name, is_directory(entry)).is_lt()
    }

    /// Returns what the current entry names; `None` where the entry is not as git writes it.
    fn checked(&self) -> Option<Option<Object>> {
        let Some(entry) = &self.current else { return Some(None) };
        let entry = entry.raw();
        let mode = Mode::from_raw(entry.mode)?;
        (is_safe_name(entry.name) && self.in_order()).then_some(Some(Object { mode, id: Some(entry.id()) }))
    }

    fn name(&self) -> &[u8] {
        self.current.as_ref().map_or(&[], |entry| entry.raw().name)
    }

    fn advance(&mut self) {
        let length = length_of(self.current.as_ref());
        self.last = self.current.take();
        self.step(length);
    }
}

fn length_of(entry: Option<&Whole<'_>>) -> u32 {
    entry.map_or(0, |entry| entry.bytes.len() as u32)
}

#[cfg(test)]
mod tests {
    use super::super::rope::{Piece, Root};
    use super::*;

    fn entry(name: &str, id: u8) -> Vec<u8> {
        [b"100644 ", name.as_bytes(), b"\0", &[id; 20]].concat()
    }

    fn tree(entries: &[(&str, u8)]) -> Vec<u8> {
        entries.iter().flat_map(|(name, id)| entry(name, *id)).collect()
    }

    fn whole(bytes: Vec<u8>) -> Rope {
        Rope::whole(Arc::new(Root::new(gix::objs::Kind::Tree, bytes)))
    }

    /// `base` with `inserted` put in at byte `at`, as a delta would say it.
    fn insertion(base: &Rope, at: usize, inserted: &[u8]) -> Rope {
        let (at, total) = (at as u32, base.length);
        let added = inserted.len() as u32;
        let piece = |start, from, length, source| Piece { start, from, length, source };
        Rope {
            clean: std::sync::OnceLock::new(),
            root: base.root.clone(),
            deltas: vec![inserted.into()],
            pieces: vec![
                piece(0, 0, at, ROOT),
                piece(at, 0, added, 1),
                piece(at + added, at, total - at, ROOT),
            ],
            length: total + added,
        }
    }

    fn told(comparison: TreeComparison) -> Vec<String> {
        let TreeComparison::Changes(changes) = comparison else { return vec!["unsuited".into()] };
        let id = |side: Option<Object>| {
            side.map_or("-".into(), |object| object.id.unwrap().to_string()[..2].to_string())
        };
        let tell = |change: &EntryChange| {
            format!("{} {} {}", String::from_utf8_lossy(&change.name), id(change.before), id(change.after))
        };
        changes.iter().map(tell).collect()
    }

    #[test]
    fn an_inserted_entry_is_an_addition_wherever_the_delta_cuts() {
        let base = whole(tree(&[("a", 1), ("b", 2), ("d", 4)]));
        let size = entry("a", 1).len();
        for shift in 0..10 {
            // A delta may cut later than the entry starts, since `c` and `d` begin alike.
            let target = tree(&[("a", 1), ("b", 2), ("c", 3), ("d", 4)]);
            let at = 2 * size + shift.min(7);
            let rope = insertion(&base, at, &target[at..at + size]);
            assert_eq!(told(compare(&base, &rope, 20)), ["c - 03"], "cut {shift}");
        }
    }

    #[test]
    fn a_pure_insertion_that_moves_an_old_value_to_a_new_name_is_seen() {
        // `a` gets new content and `b`, sorting next, takes `a`'s old: one insertion of bytes into the tree.
        let base = whole(tree(&[("a", 1), ("z", 9)]));
        let target = tree(&[("a", 7), ("b", 1), ("z", 9)]);
        let at = entry("a", 1).len() - 20;
        let inserted = &target[at..at + entry("b", 1).len()];
        let rope = insertion(&base, at, inserted);
        assert_eq!(told(compare(&base, &rope, 20)), ["a 01 07", "b - 01"]);
    }

    #[test]
    fn different_roots_are_compared_entry_by_entry() {
        let old = whole(tree(&[("a", 1), ("b", 2), ("c", 3)]));
        let new = whole(tree(&[("a", 1), ("c", 4), ("d", 5)]));
        assert_eq!(told(compare(&old, &new, 20)), ["b 02 -", "c 03 04", "d - 05"]);
        assert_eq!(told(compare(&old, &old, 20)), [] as [&str; 0]);
        assert_eq!(told(compare(&whole(vec![]), &old, 20)), ["a - 01", "b - 02", "c - 03"]);
    }

    #[test]
    fn a_malformed_tree_is_left_to_the_whole_object_reader() {
        let old = whole(tree(&[("a", 1), ("b", 2)]));
        for bad in [
            tree(&[("b", 1), ("a", 2)]),
            tree(&[("a", 1), ("a", 2)]),
            tree(&[(".git", 1)]),
            b"100644 a".to_vec(),
        ] {
            assert_eq!(told(compare(&old, &whole(bad.clone()), 20)), ["unsuited"]);
            let bad = whole(bad);
            assert_eq!(told(compare(&bad, &old, 20)), ["unsuited"]);
        }
    }
}
