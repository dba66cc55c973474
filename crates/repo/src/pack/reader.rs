//! Reads whole objects from a pack by applying a delta chain to its base.

use std::collections::BTreeMap;
use std::sync::Arc;

use gix::objs::Kind;
use snapshot::{Error, Result};

use super::delta::Delta;
use super::rope::Ropes;
use super::store::{Inflated, Packs, Place};
use crate::object_kind::{ObjectKind, from_gix};

/// The maximum length of a delta chain: git writes 50, and allows 4095 (`--depth`).
const MAX_CHAIN_DELTAS: usize = 4096;

/// The size of the cache for whole objects, which are likely bases of the next ones.
const MAX_CACHE_BYTES: usize = 64 << 20;

/// From this size on, the deltas are composed first and the object is built once, instead of once per delta.
const MIN_COMPOSED_BYTES: u64 = 16 << 10;

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
                    if deltas.is_empty() && Delta::parse(buffer)?.result_size >= MIN_COMPOSED_BYTES =>
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
                    let reason = "its base is not in a pack".into();
                    return Err(Error::Corrupt { what: packs.describe(at), reason });
                }
            }
            if deltas.len() > MAX_CHAIN_DELTAS {
                let reason = format!("its delta chain is longer than {MAX_CHAIN_DELTAS}");
                return Err(Error::Corrupt { what: packs.describe(place), reason: reason.into() });
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
        // The next object is likely in the same chain.
        if kind != Kind::Blob {
            self.keep(place, kind, &Arc::from(buffer.as_slice()));
        }
        Ok(from_gix(kind))
    }

    fn keep(&mut self, place: Place, kind: Kind, bytes: &Arc<[u8]>) {
        if bytes.len() > MAX_CACHE_BYTES / 4 {
            return;
        }
        if self.cached + bytes.len() > MAX_CACHE_BYTES {
            self.cache.clear();
            self.cached = 0;
        }
        if self.cache.insert(place, (kind, bytes.clone())).is_none() {
            self.cached += bytes.len();
        }
    }
}
