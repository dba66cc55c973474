//! A log that is served as tiles (C2SP tlog-tiles), at an address or in a folder.

use std::path::PathBuf;
use std::time::Duration;

use diagnostic::sanitise;
use fetch::{Address, Client};
use ledger::files::{CHECKPOINT, Files, SEGMENT, segment_name, segment_number};
use snapshot::Error;
use tlog::{Opened, TileSource, TiledError, TiledTree, Trust};

use super::pins::{self, Memory};
use crate::arguments::ServedArguments;
use crate::error::CommandError;
use crate::network;
use crate::output::{advise, warn};

/// The time for one file.
const MAX_FILE_TIME: Duration = Duration::from_secs(30);
/// The redirects of one file.
const MAX_REDIRECTS: u32 = 5;
/// The size of a checkpoint, in bytes: that of a signed note.
const MAX_CHECKPOINT_BYTES: u64 = 1_000_000;
/// The entries of a bundle.
const BUNDLE: u64 = 256;

/// Where a log is served.
pub(super) enum Served {
    /// At an address.
    Web { client: Box<Client>, address: Address },
    /// In a folder.
    Folder(PathBuf),
}

/// A checkpoint as it is served.
pub(super) struct ServedCheckpoint {
    pub(super) note: String,
    pub(super) opened: Opened,
}

impl Served {
    /// Finds the log: an address has `://`.
    pub(super) fn open(place: &str, arguments: &ServedArguments) -> Result<Served, CommandError> {
        if place.contains("://") {
            let client = network::client(arguments.ca.as_deref(), MAX_FILE_TIME, MAX_REDIRECTS)?;
            return Ok(Served::Web { client: Box::new(client), address: network::address(place)? });
        }
        let folder = PathBuf::from(place);
        if folder.is_dir() {
            Ok(Served::Folder(folder))
        } else {
            Err(CommandError::failed_with(
                format!("{} is neither a directory nor an address", sanitise::text(place)),
                "pass an address such as https://example.org/log, or the directory that id-ledger tiles wrote",
            ))
        }
    }

    /// Names the place.
    pub(super) fn name(&self) -> String {
        match self {
            Served::Web { address, .. } => address.to_string(),
            Served::Folder(folder) => sanitise::text(&folder.display().to_string()),
        }
    }

    /// Reads the checkpoint. Nothing about it is verified.
    pub(super) fn checkpoint(&self) -> Result<ServedCheckpoint, CommandError> {
        let bytes = self.read(CHECKPOINT, MAX_CHECKPOINT_BYTES)?.ok_or_else(|| {
            CommandError::failed_with(
                format!("no checkpoint at {}", self.name()),
                "id-ledger tiles writes the log's files, with the checkpoint",
            )
        })?;
        let invalid = |why: String| CommandError::failed(format!("the checkpoint at {}: {why}", self.name()));
        let opened = tlog::open(&bytes).map_err(|error| invalid(error.to_string()))?;
        let note = String::from_utf8(bytes).map_err(|_| invalid("it is not UTF-8".into()))?;
        Ok(ServedCheckpoint { note, opened })
    }

    /// Describes why a tile cannot be used.
    pub(super) fn explain(&self, error: TiledError<CommandError>) -> CommandError {
        match error {
            TiledError::Source(error) => error,
            other => CommandError::failed_with(
                format!("{}: {other}", self.name()),
                "the tiles must be written before the checkpoint that covers them",
            ),
        }
    }
}

impl TileSource for Served {
    type Error = CommandError;

    fn read(&self, path: &str, limit: u64) -> Result<Option<Vec<u8>>, CommandError> {
        match self {
            Served::Folder(folder) => Ok(repo::disk::read(&folder.join(path), limit)?),
            Served::Web { client, address } => {
                let place = address.join(path);
                let failed = |error| {
                    let message = format!("{place}: {}", network::describe(&error));
                    CommandError::failed_with(message, network::help(&error))
                };
                let response = client.get(&place, limit).map_err(failed)?;
                match response.status {
                    200 => Ok(Some(response.body)),
                    404 | 410 => Ok(None),
                    status => Err(CommandError::failed(format!("{place}: status {status}"))),
                }
            }
        }
    }
}

/// The files of a ledger, from its entries.
pub(super) struct ServedFiles {
    served: Served,
    checkpoint: ServedCheckpoint,
}

impl ServedFiles {
    pub(super) fn open(place: &str, arguments: &ServedArguments) -> Result<ServedFiles, CommandError> {
        let served = Served::open(place, arguments)?;
        let checkpoint = served.checkpoint()?;
        Ok(ServedFiles { served, checkpoint })
    }

    /// Opens a log for a reader. If its checkpoint was pinned, the pinned key must have signed it, and it must continue the pin.
    pub(super) fn open_pinned(place: &str, arguments: &ServedArguments) -> Result<ServedFiles, CommandError> {
        let files = ServedFiles::open(place, arguments)?;
        let opened = &files.checkpoint.opened;
        let Some(pin) = pins::read(Memory::Reader, &opened.checkpoint.origin)? else {
            warn("nothing is pinned of this log: its own key is trusted");
            advise("id-ledger watch with --key and --pin remembers its checkpoint");
            return Ok(files);
        };
        if let Some(key) = &pin.key {
            let trusted = Trust::log(key.clone()).verify(opened);
            trusted.map_err(|error| CommandError::refused(error.to_string(), ""))?;
        }
        let pinned = &pin.opened.checkpoint;
        let tree = TiledTree::new(&files.served, files.size());
        let root = tree.root_at(pinned.size).map_err(|error| files.served.explain(error))?;
        if pinned.size > files.size() || root != pinned.root {
            return Err(CommandError::refused(
                format!(
                    "{} does not continue the pinned checkpoint of {} lines",
                    files.served.name(),
                    pinned.size
                ),
                "id-ledger watch finds out why, and keeps the evidence of a fork",
            ));
        }
        Ok(files)
    }

    /// The checkpoint that is served.
    pub(super) fn checkpoint(&self) -> &ServedCheckpoint {
        &self.checkpoint
    }

    fn size(&self) -> u64 {
        self.checkpoint.opened.checkpoint.size
    }

    /// The lines of a segment.
    fn segment(&self, number: u64, limit: u64) -> Result<Option<Vec<u8>>, Error> {
        let start = number * SEGMENT;
        let end = self.size().min(start + SEGMENT);
        if start >= end {
            return Ok(None);
        }
        let tree = TiledTree::new(&self.served, self.size());
        let mut bytes = Vec::new();
        for bundle in start / BUNDLE..end.div_ceil(BUNDLE) {
            let entries = tree.entries(bundle).map_err(|error| self.failed(&self.served.explain(error)))?;
            for entry in entries {
                bytes.extend(entry);
                bytes.push(b'\n');
            }
            if bytes.len() as u64 > limit {
                let size = bytes.len() as u64;
                return Err(Error::TooLarge { what: segment_name(number), size, limit });
            }
        }
        Ok(Some(bytes))
    }

    fn failed(&self, error: &CommandError) -> Error {
        Error::Io { what: self.served.name(), reason: error.message().to_string().into() }
    }
}

impl Files for ServedFiles {
    fn read(&self, name: &str, limit: u64) -> snapshot::Result<Option<Vec<u8>>> {
        if name == CHECKPOINT {
            return Ok(Some(self.checkpoint.note.clone().into_bytes()));
        }
        match segment_number(name) {
            Some(number) => self.segment(number, limit),
            None => Ok(None),
        }
    }

    fn names(&self) -> snapshot::Result<Vec<String>> {
        let segments = (0..self.size().div_ceil(SEGMENT)).map(segment_name);
        let mut names: Vec<String> = segments.chain([CHECKPOINT.to_string()]).collect();
        names.sort_unstable();
        Ok(names)
    }
}
