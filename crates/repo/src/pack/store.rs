//! The pack files of a repository and its alternates.

use std::path::PathBuf;

use gix_pack::data::entry::Header;
use snapshot::{Cause, Error, ObjectId, Result};

use crate::error::io;
use crate::object_id::from_id;

/// The position of an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) pack: u32,
    pub(crate) offset: u64,
}

/// The pack files, opened and mapped.
pub(crate) struct Packs {
    bundles: Vec<gix_pack::Bundle>,
}

/// An entry of a pack, inflated but not resolved.
pub(crate) enum Inflated {
    /// A whole object.
    Whole(gix::objs::Kind),
    /// A delta against the object at the position; the buffer contains its instructions.
    Delta(Place),
    /// A delta against an object that is not in a pack.
    Foreign,
}

impl Packs {
    pub(crate) fn open(stores: &[PathBuf], hash: gix::hash::Kind) -> Result<Packs> {
        let mut paths = Vec::new();
        for store in stores {
            let directory = store.join("pack");
            let listing = match std::fs::read_dir(&directory) {
                Ok(listing) => listing,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => return Err(io(&directory, error)),
            };
            for entry in listing {
                let path = entry.map_err(|error| io(&directory, error))?.path();
                if path.extension().is_some_and(|extension| extension == "idx")
                    && path.with_extension("pack").exists()
                {
                    paths.push(path);
                }
            }
        }
        paths.sort();
        let open = |path: &PathBuf| {
            gix_pack::Bundle::at(path, hash).map_err(|error| Error::Corrupt {
                what: path.display().to_string(),
                reason: Cause::new(error),
            })
        };
        Ok(Packs { bundles: paths.iter().map(open).collect::<Result<_>>()? })
    }

    /// Finds an object in the packs.
    pub(crate) fn locate(&self, id: &ObjectId) -> Option<Place> {
        let id = from_id(id);
        self.bundles.iter().enumerate().find_map(|(pack, bundle)| {
            let offset = bundle.index.pack_offset_at_index(bundle.index.lookup(id)?);
            Some(Place { pack: pack as u32, offset })
        })
    }

    /// Inflates the entry at `place` into `buffer` (the content of the object, or the instructions of the delta).
    pub(crate) fn inflate(
        &self,
        place: Place,
        limit: u64,
        inflate: &mut gix::zlib::Inflate,
        buffer: &mut Vec<u8>,
    ) -> Result<Inflated> {
        let bundle = &self.bundles[place.pack as usize];
        let corrupt = |reason: Cause| Error::Corrupt { what: self.describe(place), reason };
        let entry = bundle.pack.entry(place.offset).map_err(|error| corrupt(Cause::new(error)))?;
        let inflated = match entry.header {
            Header::OfsDelta { base_distance } => {
                let offset = entry
                    .checked_base_pack_offset(base_distance)
                    .ok_or_else(|| corrupt("a delta refers to an offset before the pack".into()))?;
                Inflated::Delta(Place { offset, ..place })
            }
            Header::RefDelta { base_id } => match self.locate(&crate::object_id::to_id(&base_id)) {
                Some(base) => Inflated::Delta(base),
                None => Inflated::Foreign,
            },
            header => Inflated::Whole(header.as_kind().ok_or_else(|| corrupt("unknown entry type".into()))?),
        };
        if entry.decompressed_size > limit {
            return Err(Error::TooLarge { what: self.describe(place), size: entry.decompressed_size, limit });
        }
        // A false size cannot take much memory: deflate expands at most 1032 times (RFC 1951), and the pack is already on disk.
        let room = (bundle.pack.pack_end() as u64).saturating_sub(entry.data_offset).saturating_mul(1032);
        if entry.decompressed_size > room {
            return Err(corrupt("its declared size is impossible for its compressed size".into()));
        }
        buffer.clear();
        buffer.resize(entry.decompressed_size as usize, 0);
        bundle.pack.decompress_entry(&entry, inflate, buffer).map_err(|error| corrupt(Cause::new(error)))?;
        Ok(inflated)
    }

    pub(crate) fn describe(&self, place: Place) -> String {
        let name = self.bundles[place.pack as usize].pack.path().file_name().unwrap_or_default();
        format!("{} at byte {}", name.to_string_lossy(), place.offset)
    }
}
