//! The writer's cache: the state after the last append, so that the next append does not read the whole ledger.
//!
//! It is used only if the checkpoint is the same and no segment was touched since, decided by file metadata as in git's index. Deleting it only costs time.

use std::collections::BTreeMap;

use repo::Folder;
use serde::{Deserialize, Serialize};
use snapshot::Result;
use tlog::Frontier;

use crate::files::{self, SEGMENT, segment_name};
use crate::{EventType, LoadedLedger, Log, Machine, Position};

/// The version of the format; it changes with the serialized types.
const FORMAT: u32 = 2;

/// The cached state, without the identities, which follow as a table.
#[derive(Serialize, Deserialize)]
struct Cache {
    format: u32,
    checkpoint: Vec<u8>,
    /// The file metadata of each segment: length, times, inode.
    segments: Vec<[i64; 6]>,
    log: Option<Log>,
    frontier: Frontier,
    end: Position,
    last_src: Option<String>,
    last_time: i64,
    last_kind: Option<EventType>,
}

/// Loads the state of a ledger; `None` if the ledger changed since, or the cache is damaged.
pub(crate) fn load(folder: &Folder, mut bytes: Vec<u8>) -> Result<Option<LoadedLedger>> {
    // The checksum detects accidents such as a power loss, not attacks: the file belongs to the user.
    let Some((sum, body)) = bytes.split_first_chunk() else { return Ok(None) };
    if crc32fast::hash(body) != u32::from_be_bytes(*sum) {
        return Ok(None);
    }
    let Ok((cached, table)) = postcard::take_from_bytes::<Cache>(body) else { return Ok(None) };
    let table = bytes.len() - table.len();
    let checkpoint = files::read_checkpoint(folder)?;
    if cached.format != FORMAT
        || checkpoint.as_deref() != Some(&cached.checkpoint)
        || signatures(folder, cached.frontier.size())?.as_ref() != Some(&cached.segments)
    {
        return Ok(None);
    }
    bytes.drain(..table);
    Ok(Machine::load(cached.log, bytes).map(|machine| LoadedLedger {
        machine,
        frontier: cached.frontier,
        end: cached.end,
        tail: 0,
        roots: BTreeMap::new(),
        checkpoint: tlog::open(&cached.checkpoint).ok(),
        last_src: cached.last_src,
        last_time: cached.last_time,
        last_kind: cached.last_kind,
        faults: Vec::new(),
    }))
}

/// Serializes the state of a ledger; `None` if the system has no metadata that would reveal later changes.
pub(crate) fn store(folder: &Folder, read: &LoadedLedger) -> Result<Option<Vec<u8>>> {
    let Some(segments) = signatures(folder, read.size())? else { return Ok(None) };
    let cache = Cache {
        format: FORMAT,
        checkpoint: files::checkpoint(folder)?.unwrap_or_default(),
        segments,
        log: read.machine.log().cloned(),
        frontier: read.frontier.clone(),
        end: read.end,
        last_src: read.last_src.clone(),
        last_time: read.last_time,
        last_kind: read.last_kind,
    };
    let Ok(head) = postcard::to_stdvec(&cache) else { return Ok(None) };
    let table = read.machine.store();
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&head);
    hasher.update(&table);
    Ok(Some([hasher.finalize().to_be_bytes().as_slice(), &head, &table].concat()))
}

fn signatures(folder: &Folder, size: u64) -> Result<Option<Vec<[i64; 6]>>> {
    (0..size.div_ceil(SEGMENT)).map(|number| folder.signature(&segment_name(number))).collect()
}
