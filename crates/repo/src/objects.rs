//! The object store: packs read directly, loose objects and the rest through gix; every read is bounded.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard};

use snapshot::{Error, Listing, ObjectId, Result};

use crate::commit::CommitHeader;
use crate::open::{Limits, chain, from_id};
use crate::pack::{Packs, Reader};
use crate::tree;

/// What an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// A commit.
    Commit,
    /// A directory.
    Tree,
    /// A file's content.
    Blob,
    /// An annotated tag.
    Tag,
}

/// How many listings are kept: the directories on the way to two files, twice.
const LISTINGS: usize = 12;

/// The objects of a repository and of its alternates.
///
/// An object id is a promise about bytes; [`Objects::verified`] holds the store to it, [`Objects::read`] takes its word.
pub struct Objects {
    pub(crate) packs: Packs,
    reader: Mutex<Reader>,
    loose: Mutex<gix::OdbHandle>,
    /// Directories listed lately, hashed and parsed, the last one at the end: base, tip and head share most of theirs.
    listings: Mutex<Vec<(ObjectId, Arc<Listing>)>>,
    /// Small blobs read lately, hashed: several rules read the same file, and many plugins have the same ones.
    blobs: Mutex<Lately>,
    hash: gix::hash::Kind,
    /// The bounds on what is read.
    pub limits: Limits,
}

impl Objects {
    pub(crate) fn open(
        repository: &gix::ThreadSafeRepository,
        stores: &[PathBuf],
        limits: Limits,
    ) -> Result<Objects> {
        let local = repository.to_thread_local();
        let mut loose = local.objects;
        loose.ignore_replacements = true;
        let hash = repository.to_thread_local().object_hash();
        let packs = Packs::open(stores, hash)?;
        Ok(Objects {
            packs,
            reader: Mutex::default(),
            blobs: Mutex::default(),
            loose: Mutex::new(loose),
            listings: Mutex::default(),
            hash,
            limits,
        })
    }

    /// Returns how many bytes an id of this repository has: 20 or 32.
    #[must_use]
    pub fn id_length(&self) -> usize {
        self.hash.len_in_bytes()
    }

    /// Reads an object of a known kind into `buffer`, trusting the store that these are the bytes of `id`.
    ///
    /// # Errors
    /// [`Error::Missing`], [`Error::Corrupt`] (wrong kind, broken delta), [`Error::TooLarge`].
    pub fn read(&self, id: ObjectId, kind: ObjectKind, limit: u64, buffer: &mut Vec<u8>) -> Result<()> {
        let found = match self.read_any(id, limit, buffer)? {
            Some(found) => found,
            None => return Err(self.missing(id, kind)),
        };
        if found == kind {
            return Ok(());
        }
        Err(Error::Corrupt { what: id.to_string(), reason: format!("it is a {found:?}, not a {kind:?}") })
    }

    /// As [`Objects::read`], and holds the store to the id: the bytes are hashed again.
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
            reason: "its bytes have another id: the object store is damaged or forged".into(),
        })
    }

    /// Lists a tree object, hashed again when it is read.
    ///
    /// # Errors
    /// As [`Objects::verified`], and [`Error::Corrupt`] when an entry is cut short.
    pub(crate) fn list(&self, tree: ObjectId) -> Result<Arc<Listing>> {
        let mut listings = lock(&self.listings);
        if let Some(at) = listings.iter().rposition(|(known, _)| *known == tree) {
            // What is asked for again and again, as a large folder is, stays.
            let known = listings.remove(at);
            let listing = known.1.clone();
            listings.push(known);
            return Ok(listing);
        }
        drop(listings);
        let mut buffer = Vec::new();
        self.verified(tree, ObjectKind::Tree, self.limits.tree, &mut buffer)?;
        let listing = Arc::new(tree::parse(tree, &buffer)?);
        let mut listings = lock(&self.listings);
        if listings.len() >= LISTINGS {
            listings.remove(0);
        }
        listings.push((tree, listing.clone()));
        Ok(listing)
    }

    /// Computes the id of an object.
    ///
    /// # Errors
    /// When SHA-1 meets a known collision attack.
    pub fn hash_of(&self, kind: ObjectKind, data: &[u8]) -> Result<ObjectId> {
        self.hash_parts(kind, data.len() as u64, &[data])
    }

    /// Computes the id of an object given in parts of together `length` bytes.
    pub(crate) fn hash_parts(&self, kind: ObjectKind, length: u64, parts: &[&[u8]]) -> Result<ObjectId> {
        let mut hasher = gix::hash::hasher(self.hash);
        hasher.update(&gix::objs::encode::loose_header(to_gix(kind), length));
        parts.iter().for_each(|part| hasher.update(part));
        let id = hasher
            .try_finalize()
            .map_err(|error| Error::Corrupt { what: "an object".into(), reason: chain(&error) })?;
        Ok(crate::open::to_id(&id))
    }

    /// Tells whether an object is there, without reading it.
    #[must_use]
    pub fn contains(&self, id: ObjectId) -> bool {
        use gix::objs::Exists as _;
        // An id of the other length names nothing here, whoever wrote it down.
        id.as_bytes().len() == self.id_length()
            && (self.packs.locate(&id).is_some() || lock(&self.loose).exists(&from_id(&id)))
    }

    /// Reads the header lines of a commit.
    ///
    /// # Errors
    /// When the commit is missing, unreadable or no commit.
    pub fn commit(&self, id: ObjectId) -> Result<CommitHeader> {
        thread_local!(static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) });
        BUFFER.with_borrow_mut(|buffer| {
            self.read(id, ObjectKind::Commit, self.limits.commit, buffer)?;
            CommitHeader::parse(id, buffer)
        })
    }

    /// Follows annotated tags to the commit they name.
    ///
    /// # Errors
    /// When the object is missing or leads to something that is no commit.
    pub fn peel_to_commit(&self, id: ObjectId) -> Result<ObjectId> {
        let mut at = id;
        let mut buffer = Vec::new();
        // A tag of a tag of a tag is already unheard of.
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
                    return Err(Error::Corrupt { what: at.to_string(), reason });
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
        use gix::objs::{Find as _, FindHeader as _};
        let handle = lock(&self.loose);
        let id = from_id(&id);
        let failed = |error: &dyn std::error::Error| Error::Corrupt {
            what: format!("object {id}"),
            reason: chain(error),
        };
        let header = handle.try_header(&id).map_err(|error| failed(&error))?;
        let Some(header) = header else { return Ok(None) };
        if header.size > limit {
            return Err(Error::TooLarge { what: format!("object {id}"), size: header.size, limit });
        }
        let found = handle.try_find(&id, buffer).map_err(|error| failed(&error))?;
        Ok(found.map(|data| from_gix(data.kind)))
    }

    fn missing(&self, id: ObjectId, kind: ObjectKind) -> Error {
        let wanted_for = match kind {
            ObjectKind::Commit => "a commit of the history",
            ObjectKind::Tree => "a directory of a judged commit",
            ObjectKind::Blob => "a file of a judged commit",
            ObjectKind::Tag => "a tag",
        };
        Error::Missing { id: id.to_string(), wanted_for: wanted_for.into() }
    }
}

/// Small blobs by id; all are forgotten when they become too many.
#[derive(Default)]
struct Lately {
    blobs: BTreeMap<ObjectId, Arc<[u8]>>,
    bytes: usize,
}

/// The largest blob that is kept for a while, in bytes, and the most of all of them.
const SMALL: usize = 16 << 10;
const MOST_KEPT: usize = 4 << 20;

impl Objects {
    /// Reads a blob after hashing it; a small one that was read lately is not read again.
    pub(crate) fn blob(&self, id: ObjectId, limit: u64) -> Result<Vec<u8>> {
        if let Some(known) = lock(&self.blobs).blobs.get(&id).filter(|known| known.len() as u64 <= limit) {
            return Ok(known.to_vec());
        }
        let mut buffer = Vec::new();
        self.verified(id, ObjectKind::Blob, limit, &mut buffer)?;
        if buffer.len() <= SMALL {
            let mut lately = lock(&self.blobs);
            if lately.bytes + buffer.len() > MOST_KEPT {
                *lately = Lately::default();
            }
            lately.bytes += buffer.len();
            lately.blobs.insert(id, buffer.as_slice().into());
        }
        Ok(buffer)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

pub(crate) fn from_gix(kind: gix::objs::Kind) -> ObjectKind {
    match kind {
        gix::objs::Kind::Commit => ObjectKind::Commit,
        gix::objs::Kind::Tree => ObjectKind::Tree,
        gix::objs::Kind::Blob => ObjectKind::Blob,
        gix::objs::Kind::Tag => ObjectKind::Tag,
    }
}

pub(crate) fn to_gix(kind: ObjectKind) -> gix::objs::Kind {
    match kind {
        ObjectKind::Commit => gix::objs::Kind::Commit,
        ObjectKind::Tree => gix::objs::Kind::Tree,
        ObjectKind::Blob => gix::objs::Kind::Blob,
        ObjectKind::Tag => gix::objs::Kind::Tag,
    }
}
