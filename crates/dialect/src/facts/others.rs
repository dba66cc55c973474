//! Facts about other manifests and documents of the repository. Each file is read and parsed once, as far as memory allows.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use artifact::{Format, Value, tolerant};
use policy::Dialect;
use snapshot::{Error, Mode, RepoPath, Result, Snapshot};

use super::build::{list, mapping, null, string};
use super::lossy;
use crate::discovery::{Discovery, FoundManifest};
use crate::manifest::Manifest;

/// The bytes of manifests that are kept parsed; others are read again.
const MAX_KEPT_BYTES: usize = 64 << 20;

/// The manifests of a dialect by the canonical form of a value.
type ByValue = BTreeMap<String, Vec<RepoPath>>;

/// What the facts of all manifests share.
pub struct RepositoryFacts<'r> {
    pub(super) snapshot: &'r dyn Snapshot,
    discovery: &'r Discovery<'r>,
    /// `owner/name` of the repository, where it is known.
    pub(super) remote: Option<String>,
    kept: Mutex<Kept>,
    /// By pack, first line of the dialect in it, and pointer.
    by_value: Mutex<HashMap<(String, u32, String), Arc<ByValue>>>,
    others: Mutex<HashMap<(String, String), Value>>,
}

#[derive(Default)]
struct Kept {
    bytes: usize,
    manifests: HashMap<RepoPath, Arc<Manifest>>,
}

impl<'r> RepositoryFacts<'r> {
    /// The facts of a tree with these manifests.
    #[must_use]
    pub fn new(
        snapshot: &'r dyn Snapshot,
        discovery: &'r Discovery<'r>,
        remote: Option<String>,
    ) -> RepositoryFacts<'r> {
        RepositoryFacts {
            snapshot,
            discovery,
            remote,
            kept: Mutex::default(),
            by_value: Mutex::default(),
            others: Mutex::default(),
        }
    }

    /// Reads a manifest, once.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn open(&self, found: &FoundManifest<'_>) -> Result<Arc<Manifest>> {
        if let Some(manifest) = locked(&self.kept).manifests.get(&found.node.path) {
            return Ok(Arc::clone(manifest));
        }
        let manifest = found.open(self.snapshot)?;
        let mut kept = locked(&self.kept);
        if kept.bytes + manifest.text.len() <= MAX_KEPT_BYTES {
            kept.bytes += manifest.text.len();
            kept.manifests.insert(found.node.path.clone(), Arc::clone(&manifest));
        }
        Ok(manifest)
    }

    /// Returns the other manifests of a dialect with the same value at a pointer.
    pub(super) fn same(&self, dialect: &Dialect, manifest: &Manifest, pointer: &str) -> Result<Value> {
        let own = manifest.document.as_ref().ok().and_then(|document| document.pointer(pointer));
        let Some(own) = own else { return Ok(list([])) };
        let by_value = self.by_value(dialect, pointer)?;
        let others = by_value.get(&own.canonical()).map(Vec::as_slice).unwrap_or_default();
        let others = others.iter().filter(|path| **path != manifest.path);
        Ok(list(others.map(|path| string(&lossy(path.as_bytes())))))
    }

    fn by_value(&self, dialect: &Dialect, pointer: &str) -> Result<Arc<ByValue>> {
        let key = (dialect.pack.clone(), dialect.origin.line, pointer.to_string());
        if let Some(known) = locked(&self.by_value).get(&key) {
            return Ok(Arc::clone(known));
        }
        let mut found = ByValue::new();
        for other in self.discovery.manifests.iter().filter(|other| std::ptr::eq(other.dialect, dialect)) {
            let manifest = self.open(other)?;
            if let Some(value) =
                manifest.document.as_ref().ok().and_then(|document| document.pointer(pointer))
            {
                found.entry(value.canonical()).or_default().push(other.node.path.clone());
            }
        }
        let found = Arc::new(found);
        locked(&self.by_value).insert(key, Arc::clone(&found));
        Ok(found)
    }

    /// Returns the values at a pointer of every manifest of a pack.
    pub(super) fn other(&self, pack: &str, pointer: &str) -> Result<Value> {
        let key = (pack.to_string(), pointer.to_string());
        if let Some(known) = locked(&self.others).get(&key) {
            return Ok(known.clone());
        }
        let mut found = Vec::new();
        for other in self.discovery.manifests.iter().filter(|other| other.dialect.pack == pack) {
            let manifest = self.open(other)?;
            if let Some(value) =
                manifest.document.as_ref().ok().and_then(|document| document.pointer(pointer))
            {
                let path = string(&lossy(other.node.path.as_bytes()));
                found.push(mapping([("path", path), ("value", value.clone())]));
            }
        }
        let found = list(found);
        locked(&self.others).insert(key, found.clone());
        Ok(found)
    }

    /// Returns the document at a path; null where it does not exist or cannot be read.
    pub(super) fn document(&self, path: Option<&RepoPath>) -> Result<Value> {
        let Some(path) = path else { return Ok(null()) };
        Ok(self.read(path)?.and_then(std::result::Result::ok).unwrap_or_else(null))
    }

    /// Returns why the document at a path cannot be read; `None` where it can, or does not exist.
    pub(super) fn fault_of(&self, path: &RepoPath) -> Result<Option<String>> {
        let fault = self.read(path)?.and_then(std::result::Result::err);
        Ok(fault.map(|message| format!("{} cannot be read: {message}", lossy(path.as_bytes()))))
    }

    fn read(&self, path: &RepoPath) -> Result<Option<std::result::Result<Value, String>>> {
        let Some(node) = self.snapshot.find(path)? else { return Ok(None) };
        if !matches!(node.object.mode, Mode::File | Mode::Executable) {
            return Ok(Some(Err(format!("it is {}", node.object.mode.kind()))));
        }
        let Some(format) = Format::of_path(path) else {
            return Ok(Some(Err("its format is unknown".into())));
        };
        match self.snapshot.read(&node, tolerant::LIMITS.bytes as u64) {
            Err(Error::TooLarge { size, limit, .. }) => {
                Ok(Some(Err(format!("it has {size} bytes; the limit is {limit}"))))
            }
            other => {
                let read = tolerant::read(format, &other?, &tolerant::LIMITS);
                Ok(Some(read.map_err(|error| error.message)))
            }
        }
    }
}

/// A panic while a value was inserted leaves the map whole.
fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
