//! Whole objects out of a pack: the chain of deltas down to its base, and up again.

use std::collections::BTreeMap;
use std::sync::Arc;

use gix::objs::Kind;
use snapshot::{Error, Result};

use super::delta::Delta;
use super::rope::Ropes;
use super::store::{Inflated, Packs, Place};
use crate::objects::{ObjectKind, from_gix};

/// Longer chains are refused: git writes 50, `--depth` at most 4095.
const LONGEST_CHAIN: usize = 4096;

/// Memory for whole objects that are likely bases of the next ones.
const CACHE_BYTES: usize = 64 << 20;

/// From this size on, a chain of deltas is composed first and the object built once, instead of once a delta.
const COMPOSED_FROM: u64 = 16 << 10;

/// The buffers and the cache of one reading thread.
#[derive(Default)]
pub(crate) struct Reader {
    inflate: gix::zlib::Inflate,
    cache: BTreeMap<Place, (Kind, Arc<[u8]>)>,
    cached: usize,
    ropes: Ropes,
}

impl Reader {
    /// Reads the object at `place` into `buffer`.
    pub(crate) fn read(
        &mut self,
        packs: &Packs,
        place: Place,
        limit: u64,
        buffer: &mut Vec<u8>,
    ) -> Result<ObjectKind> {
        let mut deltas: Vec<(Place, Vec<u8>)> = Vec::new();
        let mut at = place;
        let (kind, mut base) = loop {
            if let Some((kind, bytes)) = self.cache.get(&at) {
                break (*kind, bytes.clone());
            }
            match packs.inflate(at, limit, &mut self.inflate, buffer)? {
                Inflated::Whole(kind) if deltas.is_empty() => return Ok(from_gix(kind)),
                Inflated::Whole(kind) => break (kind, Arc::from(buffer.as_slice())),
                Inflated::Delta(next)
                    if deltas.is_empty() && Delta::parse(buffer)?.result_size >= COMPOSED_FROM =>
                {
                    if let Some(rope) = self.ropes.get(packs, place, limit)? {
                        rope.build(buffer);
                        return Ok(from_gix(rope.root.kind));
                    }
                    deltas.push((at, std::mem::take(buffer)));
                    at = next;
                }
                Inflated::Delta(next) => {
                    deltas.push((at, std::mem::take(buffer)));
                    at = next;
                }
                Inflated::Foreign => {
                    let reason = "its base lies in no pack".into();
                    return Err(Error::Corrupt { what: packs.describe(at), reason });
                }
            }
            if deltas.len() > LONGEST_CHAIN {
                let reason = format!("its chain is longer than {LONGEST_CHAIN} deltas");
                return Err(Error::Corrupt { what: packs.describe(place), reason });
            }
        };
        if deltas.is_empty() {
            buffer.clear();
            buffer.extend_from_slice(&base);
            return Ok(from_gix(kind));
        }
        self.keep(at, kind, &base);
        while let Some((at, delta)) = deltas.pop() {
            let delta = Delta::parse(&delta)?;
            if delta.result_size > limit {
                return Err(Error::TooLarge { what: packs.describe(at), size: delta.result_size, limit });
            }
            delta.apply(&base, buffer)?;
            if !deltas.is_empty() {
                base = Arc::from(buffer.as_slice());
            }
        }
        // The next object asked for is likely a neighbour in the same chain.
        if kind != Kind::Blob {
            self.keep(place, kind, &Arc::from(buffer.as_slice()));
        }
        Ok(from_gix(kind))
    }

    fn keep(&mut self, place: Place, kind: Kind, bytes: &Arc<[u8]>) {
        if bytes.len() > CACHE_BYTES / 4 {
            return;
        }
        if self.cached + bytes.len() > CACHE_BYTES {
            self.cache.clear();
            self.cached = 0;
        }
        if self.cache.insert(place, (kind, bytes.clone())).is_none() {
            self.cached += bytes.len();
        }
    }
}
