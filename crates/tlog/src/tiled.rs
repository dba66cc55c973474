//! Reads a log that is served as tiles (C2SP tlog-tiles): roots of every size, proofs, and entries, from a few files.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;

use thiserror::Error;

use crate::tile::{HEIGHT, WIDTH, tile_path};
use crate::tree::{consistency_ranges, split};
use crate::{ConsistencyProof, Frontier, Hash};

/// The length of an entry: it has 16 bits.
const MAX_ENTRY_BYTES: u64 = 65_535;
/// The tiles that are remembered: those on the paths of a few proofs.
const MAX_TILES: usize = 64;

/// Where tiles are read from.
pub trait TileSource {
    /// Why a file cannot be read.
    type Error;

    /// Reads a file below the log's prefix, of at most `limit` bytes; `None` if it does not exist.
    ///
    /// # Errors
    /// When it is larger, or cannot be read.
    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, Self::Error>;
}

/// Why a tile cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TiledError<E> {
    /// The file cannot be read.
    #[error("{0}")]
    Source(E),
    /// The file does not exist, neither as a partial nor as a full tile.
    #[error("{0} is missing")]
    Missing(String),
    /// The file has another length or form.
    #[error("{0} is malformed")]
    Malformed(String),
}

/// A log of a given size. Its hashes are those of the server: compare a root with a signed one.
pub struct TiledTree<'s, S> {
    source: &'s S,
    size: u64,
    tiles: RefCell<BTreeMap<[u64; 2], Vec<Hash>>>,
}

impl<'s, S: TileSource> TiledTree<'s, S> {
    /// Reads the log that has `size` leaves.
    pub fn new(source: &'s S, size: u64) -> TiledTree<'s, S> {
        TiledTree { source, size, tiles: RefCell::default() }
    }

    /// Returns the root of the first `size` leaves; of no more than the tree has.
    ///
    /// # Errors
    /// When a tile cannot be used.
    pub fn root_at(&self, size: u64) -> Result<Hash, TiledError<S::Error>> {
        self.range(0..size.min(self.size))
    }

    /// Returns the right edge of the first `size` leaves.
    ///
    /// # Errors
    /// When a tile cannot be used.
    pub fn frontier(&self, size: u64) -> Result<Frontier, TiledError<S::Error>> {
        let mut frontier = Frontier::default();
        let size = size.min(self.size);
        for height in (0..u64::BITS).rev().filter(|height| size >> height & 1 == 1) {
            frontier.push_subtree(height, self.subtree(height, frontier.size() >> height)?);
        }
        Ok(frontier)
    }

    /// Proves that the first `new` leaves start with the first `old` leaves.
    ///
    /// # Errors
    /// When a tile cannot be used.
    pub fn prove_consistency(&self, old: u64, new: u64) -> Result<ConsistencyProof, TiledError<S::Error>> {
        let ranges = consistency_ranges(old, new.min(self.size)).into_iter();
        Ok(ConsistencyProof { path: ranges.map(|range| self.range(range)).collect::<Result<_, _>>()? })
    }

    /// Returns the entries of a bundle: up to 256, from `number * 256`.
    ///
    /// # Errors
    /// When the bundle cannot be used.
    pub fn entries(&self, number: u64) -> Result<Vec<Vec<u8>>, TiledError<S::Error>> {
        let width = self.width(0, number);
        let (path, bytes) = self.file("entries", number, width, WIDTH * (2 + MAX_ENTRY_BYTES))?;
        let mut rest = bytes.as_slice();
        let mut entries = Vec::new();
        while entries.len() < width as usize {
            let entry = rest
                .split_first_chunk()
                .and_then(|(length, after)| after.split_at_checked(usize::from(u16::from_be_bytes(*length))));
            let (entry, after) = entry.ok_or_else(|| TiledError::Malformed(path.clone()))?;
            entries.push(entry.to_vec());
            rest = after;
        }
        Ok(entries)
    }

    /// The number of hashes or entries of a tile.
    fn width(&self, level: u32, number: u64) -> u64 {
        let hashes = self.size >> (HEIGHT * level);
        hashes.saturating_sub(number * WIDTH).min(WIDTH)
    }

    /// Reads a partial tile, or the full one that replaced it.
    fn file(
        &self,
        level: &str,
        number: u64,
        width: u64,
        limit: u64,
    ) -> Result<(String, Vec<u8>), TiledError<S::Error>> {
        let path = tile_path(level, number, width);
        for path in [path.clone(), tile_path(level, number, WIDTH)] {
            if let Some(bytes) = self.source.read(&path, limit).map_err(TiledError::Source)? {
                return Ok((path, bytes));
            }
        }
        Err(TiledError::Missing(path))
    }

    /// Returns the hash of a complete subtree of `2^height` leaves.
    fn subtree(&self, height: u32, index: u64) -> Result<Hash, TiledError<S::Error>> {
        let (level, rest) = (height / HEIGHT, height % HEIGHT);
        let first = index << rest;
        let (number, offset) = (first / WIDTH, (first % WIDTH) as usize);
        let known = self.tiles.borrow().get(&[u64::from(level), number]).cloned();
        let hashes = match known {
            Some(hashes) => hashes,
            None => self.tile(level, number)?,
        };
        let mut row: Vec<Hash> =
            hashes.get(offset..offset + (1 << rest)).map(<[Hash]>::to_vec).unwrap_or_default();
        if row.is_empty() {
            return Err(TiledError::Malformed(tile_path(&level.to_string(), number, WIDTH)));
        }
        while row.len() > 1 {
            row = row.chunks(2).map(|pair| Hash::node(&pair[0], &pair[1])).collect();
        }
        Ok(row[0])
    }

    fn tile(&self, level: u32, number: u64) -> Result<Vec<Hash>, TiledError<S::Error>> {
        let width = self.width(level, number);
        let (path, bytes) = self.file(&level.to_string(), number, width, WIDTH * 32)?;
        let hashes: Vec<Hash> =
            bytes.as_chunks().0.iter().take(width as usize).map(|bytes| Hash(*bytes)).collect();
        if hashes.len() != width as usize || bytes.len() % 32 != 0 {
            return Err(TiledError::Malformed(path));
        }
        let mut tiles = self.tiles.borrow_mut();
        if tiles.len() >= MAX_TILES {
            tiles.clear();
        }
        tiles.insert([u64::from(level), number], hashes.clone());
        Ok(hashes)
    }

    /// Returns `MTH(D[start:end])`; the range is a subtree in the recursion of RFC 6962.
    fn range(&self, range: Range<u64>) -> Result<Hash, TiledError<S::Error>> {
        let size = range.end - range.start;
        if size == 0 {
            return Ok(Hash::empty());
        }
        if size.is_power_of_two() && range.start.is_multiple_of(size) {
            let height = size.trailing_zeros();
            return self.subtree(height, range.start >> height);
        }
        let middle = range.start + split(size);
        Ok(Hash::node(&self.range(range.start..middle)?, &self.range(middle..range.end)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Tree, tile::tiles, verify_consistency};

    /// The files of a log.
    struct Served(BTreeMap<String, Vec<u8>>);

    impl TileSource for Served {
        type Error = ();

        fn read(&self, path: &str, _: u64) -> Result<Option<Vec<u8>>, ()> {
            Ok(self.0.get(path).cloned())
        }
    }

    fn entry(at: u64) -> Vec<u8> {
        format!("entry {at}").into_bytes()
    }

    fn served(size: u64) -> (Tree, Served) {
        let data: Vec<Vec<u8>> = (0..size).map(entry).collect();
        let tree: Tree = data.iter().map(|data| Hash::leaf(data)).collect();
        let files = tiles(&tree, 0, size, &|at| data[at as usize].as_slice());
        (tree, Served(files.into_iter().collect()))
    }

    #[test]
    fn tiles_give_the_hashes_of_the_tree() {
        for size in [0, 1, 2, 255, 256, 257, 700, 65_536, 66_000] {
            let (tree, files) = served(size);
            let tiled = TiledTree::new(&files, size);
            for old in
                [0, 1, 3, 255, 256, 300, 512, 65_535, 65_536, size].into_iter().filter(|old| *old <= size)
            {
                let root = tree.root_at(old).unwrap();
                assert_eq!(tiled.root_at(old), Ok(root), "{old} of {size}");
                assert_eq!(tiled.frontier(old).map(|found| (found.size(), found.root())), Ok((old, root)));
                let proof = tiled.prove_consistency(old, size).unwrap();
                assert_eq!(Some(&proof), tree.prove_consistency(old, size).as_ref());
                let verified = verify_consistency(&proof, old, &root, size, &tree.root());
                assert_eq!(verified.is_ok(), old > 0 || size == 0);
            }
            let last = size.saturating_sub(1) / 256;
            if size > 0 {
                assert_eq!(tiled.entries(last).unwrap().last(), Some(&entry(size - 1)));
            }
        }
    }

    #[test]
    fn a_full_tile_replaces_a_partial_one() {
        let (tree, mut files) = served(512);
        // The partial tile above it was published at 300 entries, and is still partial.
        let above = "tile/1/000.p/1".to_string();
        let bytes = served(300).1.0.remove(&above).unwrap();
        files.0.insert(above, bytes);
        let tiled = TiledTree::new(&files, 300);
        assert_eq!(tiled.root_at(300), Ok(tree.root_at(300).unwrap()));
        assert_eq!(tiled.entries(1).unwrap().len(), 44);
    }

    #[test]
    fn missing_and_malformed_tiles_are_errors() {
        let (_, files) = served(300);
        let without = |path: &str, bytes: Option<&[u8]>| {
            let mut files = Served(files.0.clone());
            match bytes {
                None => drop(files.0.remove(path)),
                Some(bytes) => drop(files.0.insert(path.into(), bytes.to_vec())),
            }
            let tiled = TiledTree::new(&files, 300);
            (tiled.root_at(300).err(), tiled.entries(1).err())
        };
        let missing = |path: &str| Some(TiledError::Missing(path.into()));
        let malformed = |path: &str| Some(TiledError::Malformed(path.into()));
        assert_eq!(without("tile/0/001.p/44", None), (missing("tile/0/001.p/44"), None));
        assert_eq!(without("tile/entries/001.p/44", None), (None, missing("tile/entries/001.p/44")));
        assert_eq!(without("tile/0/001.p/44", Some(&[0; 43 * 32])).0, malformed("tile/0/001.p/44"));
        assert_eq!(without("tile/0/001.p/44", Some(&[0; 44 * 32 + 1])).0, malformed("tile/0/001.p/44"));
        for bytes in [&b""[..], b"\0", b"\xff\xffshort"] {
            assert_eq!(without("tile/entries/001.p/44", Some(bytes)).1, malformed("tile/entries/001.p/44"));
        }
    }
}
