//! `id-ledger tiles`: the log as files that any web server carries.

use std::path::Path;

use ledger::files::{CHECKPOINT, Files, LOG_KEY};
use tlog::tile::TileWriter;
use tlog::{Opened, Trust, VerifierKey};

use super::{MAX_TEXT_BYTES, Place, Source, committed, covered, scan_sound};
use crate::arguments::TilesArguments;
use crate::error::CommandError;

pub(super) fn run(arguments: &TilesArguments) -> Result<String, CommandError> {
    let place = Place::open(&arguments.place.repo)?;
    let written = Source::open(&place.repository, None)?.with(|files| {
        let (opened, checkpoint) = committed(files)?;
        let size = opened.checkpoint.size;
        if arguments.from > size {
            return Err(CommandError::failed(format!(
                "--from {}: the ledger has {size} lines",
                arguments.from
            )));
        }
        // What is written was verified before.
        let mut writer = match continued(files, &opened, arguments)? {
            Some(writer) => writer,
            None => {
                scan_sound(files, &|_| false, &mut |_, _, _| {})?;
                TileWriter::new(arguments.from)
            }
        };
        let mut written = 0;
        let mut write = |name: String, bytes: Vec<u8>| {
            written += 1;
            repo::disk::write(&arguments.out.join(name), &bytes)
        };
        let mut result = Ok(());
        let from = writer.size();
        covered(ledger::for_each_line(files, from, size, &mut |_, line| {
            if result.is_ok() {
                result = writer.push(tlog::Hash::leaf(line), line, &mut write);
            }
        })?)?;
        result.and_then(|()| writer.finish(&mut write))?;
        // The checkpoint comes last: what it covers is there by then.
        repo::disk::write(&arguments.out.join(CHECKPOINT), &checkpoint)?;
        Ok(written)
    })?;
    Ok(format!("wrote {written} tiles and the checkpoint to {}\n", arguments.out.display()))
}

/// Continues from the tiles of the earlier size, so that only newer lines are read; `None` where these tiles are missing or are not of this log.
fn continued(
    files: &dyn Files,
    opened: &Opened,
    arguments: &TilesArguments,
) -> Result<Option<TileWriter>, CommandError> {
    let from = arguments.from;
    let resumed = TileWriter::resume(from, &|name| tile(&arguments.out, name));
    let Some(writer) = resumed.filter(|_| from > 0 && is_signed_as_declared(files, opened)) else {
        return Ok(None);
    };
    let mut frontier = writer.frontier();
    covered(ledger::for_each_line(files, from, opened.checkpoint.size, &mut |_, line| {
        frontier.push(tlog::Hash::leaf(line));
    })?)?;
    Ok((frontier.root() == opened.checkpoint.root).then_some(writer))
}

/// Returns whether the log's key signed a checkpoint, by the copy of the key beside the lines, so that the lines that name it need not be read.
fn is_signed_as_declared(files: &dyn Files, opened: &Opened) -> bool {
    let text =
        files.read(LOG_KEY, MAX_TEXT_BYTES).ok().flatten().and_then(|text| String::from_utf8(text).ok());
    match text {
        Some(text) => {
            VerifierKey::parse(text.trim_end()).is_ok_and(|key| Trust::log(key).verify(opened).is_ok())
        }
        None => opened.note.is_none(),
    }
}

/// Reads a tile of a folder.
fn tile(folder: &Path, name: &str) -> Option<Vec<u8>> {
    repo::disk::read(&folder.join(name), MAX_TEXT_BYTES << 2).ok().flatten()
}
