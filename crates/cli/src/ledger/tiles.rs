//! `id-ledger tiles`: the log as files that any web server carries.

use ledger::files::CHECKPOINT;
use tlog::Tree;

use super::{Place, Source, read_sound};
use crate::arguments::TilesArguments;
use crate::error::CommandError;

pub(super) fn run(arguments: &TilesArguments) -> Result<String, CommandError> {
    let place = Place::open(&arguments.place.repo)?;
    let written = Source::open(&place.repository, None)?.with(|files| {
        let mut tree = Tree::default();
        let mut lines: Vec<Vec<u8>> = Vec::new();
        let read = read_sound(files, &mut |line, _| {
            tree.push(line.leaf);
            lines.push(line.bytes.to_vec());
        })?;
        if arguments.from > read.size() {
            return Err(CommandError::failed(format!(
                "--from {}: the ledger has {} lines",
                arguments.from,
                read.size()
            )));
        }
        let entry = |at: u64| lines.get(at as usize).map(Vec::as_slice).unwrap_or_default();
        let tiles = tlog::tile::tiles(&tree, arguments.from, read.size(), &entry);
        for (name, bytes) in &tiles {
            repo::disk::write(&arguments.out.join(name), bytes)?;
        }
        // The checkpoint comes last: what it covers is there by then.
        let checkpoint = ledger::files::checkpoint(files)?.unwrap_or_default();
        repo::disk::write(&arguments.out.join(CHECKPOINT), &checkpoint)?;
        Ok(tiles.len())
    })?;
    Ok(format!("wrote {written} tiles and the checkpoint to {}\n", arguments.out.display()))
}
