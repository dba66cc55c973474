//! What a writer keeps for the next one, so that an append costs what it appends and not what stands.
//!
//! It is taken only where the checkpoint is the very one and no segment was touched since, as git's index tells; deleting it changes only time.

use std::collections::BTreeMap;

use repo::Folder;
use serde::{Deserialize, Serialize};
use snapshot::Result;
use tlog::Frontier;

use crate::files::{self, SEGMENT, segment_name};
use crate::{EventType, Log, Machine, Place, Read};

/// Changes whenever the bytes of what is kept would be read otherwise.
const FORMAT: u32 = 1;

/// A ledger as a writer left it, but for its identities, which stand behind it as a table.
#[derive(Serialize, Deserialize)]
struct Kept {
    format: u32,
    checkpoint: Vec<u8>,
    /// What the system says of each segment: length, times, inode.
    segments: Vec<[i64; 6]>,
    log: Option<Log>,
    frontier: Frontier,
    end: Place,
    last_src: Option<String>,
    last_time: i64,
    last_kind: Option<EventType>,
}

/// Takes a ledger up as it was left; `None` where it is not the same any more.
pub(crate) fn take_up(folder: &Folder, mut bytes: Vec<u8>) -> Result<Option<Read>> {
    // Only an accident is to be noticed, such as a machine that lost its power: the file is the user's own.
    let Some((sum, body)) = bytes.split_first_chunk() else { return Ok(None) };
    if crc32fast::hash(body) != u32::from_be_bytes(*sum) {
        return Ok(None);
    }
    let Ok((kept, table)) = postcard::take_from_bytes::<Kept>(body) else { return Ok(None) };
    let table = bytes.len() - table.len();
    let checkpoint = files::checkpoint(folder)?;
    if kept.format != FORMAT
        || checkpoint.as_deref() != Some(&kept.checkpoint)
        || signatures(folder, kept.frontier.size())?.as_ref() != Some(&kept.segments)
    {
        return Ok(None);
    }
    bytes.drain(..table);
    Ok(Machine::take_up(kept.log, bytes).map(|machine| Read {
        machine,
        frontier: kept.frontier,
        end: kept.end,
        tail: 0,
        roots: BTreeMap::new(),
        checkpoint: tlog::open(&kept.checkpoint).ok(),
        last_src: kept.last_src,
        last_time: kept.last_time,
        last_kind: kept.last_kind,
        faults: Vec::new(),
    }))
}

/// Writes down a ledger as it stands; `None` where the system cannot tell whether it will be touched.
pub(crate) fn write_down(folder: &Folder, read: &Read) -> Result<Option<Vec<u8>>> {
    let Some(segments) = signatures(folder, read.size())? else { return Ok(None) };
    let kept = Kept {
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
    let Ok(head) = postcard::to_stdvec(&kept) else { return Ok(None) };
    let table = read.machine.write_down();
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&head);
    hasher.update(&table);
    Ok(Some([hasher.finalize().to_be_bytes().as_slice(), &head, &table].concat()))
}

fn signatures(folder: &Folder, size: u64) -> Result<Option<Vec<[i64; 6]>>> {
    (0..size.div_ceil(SEGMENT)).map(|number| folder.signature(&segment_name(number))).collect()
}
