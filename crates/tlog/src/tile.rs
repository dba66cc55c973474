//! Tiles (C2SP tlog-tiles): the log as static files for any web server.

use crate::Tree;

/// The number of hashes, or entries, of a full tile.
pub(crate) const WIDTH: u64 = 256;
/// The number of tree levels that a tile spans.
pub(crate) const HEIGHT: usize = 8;

/// Returns the tiles of a tree of `size` leaves with their paths: tiles of hashes and of entries, full tiles and the partial one at the right edge.
///
/// `entry` returns the data of a leaf. `from` is the size that was written before: tiles that were full then are omitted.
#[must_use]
pub fn tiles<'e>(
    tree: &Tree,
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
            let hashes = &tree.level(level * HEIGHT)[start as usize..end as usize];
            let data: Vec<u8> = hashes.iter().flat_map(|hash| hash.0).collect();
            tiles.push((tile_path(&level.to_string(), number, end - start), data));
            if level == 0 {
                let mut bundle = Vec::new();
                for leaf in start..end {
                    let data = entry(leaf);
                    // A ledger line has at most 16,384 bytes, an entry of a bundle at most 65,535.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Hash;

    #[test]
    fn paths_have_the_form_of_the_standard() {
        assert_eq!(tile_path("0", 0, 256), "tile/0/000");
        assert_eq!(tile_path("1", 5, 8), "tile/1/005.p/8");
        assert_eq!(tile_path("entries", 1_234_067, 256), "tile/entries/x001/x234/067");
    }

    #[test]
    fn only_tiles_that_grew_are_written() {
        let tree: Tree = (0..70_000u32).map(|at| Hash::leaf(&at.to_be_bytes())).collect();
        let names = |from, size| {
            let tiles = tiles(&tree, from, size, &|_| b"");
            tiles.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        assert_eq!(names(0, 300).len(), 5, "two tiles of hashes, two of entries, one of the level above");
        assert_eq!(
            names(69_999, 70_000),
            ["tile/0/273.p/112", "tile/entries/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
        );
        assert!(names(0, 0).is_empty());
    }
}
