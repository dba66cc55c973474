//! Compares two versions of a directory through their ropes; entries that both share are skipped unread.
//!
//! Inserted bytes do not prove that the old entries are unchanged: a new entry can reuse the old bytes of the next entry, whose own bytes are
//! replaced. So whole entries are compared, and a range is skipped only if both sides take it from the same position of the same source and it
//! starts with an entry.

use std::cmp::Ordering;
use std::sync::Arc;

use snapshot::Object;

use super::cursor::Cursor;
use super::rope::Rope;
use crate::tree::compare_names;

/// An entry that differs between the two versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EntryChange {
    /// The name of the entry.
    pub(crate) name: Vec<u8>,
    /// The old object, if the entry existed.
    pub(crate) before: Option<Object>,
    /// The new object, if the entry exists.
    pub(crate) after: Option<Object>,
}

/// The result of a comparison through ropes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TreeComparison {
    /// The differing entries, in byte order of their names.
    Changes(Vec<EntryChange>),
    /// One of the trees is not as git writes it, or is not in a pack: whole objects must be compared.
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
    // Whether the previous entries differed: then the order of the new side must be checked again.
    let mut diverged = false;
    loop {
        skip_shared(&mut old, &mut new, shared_root);
        let order = match (old.load()?, new.load()?) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            // Equal bytes: only the position of the entry can differ.
            (Some(a), Some(b)) if a.bytes == b.bytes => {
                old.in_order().then_some(())?;
                (!diverged || new.in_order()).then_some(())?;
                diverged = false;
                old.advance();
                new.advance();
                continue;
            }
            (Some(a), Some(b)) => {
                let (a, b) = (a.raw(), b.raw());
                compare_names(a.name, a.is_directory(), b.name, b.is_directory())
            }
        };
        diverged = true;
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
    // The next comparison of these trees can skip whole pieces.
    old.record_boundaries();
    new.record_boundaries();
    // Git's order separates a file from a directory of the same name; this sort brings them together.
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

/// Skips whole entries that both sides take from the same position: of the same root, or of a literal that consists of whole entries.
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

#[cfg(test)]
mod tests {
    use super::super::rope::{Piece, ROOT, Root};
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

    /// Returns `base` with `inserted` at byte `at`, as a delta would describe it.
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

    fn lines(comparison: TreeComparison) -> Vec<String> {
        let TreeComparison::Changes(changes) = comparison else { return vec!["unsuited".into()] };
        let id = |side: Option<Object>| {
            side.map_or("-".into(), |object| object.id.unwrap().to_string()[..2].to_string())
        };
        let line = |change: &EntryChange| {
            format!("{} {} {}", String::from_utf8_lossy(&change.name), id(change.before), id(change.after))
        };
        changes.iter().map(line).collect()
    }

    #[test]
    fn an_inserted_entry_is_an_addition_wherever_the_delta_starts() {
        let base = whole(tree(&[("a", 1), ("b", 2), ("d", 4)]));
        let size = entry("a", 1).len();
        for shift in 0..10 {
            // A delta can start the insertion after the start of the entry, since `c` and `d` have a common prefix.
            let target = tree(&[("a", 1), ("b", 2), ("c", 3), ("d", 4)]);
            let at = 2 * size + shift.min(7);
            let rope = insertion(&base, at, &target[at..at + size]);
            assert_eq!(lines(compare(&base, &rope, 20)), ["c - 03"], "cut {shift}");
        }
    }

    #[test]
    fn an_insertion_that_moves_an_old_id_to_a_new_name_is_two_changes() {
        // `a` gets new content and the next entry `b` gets the old content of `a`: a single insertion into the tree.
        let base = whole(tree(&[("a", 1), ("z", 9)]));
        let target = tree(&[("a", 7), ("b", 1), ("z", 9)]);
        let at = entry("a", 1).len() - 20;
        let inserted = &target[at..at + entry("b", 1).len()];
        let rope = insertion(&base, at, inserted);
        assert_eq!(lines(compare(&base, &rope, 20)), ["a 01 07", "b - 01"]);
    }

    #[test]
    fn different_roots_are_compared_entry_by_entry() {
        let old = whole(tree(&[("a", 1), ("b", 2), ("c", 3)]));
        let new = whole(tree(&[("a", 1), ("c", 4), ("d", 5)]));
        assert_eq!(lines(compare(&old, &new, 20)), ["b 02 -", "c 03 04", "d - 05"]);
        assert_eq!(lines(compare(&old, &old, 20)), [] as [&str; 0]);
        assert_eq!(lines(compare(&whole(vec![]), &old, 20)), ["a - 01", "b - 02", "c - 03"]);
    }

    #[test]
    fn a_malformed_tree_needs_whole_objects() {
        let old = whole(tree(&[("a", 1), ("b", 2)]));
        for bad in [
            tree(&[("b", 1), ("a", 2)]),
            tree(&[("a", 1), ("a", 2)]),
            tree(&[(".git", 1)]),
            b"100644 a".to_vec(),
        ] {
            assert_eq!(lines(compare(&old, &whole(bad.clone()), 20)), ["unsuited"]);
            let bad = whole(bad);
            assert_eq!(lines(compare(&bad, &old, 20)), ["unsuited"]);
        }
    }
}
