//! The ledger with its changes, before anything is written.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use ledger::files::{CHECKPOINT, FOLDER, Files, InSnapshot, LOG_KEY, MAX_SEGMENT_BYTES, segment_number};
use repo::Commit;
use snapshot::RepoPath;

use crate::error::CommandError;

/// The files of a ledger, with changed ones in front.
pub(super) struct OverlayFiles<'o> {
    pub(super) base: &'o dyn Files,
    pub(super) changed: BTreeMap<String, Vec<u8>>,
}

impl Files for OverlayFiles<'_> {
    fn read(&self, name: &str, limit: u64) -> snapshot::Result<Option<Vec<u8>>> {
        match self.changed.get(name) {
            Some(bytes) => Ok(Some(bytes.clone())),
            None => self.base.read(name, limit),
        }
    }

    fn names(&self) -> snapshot::Result<Vec<String>> {
        let mut names = self.base.names()?;
        names.extend(self.changed.keys().cloned());
        names.sort_unstable();
        names.dedup();
        Ok(names)
    }
}

/// Returns the files of the ledger on a separate branch.
pub(super) fn whole_ledger(beside: &Commit<'_>) -> Result<Vec<(RepoPath, Vec<u8>)>, CommandError> {
    let files = InSnapshot(beside);
    let mut found = Vec::new();
    for name in files.names()? {
        if segment_number(&name).is_some() || name == CHECKPOINT || name == LOG_KEY {
            let bytes = files.read(&name, MAX_SEGMENT_BYTES)?.unwrap_or_default();
            found.push((RepoPath::from(FOLDER).join(name.as_bytes()), bytes));
        }
    }
    Ok(found)
}

/// A ledger whose files are read only once, although lines, roots, tags and versions are read separately.
pub(super) struct CachedFiles<'f> {
    files: &'f dyn Files,
    read: Mutex<BTreeMap<String, Option<Vec<u8>>>>,
}

impl<'f> CachedFiles<'f> {
    pub(super) fn new(files: &'f dyn Files) -> CachedFiles<'f> {
        CachedFiles { files, read: Mutex::default() }
    }
}

impl Files for CachedFiles<'_> {
    fn read(&self, name: &str, limit: u64) -> snapshot::Result<Option<Vec<u8>>> {
        let mut known = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(bytes) =
            known.get(name).filter(|bytes| bytes.as_ref().is_none_or(|bytes| bytes.len() as u64 <= limit))
        {
            return Ok(bytes.clone());
        }
        let bytes = self.files.read(name, limit)?;
        known.insert(name.into(), bytes.clone());
        Ok(bytes)
    }

    fn names(&self) -> snapshot::Result<Vec<String>> {
        self.files.names()
    }
}
