//! Ropes: objects as pieces of a delta chain's root and of literals, composed from the deltas of the pack without building the object.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::OnceLock;

use gix::objs::Kind;
use snapshot::{Error, Result};

use super::delta::{Delta, Instruction};
use super::store::{Inflated, Packs, Place};
use crate::tree::{compare_names, split_entry};

/// Longer delta chains are left to the reader of whole objects, which refuses them.
const MAX_CHAIN_DELTAS: usize = 4096;
/// A rope with more pieces costs more than the object itself.
const MAX_ROPE_PIECES: usize = 200_000;
/// Maximum size of all cached roots.
const MAX_ROOT_BYTES: usize = 128 << 20;
/// The value in [`Rope::clean`] for a piece that is not known to start with an entry.
pub(crate) const NOT_CLEAN: u32 = u32::MAX;
/// Maximum number of pieces of all cached ropes.
const MAX_CACHED_PIECES: usize = 1 << 20;

/// The whole object at the start of a delta chain.
pub(crate) struct Root {
    pub(crate) kind: Kind,
    pub(crate) bytes: Vec<u8>,
    boundaries: OnceLock<Option<Vec<u32>>>,
}

impl Root {
    pub(crate) fn new(kind: Kind, bytes: Vec<u8>) -> Root {
        Root { kind, bytes, boundaries: OnceLock::new() }
    }

    /// Returns the offsets of the entries of a tree, and its end; `None` unless every entry is complete and in order.
    pub(crate) fn boundaries(&self, id_length: usize) -> Option<&[u32]> {
        let index = || {
            let mut starts = Vec::with_capacity(self.bytes.len() / 48);
            let mut rest = self.bytes.as_slice();
            let mut last: Option<(&[u8], bool)> = None;
            while !rest.is_empty() {
                starts.push((self.bytes.len() - rest.len()) as u32);
                let (entry, behind) = split_entry(rest, id_length)?;
                let key = (entry.name, entry.mode & 0o170_000 == 0o040_000);
                let ordered = last.is_none_or(|last| compare_names(last.0, last.1, key.0, key.1).is_lt());
                if !ordered {
                    return None;
                }
                last = Some(key);
                rest = behind;
            }
            starts.push(self.bytes.len() as u32);
            Some(starts)
        };
        self.boundaries.get_or_init(index).as_deref()
    }
}

/// The source number of the root; the deltas of the chain are numbered from 1.
pub(crate) const ROOT: u32 = 0;

/// A range of an object.
#[derive(Clone, Copy)]
pub(crate) struct Piece {
    /// The offset in the object.
    pub(crate) start: u32,
    /// The offset in the source.
    pub(crate) from: u32,
    pub(crate) length: u32,
    /// [`ROOT`], or the number of the delta whose instructions contain the bytes.
    pub(crate) source: u32,
}

/// An object as pieces.
pub(crate) struct Rope {
    pub(crate) root: Arc<Root>,
    /// The instructions of the deltas of the chain, from the root.
    pub(crate) deltas: Vec<Arc<[u8]>>,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) length: u32,
    /// For each piece and for the end, the length of the tree entry that ends just before it, or [`NOT_CLEAN`]; set when the tree is compared.
    pub(crate) clean: OnceLock<Vec<u32>>,
}

impl Rope {
    /// Makes a rope of one piece from a whole object.
    pub(crate) fn whole(root: Arc<Root>) -> Rope {
        let length = root.bytes.len() as u32;
        let pieces = match length {
            0 => Vec::new(),
            _ => vec![Piece { start: 0, from: 0, length, source: ROOT }],
        };
        Rope { root, deltas: Vec::new(), pieces, length, clean: OnceLock::new() }
    }

    /// Returns a piece's bytes.
    pub(crate) fn bytes(&self, piece: &Piece) -> &[u8] {
        let source = match piece.source {
            ROOT => self.root.bytes.as_slice(),
            delta => &self.deltas[delta as usize - 1],
        };
        &source[piece.from as usize..][..piece.length as usize]
    }

    /// Returns whether a piece of this rope and one of another have the same source.
    pub(crate) fn same_source(&self, piece: &Piece, other: &Rope, piece_of_other: &Piece) -> bool {
        match (piece.source, piece_of_other.source) {
            (ROOT, ROOT) => Arc::ptr_eq(&self.root, &other.root),
            (ROOT, _) | (_, ROOT) => false,
            (a, b) => Arc::ptr_eq(&self.deltas[a as usize - 1], &other.deltas[b as usize - 1]),
        }
    }

    /// Returns whether two pieces are the same range of the same source.
    pub(crate) fn same_piece(&self, piece: &Piece, other: &Rope, piece_of_other: &Piece) -> bool {
        piece.from == piece_of_other.from
            && piece.length == piece_of_other.length
            && self.same_source(piece, other, piece_of_other)
    }

    /// Builds the object.
    pub(crate) fn build(&self, out: &mut Vec<u8>) {
        out.clear();
        out.reserve(self.length as usize);
        self.pieces.iter().for_each(|piece| out.extend_from_slice(self.bytes(piece)));
    }

    /// Applies the instructions of a delta to the pieces; `None` if the rope would cost more than the object.
    fn compose(&self, instructions: &Arc<[u8]>) -> Result<Option<Rope>> {
        let mut delta = Delta::parse(instructions)?;
        let corrupt = |reason: &str| Error::Corrupt { what: "a pack delta".into(), reason: reason.into() };
        if delta.base_size != u64::from(self.length) {
            return Err(corrupt("its base has a different size"));
        }
        let result_size = delta.result_size;
        let mut deltas = Vec::with_capacity(self.deltas.len() + 1);
        deltas.extend_from_slice(&self.deltas);
        deltas.push(instructions.clone());
        let own = deltas.len() as u32;
        let mut rope = Rope {
            root: self.root.clone(),
            deltas,
            pieces: Vec::with_capacity(self.pieces.len() + 8),
            length: 0,
            clean: OnceLock::new(),
        };
        while let Some(instruction) = delta.next()? {
            match instruction {
                Instruction::Insert { at, length } => {
                    rope.push(own, at, length);
                }
                Instruction::Copy { from, length } => {
                    let end = from + length;
                    let first = self.pieces.partition_point(|piece| piece.start + piece.length <= from);
                    for piece in self.pieces[first..].iter().take_while(|piece| piece.start < end) {
                        let skip = from.saturating_sub(piece.start);
                        let stop = piece.length.min(end - piece.start);
                        rope.push(piece.source, piece.from + skip, stop - skip);
                    }
                }
            }
            if u64::from(rope.length) > result_size {
                return Err(corrupt("its result is larger than declared"));
            }
            if rope.pieces.len() > MAX_ROPE_PIECES {
                return Ok(None);
            }
        }
        if u64::from(rope.length) != result_size {
            return Err(corrupt("its result is smaller than declared"));
        }
        Ok(Some(rope))
    }

    /// Appends a range; extends the last piece if the range continues it.
    fn push(&mut self, source: u32, from: u32, length: u32) {
        if let Some(last) = self.pieces.last_mut()
            && last.source == source
            && last.from + last.length == from
        {
            last.length += length;
        } else {
            self.pieces.push(Piece { start: self.length, from, length, source });
        }
        self.length += length;
    }
}

/// A cache of ropes, and the buffers to make more.
#[derive(Default)]
pub(crate) struct Ropes {
    inflate: gix::zlib::Inflate,
    young: HashMap<Place, Arc<Rope>>,
    old: HashMap<Place, Arc<Rope>>,
    young_pieces: usize,
    young_bytes: usize,
}

impl Ropes {
    /// Returns the rope of the object at `place`; `None` if only the whole object can be used.
    pub(crate) fn get(&mut self, packs: &Packs, place: Place, limit: u64) -> Result<Option<Arc<Rope>>> {
        let mut deltas: Vec<(Place, Arc<[u8]>)> = Vec::new();
        let mut at = place;
        let mut buffer = Vec::new();
        let mut rope = loop {
            if let Some(rope) = self.cached(at) {
                break rope;
            }
            match packs.inflate(at, limit, &mut self.inflate, &mut buffer)? {
                Inflated::Whole(kind) => {
                    let rope = Arc::new(Rope::whole(Arc::new(Root::new(kind, std::mem::take(&mut buffer)))));
                    self.keep(at, &rope);
                    break rope;
                }
                Inflated::Delta(base) => {
                    deltas.push((at, Arc::from(buffer.as_slice())));
                    at = base;
                }
                Inflated::Foreign => return Ok(None),
            }
            if deltas.len() > MAX_CHAIN_DELTAS {
                return Ok(None);
            }
        };
        while let Some((at, delta)) = deltas.pop() {
            let Some(next) = rope.compose(&delta)? else { return Ok(None) };
            if u64::from(next.length) > limit {
                return Err(Error::TooLarge { what: packs.describe(at), size: next.length.into(), limit });
            }
            rope = Arc::new(next);
            self.keep(at, &rope);
        }
        Ok(Some(rope))
    }

    fn cached(&mut self, place: Place) -> Option<Arc<Rope>> {
        if let Some(rope) = self.young.get(&place) {
            return Some(rope.clone());
        }
        let rope = self.old.get(&place)?.clone();
        self.keep(place, &rope);
        Some(rope)
    }

    /// Caches a rope in two generations: ropes that were not used while the young generation filled up are dropped.
    fn keep(&mut self, place: Place, rope: &Arc<Rope>) {
        self.young_pieces += rope.pieces.len() + 8;
        if let [Piece { source: ROOT, .. }] = rope.pieces.as_slice() {
            self.young_bytes += rope.root.bytes.len();
        }
        self.young.insert(place, rope.clone());
        if self.young_pieces > MAX_CACHED_PIECES / 2 || self.young_bytes > MAX_ROOT_BYTES / 2 {
            self.old = std::mem::take(&mut self.young);
            (self.young_pieces, self.young_bytes) = (0, 0);
        }
    }
}
