//! Lines that witnesses cosigned and that were not published: what is published later must continue them, or the witnesses refuse it.
//!
//! Most lines are derived again with the same bytes. The first lines of a log and a seal are not: they depend on the commit at which they were made.

use std::path::{Path, PathBuf};

use ledger::{Batch, Event};

use crate::error::CommandError;

/// The size of the file, in bytes: that of a segment.
const MAX_CARRIED_BYTES: u64 = 256 << 20;

/// The lines, and where they belong.
pub(super) struct Carried {
    size_before: u64,
    lines: Vec<String>,
}

impl Carried {
    /// Returns the file of a log in the directory of git.
    pub(super) fn file(directory: &Path, origin: &str, key: &str) -> PathBuf {
        let digest = ledger::sha256(format!("{origin}\n{key}").as_bytes()).hex();
        directory.join(format!("id-guard-witnessed-{}", &digest[..16]))
    }

    /// Remembers the lines that a batch appends, before witnesses are asked.
    pub(super) fn store(file: &Path, size_before: u64, lines: &[String]) -> Result<(), CommandError> {
        let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
        Ok(repo::disk::write(file, format!("{size_before}\n{lines}").as_bytes())?)
    }

    /// Forgets the lines: they were published.
    pub(super) fn forget(file: &Path) -> Result<(), CommandError> {
        match file.symlink_metadata() {
            Ok(_) => Ok(repo::disk::remove(file)?),
            Err(_) => Ok(()),
        }
    }

    /// Appends the lines that belong at the end of a batch, if there are any.
    pub(super) fn continue_with(file: &Path, batch: &mut Batch) -> Result<(), CommandError> {
        let Some(bytes) = repo::disk::read(file, MAX_CARRIED_BYTES)? else { return Ok(()) };
        let damaged = || {
            CommandError::failed_with(
                format!("{} cannot be continued: its lines are invalid here", file.display()),
                "they were cosigned and never published; remove the file, and the witnesses will refuse this log",
            )
        };
        let carried = Carried::parse(&bytes).ok_or_else(damaged)?;
        // Another run published them, or continued them.
        if carried.size_before != batch.read.size() {
            return Ok(());
        }
        for line in &carried.lines {
            batch.append_line(line).map_err(|_| damaged())?;
            let event = Event::read(line.as_bytes()).map_err(|_| damaged())?;
            if let Some(src) = event.src {
                batch.read.last_src = Some(src.to_string());
                batch.read.last_time = event.time;
            }
        }
        Ok(())
    }

    fn parse(bytes: &[u8]) -> Option<Carried> {
        let (size, lines) = std::str::from_utf8(bytes).ok()?.split_once('\n')?;
        Some(Carried { size_before: size.parse().ok()?, lines: lines.lines().map(String::from).collect() })
    }
}
