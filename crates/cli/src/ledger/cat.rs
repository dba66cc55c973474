//! `id-ledger cat`: the lines of all segments in their order, as they are.

use diagnostic::sanitise;

use super::{Source, covered, scan_sound};
use crate::arguments::CatArguments;
use crate::environment;
use crate::error::CommandError;
use crate::output::print_bytes;
use crate::session::open;

/// The number of bytes that are collected before they are printed.
const CHUNK_BYTES: usize = 1 << 20;

pub(super) fn run(arguments: &CatArguments) -> Result<String, CommandError> {
    let repository = open(&arguments.place.repo)?;
    Source::open(&repository, arguments.rev.as_deref())?.with(|files| {
        // Nothing is printed of lines that the checkpoint does not cover.
        let size = scan_sound(files, &|_| false, &mut |_, _, _| {})?.size();
        let from = arguments.from.checked_sub(1).filter(|from| *from <= size).ok_or_else(|| {
            CommandError::failed(format!("--from {}: the ledger has the lines 1 to {size}", arguments.from))
        })?;
        let is_obeyed = environment::is_obeyed();
        let mut chunk: Vec<u8> = Vec::new();
        covered(ledger::for_each_line(files, from, size, &mut |_, line| {
            match is_obeyed {
                true => chunk.extend(sanitise::text(&String::from_utf8_lossy(line)).into_bytes()),
                false => chunk.extend(line),
            }
            chunk.push(b'\n');
            if chunk.len() > CHUNK_BYTES {
                print_bytes(&std::mem::take(&mut chunk));
            }
        })?)?;
        print_bytes(&chunk);
        Ok(String::new())
    })
}
