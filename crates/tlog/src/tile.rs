//! Tiles (C2SP tlog-tiles): the log as static files for any web server.

use crate::tree::{siblings, split};
use crate::{Frontier, Hash, InclusionProof};

/// The number of hashes, or entries, of a full tile.
pub(crate) const WIDTH: u64 = 256;
/// The number of tree levels that a tile spans.
pub(crate) const HEIGHT: u32 = 8;
/// The size of a hash, in bytes.
const HASH_BYTES: usize = 32;

/// Reads a tile by its path; `None` if it does not exist.
pub type ReadTile<'t> = dyn Fn(&str) -> Option<Vec<u8>> + 't;

/// Writes the tiles of a tree while its leaves pass by: tiles of hashes and of entries, full tiles and the partial ones at the right edge.
///
/// Only the tiles at the right edge are in memory.
#[derive(Debug, Clone, Default)]
pub struct TileWriter {
    size: u64,
    /// The size that was written before: tiles that were full then are omitted.
    from: u64,
    /// The hashes of the incomplete tile of each level.
    levels: Vec<Vec<Hash>>,
    /// The incomplete tile of entries.
    entries: Vec<u8>,
}

impl TileWriter {
    /// Starts with the first leaf; tiles that were full at the size `from` are omitted.
    #[must_use]
    pub fn new(from: u64) -> TileWriter {
        TileWriter { from, ..TileWriter::default() }
    }

    /// Continues after the leaf `size` - 1 of a tree whose tiles were written; `None` if a tile is missing.
    ///
    /// The tiles are not verified: compare the root of [`TileWriter::frontier`].
    #[must_use]
    pub fn resume(size: u64, read: &ReadTile<'_>) -> Option<TileWriter> {
        let mut writer = TileWriter { size, ..TileWriter::new(size) };
        for level in 0.. {
            let count = size.checked_shr(HEIGHT * level).filter(|count| *count > 0);
            let Some(count) = count else { break };
            let width = count % WIDTH;
            let hashes = match width {
                0 => Vec::new(),
                width => hashes(&read(&tile_path(&level.to_string(), count / WIDTH, width))?, width)?,
            };
            writer.levels.push(hashes);
        }
        if !size.is_multiple_of(WIDTH) {
            writer.entries = read(&tile_path("entries", size / WIDTH, size % WIDTH))?;
        }
        Some(writer)
    }

    /// Returns the number of leaves so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the tree of the leaves so far.
    #[must_use]
    pub fn frontier(&self) -> Frontier {
        let mut frontier = Frontier::default();
        let levels: Vec<(u32, &Vec<Hash>)> = (0u32..).zip(&self.levels).collect();
        for (level, hashes) in levels.into_iter().rev() {
            hashes.iter().for_each(|hash| frontier.push_subtree(HEIGHT * level, *hash));
        }
        frontier
    }

    /// Adds the next leaf and its entry, and writes the tiles that are full now.
    ///
    /// # Errors
    /// When `write` fails.
    pub fn push<E>(
        &mut self,
        leaf: Hash,
        entry: &[u8],
        write: &mut dyn FnMut(String, Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        // A ledger line has at most 16,384 bytes, an entry of a bundle at most 65,535.
        self.entries.extend(u16::try_from(entry.len()).unwrap_or(u16::MAX).to_be_bytes());
        self.entries.extend(entry);
        self.size += 1;
        let mut hash = leaf;
        for level in 0.. {
            if self.levels.len() == level {
                self.levels.push(Vec::new());
            }
            self.levels[level].push(hash);
            if self.levels[level].len() < WIDTH as usize {
                return Ok(());
            }
            let full = std::mem::take(&mut self.levels[level]);
            hash = root(&full);
            self.write(level, &full, write)?;
        }
        Ok(())
    }

    /// Writes the partial tiles at the right edge; returns the size of the tree.
    ///
    /// # Errors
    /// When `write` fails.
    pub fn finish<E>(mut self, write: &mut dyn FnMut(String, Vec<u8>) -> Result<(), E>) -> Result<u64, E> {
        for level in 0..self.levels.len() {
            let partial = std::mem::take(&mut self.levels[level]);
            if !partial.is_empty() {
                self.write(level, &partial, write)?;
            }
        }
        Ok(self.size)
    }

    /// Writes a tile, which ends at the right edge, and with the lowest level that of its entries.
    fn write<E>(
        &mut self,
        level: usize,
        tile: &[Hash],
        write: &mut dyn FnMut(String, Vec<u8>) -> Result<(), E>,
    ) -> Result<(), E> {
        let height = HEIGHT * u32::try_from(level).unwrap_or(u32::MAX);
        let width = tile.len() as u64;
        let number = (self.size.checked_shr(height).unwrap_or(0) - width) / WIDTH;
        let entries = if level == 0 { std::mem::take(&mut self.entries) } else { Vec::new() };
        if number < self.from.checked_shr(height + HEIGHT).unwrap_or(0) {
            return Ok(());
        }
        let data = tile.iter().flat_map(|hash| hash.0).collect();
        write(tile_path(&level.to_string(), number, width), data)?;
        if level == 0 {
            write(tile_path("entries", number, width), entries)?;
        }
        Ok(())
    }
}

/// Proves from its tiles that a tree of `size` leaves contains the leaf at `index`; `None` if a tile is missing.
///
/// The tiles are not verified: verify the proof against a checkpoint.
#[must_use]
pub fn prove_inclusion(index: u64, size: u64, read: &ReadTile<'_>) -> Option<InclusionProof> {
    let ranges = (index < size).then(|| siblings(index, size))?;
    let path = ranges.into_iter().map(|(start, end)| subtree(start, end, size, read));
    Some(InclusionProof { index, path: path.collect::<Option<_>>()? })
}

/// Reads the entry of a leaf from the tiles of a tree; `None` if its tile is missing or invalid.
#[must_use]
pub fn entry(index: u64, size: u64, read: &ReadTile<'_>) -> Option<Vec<u8>> {
    let number = index / WIDTH;
    let tile = read(&tile_path("entries", number, WIDTH.min(size.checked_sub(number * WIDTH)?)))?;
    let mut rest = tile.as_slice();
    for _ in 0..index % WIDTH {
        rest = next_entry(rest)?.1;
    }
    Some(next_entry(rest)?.0.to_vec())
}

fn next_entry(bundle: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bundle.split_first_chunk()?;
    rest.split_at_checked(u16::from_be_bytes(*length).into())
}

/// Returns `MTH(D[start:end])` from tiles; the range is a subtree in the recursion of RFC 6962.
fn subtree(start: u64, end: u64, size: u64, read: &ReadTile<'_>) -> Option<Hash> {
    let leaves = end - start;
    if !(leaves.is_power_of_two() && start.is_multiple_of(leaves)) {
        let middle = start + split(leaves);
        return Some(Hash::node(&subtree(start, middle, size, read)?, &subtree(middle, end, size, read)?));
    }
    let (level, above) = (leaves.trailing_zeros() / HEIGHT, leaves.trailing_zeros() % HEIGHT);
    let first = start >> (HEIGHT * level);
    let number = first / WIDTH;
    let width = WIDTH.min((size >> (HEIGHT * level)) - number * WIDTH);
    let tile = hashes(&read(&tile_path(&level.to_string(), number, width))?, width)?;
    let begin = usize::try_from(first % WIDTH).ok()?;
    tile.get(begin..begin + (1 << above)).map(root)
}

fn root(hashes: &[Hash]) -> Hash {
    let mut frontier = Frontier::default();
    hashes.iter().for_each(|hash| frontier.push(*hash));
    frontier.root()
}

/// Reads the hashes of a tile of a width.
fn hashes(tile: &[u8], width: u64) -> Option<Vec<Hash>> {
    let (hashes, rest) = tile.as_chunks::<HASH_BYTES>();
    (rest.is_empty() && hashes.len() as u64 == width).then(|| hashes.iter().copied().map(Hash).collect())
}

/// `tile/<level>/<number>[.p/<width>]`: the number in groups of three digits, all but the last marked with `x`.
pub(crate) fn tile_path(level: &str, number: u64, width: u64) -> String {
    let mut name = format!("{:03}", number % 1000);
    let mut rest = number / 1000;
    while rest > 0 {
        name = format!("x{:03}/{name}", rest % 1000);
        rest /= 1000;
    }
    match width {
        WIDTH => format!("tile/{level}/{name}"),
        partial => format!("tile/{level}/{name}.p/{partial}"),
    }
}

/// Returns the tiles of a tree with their paths by the definition of the standard: what the writer is compared with.
#[cfg(test)]
pub(crate) fn tiles<'e>(
    tree: &crate::Tree,
    from: u64,
    size: u64,
    entry: &dyn Fn(u64) -> &'e [u8],
) -> Vec<(String, Vec<u8>)> {
    let mut tiles = Vec::new();
    let (mut count, mut before) = (size.min(tree.size()), from);
    let mut level = 0;
    while count > 0 {
        for number in before / WIDTH..count.div_ceil(WIDTH) {
            let (start, end) = (number * WIDTH, ((number + 1) * WIDTH).min(count));
            let hashes = &tree.level(level * HEIGHT as usize)[start as usize..end as usize];
            let data: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
            tiles.push((tile_path(&level.to_string(), number, end - start), data));
            if level == 0 {
                let mut bundle = Vec::new();
                for leaf in start..end {
                    let data = entry(leaf);
                    bundle.extend(u16::try_from(data.len()).unwrap_or(u16::MAX).to_be_bytes());
                    bundle.extend(data);
                }
                tiles.push((tile_path("entries", number, end - start), bundle));
            }
        }
        (count, before) = (count / WIDTH, before / WIDTH);
        level += 1;
    }
    tiles
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    use super::*;
    use crate::Tree;

    type Files = BTreeMap<String, Vec<u8>>;

    fn leaf(at: u64) -> Hash {
        Hash::leaf(&at.to_be_bytes())
    }

    /// Adds the leaves up to `size`, and returns the tiles that were written.
    fn written(mut writer: TileWriter, size: u64) -> Files {
        let mut files = Files::new();
        let mut write = |name, bytes| {
            assert!(files.insert(name, bytes).is_none(), "a tile is written once");
            Ok::<_, Infallible>(())
        };
        for at in writer.size..size {
            writer.push(leaf(at), &at.to_be_bytes(), &mut write).unwrap();
        }
        assert_eq!(writer.finish(&mut write), Ok(size));
        files
    }

    /// The tiles by the definition, from the whole tree.
    fn defined(tree: &Tree, from: u64) -> Files {
        let entries: Vec<[u8; 8]> = (0..tree.size()).map(u64::to_be_bytes).collect();
        tiles(tree, from, tree.size(), &|at| &entries[usize::try_from(at).unwrap()]).into_iter().collect()
    }

    #[test]
    fn paths_have_the_form_of_the_standard() {
        assert_eq!(tile_path("0", 0, 256), "tile/0/000");
        assert_eq!(tile_path("1", 5, 8), "tile/1/005.p/8");
        assert_eq!(tile_path("entries", 1_234_067, 256), "tile/entries/x001/x234/067");
    }

    #[test]
    fn the_tiles_are_those_of_the_standard() {
        let mut whole = Files::new();
        for (from, size) in [
            (0, 0),
            (0, 1),
            (0, 255),
            (0, 256),
            (0, 300),
            (299, 300),
            (300, 70_000),
            (65_536, 70_000),
            (69_999, 70_000),
            (70_000, 70_000),
        ] {
            let tree: Tree = (0..size).map(leaf).collect();
            let expected = defined(&tree, from);
            assert_eq!(written(TileWriter::new(from), size), expected, "{from} {size}");
            // From the tiles of the earlier size, without the leaves before it.
            whole.extend(defined(&(0..from).map(leaf).collect(), 0));
            let resumed = TileWriter::resume(from, &|name| whole.get(name).cloned()).unwrap();
            assert_eq!(resumed.frontier().root(), tree.root_at(from).unwrap(), "{from}");
            assert_eq!(written(resumed, size), expected, "resumed: {from} {size}");
        }
        assert!(TileWriter::resume(300, &|_| None).is_none());
        assert!(TileWriter::resume(300, &|_| Some(vec![0; 31])).is_none());
    }

    #[test]
    fn a_proof_from_tiles_is_that_of_the_tree() {
        for size in [1, 2, 255, 256, 257, 700, 66_000] {
            let tree: Tree = (0..size).map(leaf).collect();
            let files = written(TileWriter::new(0), size);
            let read = |name: &str| files.get(name).cloned();
            for index in (0..size).step_by(1 + size as usize / 40).chain([size - 1]) {
                assert_eq!(
                    prove_inclusion(index, size, &read),
                    tree.prove_inclusion(index, size),
                    "{index} of {size}"
                );
                assert_eq!(entry(index, size, &read).unwrap(), index.to_be_bytes());
            }
            assert_eq!(prove_inclusion(size, size, &read), None);
            assert_eq!(prove_inclusion(0, size + 2, &read).filter(|_| size > 2), None);
            assert_eq!(entry(size, size, &read), None);
        }
    }
}
