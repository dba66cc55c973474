//! Iterates over the entries of a tree that is given as a rope.

use std::borrow::Cow;
use std::ops::Range;

use snapshot::{Mode, Object};

use super::rope::{NOT_CLEAN, ROOT, Rope};
use crate::tree::{RawEntry, compare_names, is_safe_name, split_entry};

/// The bytes of an entry, and the positions of its parts.
pub(super) struct WholeEntry<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    mode: u32,
    name: Range<usize>,
}

impl<'a> WholeEntry<'a> {
    /// Splits off the first entry; `None` if it is incomplete.
    pub(super) fn split(bytes: &'a [u8], id_length: usize) -> Option<WholeEntry<'a>> {
        let (entry, rest) = split_entry(bytes, id_length)?;
        let bytes = &bytes[..bytes.len() - rest.len()];
        let end = bytes.len() - id_length - 1;
        Some(WholeEntry { mode: entry.mode, name: end - entry.name.len()..end, bytes: Cow::Borrowed(bytes) })
    }

    pub(super) fn raw(&self) -> RawEntry<'_> {
        RawEntry {
            mode: self.mode,
            name: &self.bytes[self.name.clone()],
            id: &self.bytes[self.name.end + 1..],
        }
    }

    pub(super) fn into_owned(self) -> WholeEntry<'static> {
        WholeEntry { bytes: Cow::Owned(self.bytes.into_owned()), mode: self.mode, name: self.name }
    }
}

/// A position in the entries of a tree.
pub(super) struct Cursor<'a> {
    pub(super) rope: &'a Rope,
    pub(super) id_length: usize,
    piece: usize,
    at: u32,
    /// The current entry, once it is loaded.
    current: Option<WholeEntry<'a>>,
    /// The previous entry, to check git's order.
    last: Option<WholeEntry<'a>>,
    /// The future value of [`Rope::clean`].
    clean: Vec<u32>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(rope: &'a Rope, id_length: usize) -> Cursor<'a> {
        let clean = vec![NOT_CLEAN; rope.pieces.len() + 1];
        Cursor { rope, id_length, piece: 0, at: 0, current: None, last: None, clean }
    }

    /// Skips pieces that both sides share, if an earlier comparison found that entries start with them and after them.
    pub(super) fn skip_pieces(&mut self, new: &mut Cursor<'_>) {
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
            // The entry at the end of a clean piece starts in it, because its start is clean, too.
            let bytes = self.rope.bytes(piece);
            let last = &bytes[bytes.len() - length as usize..];
            self.last = WholeEntry::split(last, self.id_length);
            new.last = WholeEntry::split(last, self.id_length).map(WholeEntry::into_owned);
        }
    }

    /// Records the entry boundaries of the pieces for the next comparison.
    pub(super) fn record_boundaries(&mut self) {
        if self.rope.clean.get().is_none() {
            let mut clean = std::mem::take(&mut self.clean);
            if let Some(end) = clean.last_mut() {
                *end = length_of(self.last.as_ref());
            }
            // If another thread was faster, it stored the same value.
            let _ = self.rope.clean.set(clean);
        }
    }

    /// Returns the offset in the root and the remaining length of the piece, if the current piece comes from the root.
    pub(super) fn in_root(&self) -> Option<(u32, u32)> {
        let piece = self.rope.pieces.get(self.piece)?;
        (piece.source == ROOT).then(|| (piece.from + self.at, piece.length - self.at))
    }

    /// Skips whole entries of the current piece; `last` is the last of them.
    pub(super) fn skip(&mut self, length: u32, last: &'a [u8]) {
        self.current = None;
        self.last = WholeEntry::split(last, self.id_length);
        self.step(length);
    }

    pub(super) fn step(&mut self, length: u32) {
        self.at += length;
        while let Some(piece) = self.rope.pieces.get(self.piece)
            && self.at >= piece.length
        {
            self.at -= piece.length;
            self.piece += 1;
        }
    }

    /// Loads the next entry; `Some(None)` at the end, `None` if the tree is not as git writes it.
    pub(super) fn load(&mut self) -> Option<Option<&WholeEntry<'a>>> {
        if self.current.is_none() {
            let Some(piece) = self.rope.pieces.get(self.piece) else { return Some(None) };
            if self.at == 0 {
                self.clean[self.piece] = length_of(self.last.as_ref());
            }
            let here = &self.rope.bytes(piece)[self.at as usize..];
            let entry = match WholeEntry::split(here, self.id_length) {
                Some(entry) => entry,
                None => self.split_across()?,
            };
            self.current = Some(entry);
        }
        Some(self.current.as_ref())
    }

    /// Splits off an entry that spans several pieces.
    pub(super) fn split_across(&self) -> Option<WholeEntry<'static>> {
        let mut skip = self.at as usize;
        let mut joined = Vec::new();
        for piece in &self.rope.pieces[self.piece..] {
            let bytes = &self.rope.bytes(piece)[skip..];
            skip = 0;
            // An entry is a mode, a name of at most 4 KiB or so, and an id: of longer pieces only the start is needed.
            joined.extend_from_slice(&bytes[..bytes.len().min(1 << 16)]);
            if let Some(entry) = WholeEntry::split(&joined, self.id_length) {
                return Some(entry.into_owned());
            }
            if bytes.len() > 1 << 16 {
                return None;
            }
        }
        None
    }

    /// Returns whether the current entry follows the previous one in git's order.
    pub(super) fn in_order(&self) -> bool {
        let (Some(last), Some(entry)) = (&self.last, &self.current) else { return true };
        let (last, entry) = (last.raw(), entry.raw());
        compare_names(last.name, last.is_directory(), entry.name, entry.is_directory()).is_lt()
    }

    /// Returns the object of the current entry; `None` if the entry is not as git writes it.
    pub(super) fn checked(&self) -> Option<Option<Object>> {
        let Some(entry) = &self.current else { return Some(None) };
        let entry = entry.raw();
        let mode = Mode::from_raw(entry.mode)?;
        (is_safe_name(entry.name) && self.in_order()).then_some(Some(Object { mode, id: Some(entry.id()) }))
    }

    pub(super) fn name(&self) -> &[u8] {
        self.current.as_ref().map_or(&[], |entry| entry.raw().name)
    }

    pub(super) fn advance(&mut self) {
        let length = length_of(self.current.as_ref());
        self.last = self.current.take();
        self.step(length);
    }
}

fn length_of(entry: Option<&WholeEntry<'_>>) -> u32 {
    entry.map_or(0, |entry| entry.bytes.len() as u32)
}
