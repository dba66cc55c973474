//! Two versions of a directory compared through their ropes: what both share is skipped unread, whole entry by whole entry.
//!
//! That only bytes were inserted into a tree does not prove its entries unchanged: a new entry may take over the old bytes of
//! its neighbour, whose own are replaced. So nothing is concluded from bytes; entries are compared, and only a stretch that both sides take
//! from one place of one root, entered at an entry's start, is passed over.

use std::cmp::Ordering;
use std::sync::Arc;

use snapshot::{Mode, Object};

use super::rope::{NOT_CLEAN, Rope, Source};
use crate::tree::{RawEntry, compare_names, is_safe_name, split_entry};

/// An entry that is not the same on both sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TreeChange {
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
    Changes(Vec<TreeChange>),
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

fn differing(before: &Rope, after: &Rope, id_length: usize) -> Option<Vec<TreeChange>> {
    let mut old = Cursor::new(before, id_length);
    let mut new = Cursor::new(after, id_length);
    let mut changes: Vec<TreeChange> = Vec::new();
    let shared_root = Arc::ptr_eq(&before.root, &after.root);
    loop {
        skip_shared(&mut old, &mut new, shared_root);
        let left = old.load()?;
        let right = new.load()?;
        let order = match (left, right) {
            (false, false) => break,
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
            (true, true) => {
                let (a, b) = (old.entry(), new.entry());
                compare_names(a.name, is_directory(a), b.name, is_directory(b))
            }
        };
        let side = |take: bool, cursor: &Cursor<'_>| take.then(|| object(cursor.entry())).flatten();
        let (before, after) = (side(order.is_le(), &old), side(order.is_ge(), &new));
        if before != after {
            let name = if order.is_le() { old.entry().name } else { new.entry().name };
            changes.push(TreeChange { name: name.to_vec(), before, after });
        }
        if order.is_le() {
            old.advance()?;
        }
        if order.is_ge() {
            new.advance()?;
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

fn object(entry: RawEntry<'_>) -> Option<Object> {
    Some(Object { mode: Mode::from_raw(entry.mode)?, id: Some(entry.id()) })
}

fn is_directory(entry: RawEntry<'_>) -> bool {
    entry.mode & 0o170_000 == 0o040_000
}

/// Passes over the whole entries that both sides take from the same place: of the same root, or of a literal known to hold whole entries.
fn skip_shared(old: &mut Cursor<'_>, new: &mut Cursor<'_>, shared_root: bool) {
    old.skip_pieces(new, shared_root);
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
        old.skip_pieces(new, shared_root);
    }
}

/// A walk over a tree's entries.
struct Cursor<'a> {
    rope: &'a Rope,
    id_length: usize,
    piece: usize,
    at: u32,
    /// The current entry's bytes, and its length in the object; empty when none is loaded.
    current: Vec<u8>,
    /// The entry before, to hold the tree to git's order.
    last: Vec<u8>,
    /// What [`Rope::clean`] will hold.
    clean: Vec<u32>,
}

impl<'a> Cursor<'a> {
    fn new(rope: &'a Rope, id_length: usize) -> Cursor<'a> {
        Cursor {
            rope,
            id_length,
            piece: 0,
            at: 0,
            current: Vec::new(),
            last: Vec::new(),
            clean: vec![NOT_CLEAN; rope.pieces.len() + 1],
        }
    }

    /// Passes over the pieces that both sides share, where the old tree's last walk found entries to start with them and behind them.
    fn skip_pieces(&mut self, new: &mut Cursor<'_>, shared_root: bool) {
        let Some(known) = self.rope.clean.get() else { return };
        if self.at != 0 || new.at != 0 || !self.current.is_empty() || !new.current.is_empty() {
            return;
        }
        let mut passed = None;
        while let (Some(a), Some(b)) = (self.rope.pieces.get(self.piece), new.rope.pieces.get(new.piece)) {
            let (start, end) = (known[self.piece], known[self.piece + 1]);
            if start == NOT_CLEAN || end == NOT_CLEAN || !a.same(b, shared_root) {
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
            self.last = last.to_vec();
            new.last = last.to_vec();
        }
    }

    /// Keeps what the walk found for the next one.
    fn learnt(&mut self) {
        if self.rope.clean.get().is_none() {
            let mut clean = std::mem::take(&mut self.clean);
            if let Some(end) = clean.last_mut() {
                *end = self.last.len() as u32;
            }
            // Someone else may have learnt it meanwhile: the same.
            let _ = self.rope.clean.set(clean);
        }
    }

    /// The offset in the root and the bytes left of the piece, when the cursor stands in one taken from the root, at an entry's start.
    fn in_root(&self) -> Option<(u32, u32)> {
        let piece = self.rope.pieces.get(self.piece)?;
        matches!(piece.source, Source::Root).then(|| (piece.from + self.at, piece.length - self.at))
    }

    /// Passes over bytes of the current piece that are whole entries, of which `last` is the last.
    fn skip(&mut self, length: u32, last: &[u8]) {
        self.current.clear();
        self.last.clear();
        self.last.extend_from_slice(last);
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

    /// Makes the next entry current; `Some(false)` at the end, `None` where the tree is not as git writes it.
    fn load(&mut self) -> Option<bool> {
        if !self.current.is_empty() {
            return Some(true);
        }
        let Some(piece) = self.rope.pieces.get(self.piece) else { return Some(false) };
        if self.at == 0 {
            self.clean[self.piece] = self.last.len() as u32;
        }
        let here = &self.rope.bytes(piece)[self.at as usize..];
        let length = match split_entry(here, self.id_length) {
            Some((_, rest)) => here.len() - rest.len(),
            None => return self.load_across(),
        };
        self.current.extend_from_slice(&here[..length]);
        self.check()
    }

    /// The entry begins in one piece and ends in another.
    fn load_across(&mut self) -> Option<bool> {
        let mut skip = self.at as usize;
        for piece in &self.rope.pieces[self.piece..] {
            let bytes = &self.rope.bytes(piece)[skip..];
            skip = 0;
            // An entry is its mode, a name of at most 4 KiB or so, and an id: pieces longer than that need not be taken whole.
            self.current.extend_from_slice(&bytes[..bytes.len().min(1 << 16)]);
            if let Some((_, rest)) = split_entry(&self.current, self.id_length) {
                self.current.truncate(self.current.len() - rest.len());
                return self.check();
            }
            if bytes.len() > 1 << 16 {
                return None;
            }
        }
        None
    }

    fn check(&self) -> Option<bool> {
        let entry = self.entry();
        let well_made = is_safe_name(entry.name) && Mode::from_raw(entry.mode).is_some();
        let ordered = match split_entry(&self.last, self.id_length) {
            Some((last, _)) => {
                compare_names(last.name, is_directory(last), entry.name, is_directory(entry)).is_lt()
            }
            None => true,
        };
        (well_made && ordered).then_some(true)
    }

    fn entry(&self) -> RawEntry<'_> {
        split_entry(&self.current, self.id_length).expect("load() made a whole entry current").0
    }

    fn advance(&mut self) -> Option<()> {
        let length = u32::try_from(self.current.len()).ok()?;
        std::mem::swap(&mut self.last, &mut self.current);
        self.current.clear();
        self.step(length);
        Some(())
    }
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
            pieces: vec![
                piece(0, 0, at, Source::Root),
                piece(at, 0, added, Source::Literal(inserted.into())),
                piece(at + added, at, total - at, Source::Root),
            ],
            length: total + added,
        }
    }

    fn told(comparison: TreeComparison) -> Vec<String> {
        let TreeComparison::Changes(changes) = comparison else { return vec!["unsuited".into()] };
        let id = |side: Option<Object>| {
            side.map_or("-".into(), |object| object.id.unwrap().to_string()[..2].to_string())
        };
        let tell = |change: &TreeChange| {
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
