//! The object store: packs read directly, loose objects and the rest through gix; every read is bounded.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use snapshot::{Error, Listing, ObjectId, Result};

use crate::commit::CommitHeader;
use crate::error::corrupt;
use crate::limits::Limits;
use crate::missing::Missing;
use crate::object_id::from_id;
use crate::object_kind::{ObjectKind, from_gix, to_gix};
use crate::pack::{Packs, Reader};
use crate::remedy::Remedy;
use crate::tree;

/// How many large listings are cached: the parent directories of two files, twice.
const MAX_CACHED_LISTINGS: usize = 12;
/// The largest tree whose listing is small: most directories have a few dozen entries.
const MAX_SMALL_TREE_BYTES: usize = 2 << 10;
/// How many small listings are cached: the parent directories of files in deep folders, at most about 32 MiB.
const MAX_CACHED_SMALL_LISTINGS: usize = 8192;

/// The objects of a repository and of its alternates.
///
/// [`Objects::verified`] hashes the bytes of an object again and compares them with its id; [`Objects::read`] trusts the store.
pub struct Objects {
    pub(crate) packs: Packs,
    reader: Mutex<Reader>,
    loose: Mutex<gix::OdbHandle>,
    /// The objects of a push that its hooks have not accepted yet.
    quarantine: Option<Mutex<gix::odb::Handle>>,
    /// Fetches what a partial clone lacks, if the command does that.
    pub(crate) lazy: Mutex<Option<Missing>>,
    remedy: Remedy,
    /// Recently listed large directories, verified and parsed, the newest at the end: base, tip and head share most of them.
    listings: Mutex<Vec<(ObjectId, Arc<Listing>)>>,
    /// Small directories: a path of sixty of them is looked up as fast as a short one.
    small_listings: Mutex<BTreeMap<ObjectId, Arc<Listing>>>,
    /// Recently read small blobs, verified: several rules read the same file, and many plugins contain equal files.
    blobs: Mutex<BlobCache>,
    hash: gix::hash::Kind,
    /// The limits on what is read.
    pub limits: Limits,
}

/// Where the objects of a repository are.
pub(crate) struct Stores {
    /// Every object directory.
    pub(crate) directories: Vec<PathBuf>,
    /// The one of the quarantine.
    pub(crate) quarantine: Option<PathBuf>,
}

impl Objects {
    pub(crate) fn open(
        repository: &gix::ThreadSafeRepository,
        stores: Stores,
        limits: Limits,
        remedy: Remedy,
    ) -> Result<Objects> {
        let local = repository.to_thread_local();
        let mut loose = local.objects;
        loose.ignore_replacements = true;
        let hash = repository.to_thread_local().object_hash();
        let packs = Packs::open(&stores.directories, hash)?;
        let quarantine = stores.quarantine.map(|directory| gix::odb::at(directory, hash)).transpose();
        let quarantine = quarantine.map_err(|error| corrupt("the quarantine of the push", error))?;
        Ok(Objects {
            packs,
            reader: Mutex::default(),
            blobs: Mutex::default(),
            loose: Mutex::new(loose),
            quarantine: quarantine.map(Mutex::new),
            lazy: Mutex::default(),
            remedy,
            listings: Mutex::default(),
            small_listings: Mutex::default(),
            hash,
            limits,
        })
    }

    pub(crate) fn remedy(&self) -> &Remedy {
        &self.remedy
    }

    /// Returns the length of the ids of this repository in bytes: 20 or 32.
    #[must_use]
    pub fn id_length(&self) -> usize {
        self.hash.len_in_bytes()
    }

    /// Reads an object of a known kind into `buffer`; trusts the store that the bytes belong to `id`.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Corrupt`] (wrong kind, broken delta), [`Error::TooLarge`].
    pub fn read(&self, id: ObjectId, kind: ObjectKind, limit: u64, buffer: &mut Vec<u8>) -> Result<()> {
        let found = match self.read_any(id, limit, buffer)? {
            Some(found) => found,
            None if self.fetch_lazily(id, kind)? => {
                self.read_any(id, limit, buffer)?.ok_or_else(|| self.missing(id, kind))?
            }
            None => return Err(self.missing(id, kind)),
        };
        if found == kind {
            return Ok(());
        }
        Err(Error::Corrupt {
            what: id.to_string(),
            reason: format!("it is a {found:?}, not a {kind:?}").into(),
        })
    }

    /// Reads an object like [`Objects::read`] and verifies its id by hashing the bytes.
    ///
    /// # Errors
    /// As [`Objects::read`], and [`Error::Corrupt`] when the bytes have another id.
    pub fn verified(&self, id: ObjectId, kind: ObjectKind, limit: u64, buffer: &mut Vec<u8>) -> Result<()> {
        self.read(id, kind, limit, buffer)?;
        if self.hash_of(kind, buffer)? == id {
            return Ok(());
        }
        Err(Error::Corrupt {
            what: format!("object {id}"),
            reason: "its content has a different id: the object store is damaged or forged".into(),
        })
    }

    /// Lists a tree object and verifies its id.
    ///
    /// # Errors
    /// As [`Objects::verified`], and [`Error::Corrupt`] when an entry is cut short.
    pub(crate) fn list(&self, tree: ObjectId) -> Result<Arc<Listing>> {
        let mut listings = lock(&self.listings);
        if let Some(at) = listings.iter().rposition(|(known, _)| *known == tree) {
            // The entry moves to the end, so that directories in frequent use stay cached.
            let known = listings.remove(at);
            let listing = known.1.clone();
            listings.push(known);
            return Ok(listing);
        }
        drop(listings);
        if let Some(known) = lock(&self.small_listings).get(&tree) {
            return Ok(known.clone());
        }
        let mut buffer = Vec::new();
        self.verified(tree, ObjectKind::Tree, self.limits.tree, &mut buffer)?;
        let listing = Arc::new(tree::parse(tree, &buffer)?);
        if buffer.len() <= MAX_SMALL_TREE_BYTES {
            let mut small = lock(&self.small_listings);
            if small.len() >= MAX_CACHED_SMALL_LISTINGS {
                small.clear();
            }
            small.insert(tree, listing.clone());
            return Ok(listing);
        }
        let mut listings = lock(&self.listings);
        if listings.len() >= MAX_CACHED_LISTINGS {
            listings.remove(0);
        }
        listings.push((tree, listing.clone()));
        Ok(listing)
    }

    /// Computes the id of an object.
    ///
    /// # Errors
    /// When SHA-1 detects a known collision attack.
    pub fn hash_of(&self, kind: ObjectKind, data: &[u8]) -> Result<ObjectId> {
        self.hash_parts(kind, data.len() as u64, &[data])
    }

    /// Returns the id that a file's content has in a repository with ids like this one: SHA-1 or SHA-256.
    ///
    /// # Errors
    /// When the hash cannot be computed.
    pub fn blob_id_like(id: ObjectId, content: &[u8]) -> Result<ObjectId> {
        let kind = if id.as_bytes().len() == 20 { gix::hash::Kind::Sha1 } else { gix::hash::Kind::Sha256 };
        let mut hasher = gix::hash::hasher(kind);
        hasher.update(&gix::objs::encode::loose_header(gix::objs::Kind::Blob, content.len() as u64));
        hasher.update(content);
        let id = hasher.try_finalize().map_err(|error| corrupt("an object", error))?;
        Ok(crate::object_id::to_id(&id))
    }

    /// Computes the id of an object that is given in parts with `length` bytes in total.
    pub(crate) fn hash_parts(&self, kind: ObjectKind, length: u64, parts: &[&[u8]]) -> Result<ObjectId> {
        let mut hasher = gix::hash::hasher(self.hash);
        hasher.update(&gix::objs::encode::loose_header(to_gix(kind), length));
        parts.iter().for_each(|part| hasher.update(part));
        let id = hasher.try_finalize().map_err(|error| corrupt("an object", error))?;
        Ok(crate::object_id::to_id(&id))
    }

    /// Returns whether an object exists, without reading it.
    #[must_use]
    pub fn contains(&self, id: ObjectId) -> bool {
        use gix::objs::Exists as _;
        // An id with the length of the other hash never exists in this repository.
        id.as_bytes().len() == self.id_length()
            && (self.packs.locate(&id).is_some()
                || lock(&self.loose).exists(&from_id(&id))
                || self.quarantine.as_ref().is_some_and(|store| lock(store).exists(&from_id(&id))))
    }

    /// Reads the header lines of a commit.
    ///
    /// # Errors
    /// When the object is missing, unreadable or not a commit.
    pub fn commit(&self, id: ObjectId) -> Result<CommitHeader> {
        thread_local!(static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
        BUFFER.with_borrow_mut(|buffer| {
            self.read(id, ObjectKind::Commit, self.limits.commit, buffer)?;
            CommitHeader::parse(id, buffer)
        })
    }

    /// Follows annotated tags to a commit.
    ///
    /// # Errors
    /// When an object is missing, or the last one is not a commit.
    pub fn peel_to_commit(&self, id: ObjectId) -> Result<ObjectId> {
        let mut at = id;
        let mut buffer = Vec::new();
        // Nobody nests tags three times; ten is generous.
        for _ in 0..10 {
            match self.read_any(at, self.limits.commit, &mut buffer)? {
                None => return Err(self.missing(at, ObjectKind::Commit)),
                Some(ObjectKind::Commit) => return Ok(at),
                Some(ObjectKind::Tag) => {
                    let line = buffer.split(|&byte| byte == b'\n').next().unwrap_or_default();
                    at = line.strip_prefix(b"object ").and_then(ObjectId::from_hex).ok_or_else(|| {
                        Error::Corrupt { what: format!("tag {at}"), reason: "it has no object line".into() }
                    })?;
                }
                Some(kind) => {
                    let reason = format!("it is a {kind:?}, not a commit");
                    return Err(Error::Corrupt { what: at.to_string(), reason: reason.into() });
                }
            }
        }
        Err(Error::Corrupt { what: id.to_string(), reason: "tags nest too deeply".into() })
    }

    fn read_any(&self, id: ObjectId, limit: u64, buffer: &mut Vec<u8>) -> Result<Option<ObjectKind>> {
        if id.as_bytes().len() != self.id_length() {
            return Ok(None);
        }
        if let Some(place) = self.packs.locate(&id) {
            return lock(&self.reader).read(&self.packs, place, limit, buffer).map(Some);
        }
        self.read_loose(id, limit, buffer)
    }

    fn read_loose(&self, id: ObjectId, limit: u64, buffer: &mut Vec<u8>) -> Result<Option<ObjectKind>> {
        let found = read_store(&*lock(&self.loose), id, limit, buffer)?;
        match (&self.quarantine, found) {
            (Some(quarantine), None) => read_store(&*lock(quarantine), id, limit, buffer),
            (_, found) => Ok(found),
        }
    }

    fn missing(&self, id: ObjectId, kind: ObjectKind) -> Error {
        let wanted_for = match kind {
            ObjectKind::Commit => "a commit of the history",
            ObjectKind::Tree => "a directory of a checked commit",
            ObjectKind::Blob => "a file of a checked commit",
            ObjectKind::Tag => "a tag",
        };
        Error::Missing { id: id.to_string(), wanted_for: wanted_for.into(), help: self.remedy.help(kind) }
    }
}

fn read_store(
    store: &(impl gix::objs::Find + gix::objs::FindHeader),
    id: ObjectId,
    limit: u64,
    buffer: &mut Vec<u8>,
) -> Result<Option<ObjectKind>> {
    let id = from_id(&id);
    let unreadable = |error| corrupt(format!("object {id}"), error);
    let Some(header) = store.try_header(&id).map_err(unreadable)? else { return Ok(None) };
    if header.size > limit {
        return Err(Error::TooLarge { what: format!("object {id}"), size: header.size, limit });
    }
    let found = store.try_find(&id, buffer).map_err(unreadable)?;
    Ok(found.map(|data| from_gix(data.kind)))
}

/// Small blobs by id; the cache is emptied when it is full.
#[derive(Default)]
struct BlobCache {
    blobs: BTreeMap<ObjectId, Arc<[u8]>>,
    bytes: usize,
}

/// The largest blob that is cached: most files that rules read are smaller.
const MAX_CACHED_BLOB_BYTES: usize = 16 << 10;
/// The size of the blob cache: enough for the documents of a few hundred plugins.
const MAX_BLOB_CACHE_BYTES: usize = 4 << 20;

impl Objects {
    /// Reads and verifies a blob; small ones are cached.
    pub(crate) fn blob(&self, id: ObjectId, limit: u64) -> Result<Vec<u8>> {
        if let Some(known) = lock(&self.blobs).blobs.get(&id).filter(|known| known.len() as u64 <= limit) {
            return Ok(known.to_vec());
        }
        let mut buffer = Vec::new();
        self.verified(id, ObjectKind::Blob, limit, &mut buffer)?;
        if buffer.len() <= MAX_CACHED_BLOB_BYTES {
            let mut cache = lock(&self.blobs);
            if cache.bytes + buffer.len() > MAX_BLOB_CACHE_BYTES {
                *cache = BlobCache::default();
            }
            cache.bytes += buffer.len();
            cache.blobs.insert(id, buffer.as_slice().into());
        }
        Ok(buffer)
    }
}

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
