//! What a writer keeps for the next one, so that an append costs what it appends and not what stands.
//!
//! It is taken only where the checkpoint is the very one and no segment was touched since, as git's index tells; deleting it changes only time.

use repo::Folder;
use serde::{Deserialize, Serialize};
use snapshot::Result;
use tlog::Frontier;

use crate::files::{self, SEGMENT, segment_name};
use crate::{EventType, Machine, Place, Read, sha256};

/// Changes whenever the bytes of what is kept would be read otherwise.
const FORMAT: u32 = 1;

/// A ledger as a writer left it.
#[derive(Serialize, Deserialize)]
struct Kept<M, F> {
    format: u32,
    checkpoint: Vec<u8>,
    /// What the system says of each segment: length, times, inode.
    segments: Vec<[i64; 6]>,
    machine: M,
    frontier: F,
    end: Place,
    last_src: Option<String>,
    last_time: i64,
    last_kind: Option<EventType>,
}

/// Takes a ledger up as it was left; `None` where it is not the same any more.
pub(crate) fn take_up(folder: &Folder, bytes: &[u8]) -> Result<Option<Read>> {
    let Some((sum, body)) = bytes.split_at_checked(32) else { return Ok(None) };
    if sum != sha256(body).0 {
        return Ok(None);
    }
    let Ok(kept) = postcard::from_bytes::<Kept<Machine, Frontier>>(body) else { return Ok(None) };
    let checkpoint = files::checkpoint(folder)?;
    if kept.format != FORMAT
        || checkpoint.as_deref() != Some(&kept.checkpoint)
        || signatures(folder, kept.frontier.size())?.as_ref() != Some(&kept.segments)
    {
        return Ok(None);
    }
    Ok(Some(Read {
        machine: kept.machine,
        frontier: kept.frontier,
        end: kept.end,
        tail: 0,
        roots: Default::default(),
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
        machine: &read.machine,
        frontier: &read.frontier,
        end: read.end,
        last_src: read.last_src.clone(),
        last_time: read.last_time,
        last_kind: read.last_kind,
    };
    let body = postcard::to_stdvec(&kept).ok();
    Ok(body.map(|body| [sha256(&body).0.as_slice(), &body].concat()))
}

fn signatures(folder: &Folder, size: u64) -> Result<Option<Vec<[i64; 6]>>> {
    (0..size.div_ceil(SEGMENT)).map(|number| folder.signature(&segment_name(number))).collect()
}
