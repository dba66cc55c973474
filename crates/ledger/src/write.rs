//! Atomic appends: either the whole batch is committed or nothing, even after a crash.
//!
//! Renaming the checkpoint is the commit point. Lines beyond it come from an interrupted append: readers ignore them, and only a writer that owns
//! the lock removes them. If lines that the checkpoint covers are missing or changed, nothing is repaired: the writer refuses.

use std::fs::File;
use std::path::Path;

use repo::Folder;
use snapshot::{Error, Result};
use tlog::{Checkpoint, Hash, SigningKey};

use crate::files::{self, CHECKPOINT, LOG_KEY, SEGMENT, segment_name, segment_number};
use crate::{Batch, Position, ReadOptions, cache};

/// A ledger, locked for writing.
pub struct Writer {
    folder: Folder,
    /// The ledger, and the lines appended since.
    pub batch: Batch,
    /// The number of bytes of an interrupted append that were removed.
    truncated: u64,
    _lock: File,
}

impl Writer {
    /// Waits for the lock, reads the ledger and verifies it against its checkpoint. `min_size` is the size known from elsewhere, such as git:
    /// a shorter ledger lost lines, and then nothing is removed. `cached` is the cache of the last writer: it saves reading the existing lines.
    ///
    /// # Errors
    /// When the ledger does not match its checkpoint, a line is invalid, or a file operation fails.
    pub fn open(folder: &Path, lock: &Path, min_size: u64, cached: Option<Vec<u8>>) -> Result<Writer> {
        let lock = repo::disk::lock(lock)?;
        let folder = Folder::create(folder)?;
        let read = match cached.map(|cached| cache::load(&folder, cached)).transpose()?.flatten() {
            Some(read) => read,
            None => ReadOptions::default().read(&folder, &mut |_, _| {})?,
        };
        // An outdated copy of the key is not a fault: it is written again with the next checkpoint.
        if let Some(fault) = read.faults.iter().find(|fault| fault.file != LOG_KEY) {
            let line = fault.line.map(|line| format!(":{}", line % SEGMENT + 1)).unwrap_or_default();
            return Err(Error::Refused {
                what: format!("{}/{}{line}: {}", folder.path().display(), fault.file, fault.message),
                help: "nothing was written; restore the ledger: git checkout HEAD -- .ledger".into(),
            });
        }
        if read.size() < min_size {
            return Err(Error::Refused {
                what: format!(
                    "the checkpoint covers {} lines, but the one in git covers {min_size}: lines were lost, or an old checkpoint was restored",
                    read.size()
                ),
                help: "nothing was written; restore both: git checkout HEAD -- .ledger".into(),
            });
        }
        let mut writer = Writer { folder, batch: Batch::new(read), truncated: 0, _lock: lock };
        writer.remove_tail()?;
        writer.write_key()?;
        Ok(writer)
    }

    /// Returns the number of bytes of an interrupted append that were removed.
    #[must_use]
    pub fn truncated(&self) -> u64 {
        self.truncated
    }

    fn remove_tail(&mut self) -> Result<()> {
        let end = self.batch.read.end;
        let names = self.folder.names()?;
        let segments = names.iter().filter_map(|name| Some((segment_number(name)?, name)));
        for (number, name) in segments {
            let length = self.folder.length(name)?.unwrap_or(0);
            let keep = if number == end.segment { end.offset } else { 0 };
            if number > end.segment || number == end.segment && length > keep {
                self.truncated += length - keep;
                match keep {
                    0 => self.folder.remove(name)?,
                    keep => self.folder.truncate(name, keep)?,
                }
            }
        }
        // Temporary files that were never renamed: with the lock, no other writer uses them.
        for name in names.iter().filter(|name| name.starts_with('.') && name.ends_with(".tmp")) {
            self.folder.remove(name)?;
        }
        self.folder.sync()
    }

    /// Writes the batch and the checkpoint that covers it, signed by all given keys.
    ///
    /// Returns the checkpoint, and the cache for the next writer.
    ///
    /// # Errors
    /// When the signing key of the log is missing, or a file operation fails. Then nothing of the batch is committed, and what was written is cut.
    pub fn commit(mut self, origin: &str, keys: &[&SigningKey]) -> Result<(Checkpoint, Option<Vec<u8>>)> {
        let checkpoint = self.batch.checkpoint(origin, keys)?;
        let end = self.batch.read.end;
        let signed = checkpoint.sign(keys);
        let begins = self.batch.read.checkpoint.is_none();
        let written = if begins {
            // Lines without a checkpoint are a fault, so the first append writes an empty checkpoint first.
            let empty = Checkpoint { size: 0, root: Hash::empty(), ..checkpoint.clone() };
            self.folder.replace(CHECKPOINT, empty.sign(keys).as_bytes())
        } else {
            Ok(())
        };
        let written = written.and_then(|()| self.write_lines());
        if let Err(error) = written.and_then(|()| self.folder.replace(CHECKPOINT, signed.as_bytes())) {
            self.undo(end, begins, signed.as_bytes());
            return Err(error);
        }
        self.write_key()?;
        Ok((checkpoint, cache::store(&self.folder, &self.batch.read)?))
    }

    /// Cuts the lines of a batch that could not be committed; an error here leaves them to the next writer.
    fn undo(&self, end: Position, begins: bool, signed: &[u8]) {
        // After the rename of the checkpoint the batch is committed, whatever failed then.
        let is_committed = |bytes: Option<Vec<u8>>| bytes.is_some_and(|bytes| bytes == signed);
        if files::read_checkpoint(&self.folder).map_or(true, is_committed) {
            return;
        }
        for (position, _) in self.batch.pieces_from(end) {
            self.folder.cut(&segment_name(position.segment), position.offset);
        }
        if begins {
            let _ = self.folder.remove(CHECKPOINT);
        }
    }

    /// Writes the copy of the log key if it is outdated: an append may have been interrupted before it was written.
    fn write_key(&self) -> Result<()> {
        let Some(key) = self.batch.read.machine.log().and_then(|log| log.key.as_ref()) else { return Ok(()) };
        let text = format!("{key}\n");
        if self.folder.read(LOG_KEY, 4096)?.as_deref() == Some(text.as_bytes()) {
            Ok(())
        } else {
            self.folder.replace(LOG_KEY, text.as_bytes())
        }
    }

    /// Writes and syncs the batch after the committed end, before a checkpoint covers it.
    fn write_lines(&mut self) -> Result<()> {
        let mut grew = false;
        for (position, bytes) in self.batch.pieces() {
            grew |= position.offset == 0;
            self.folder.append(&segment_name(position.segment), position.offset, &bytes)?;
            self.batch.read.end = Position { offset: position.offset + bytes.len() as u64, ..position };
        }
        // The directory entry of a new segment must be durable before the checkpoint that covers it.
        if grew {
            self.folder.sync()?;
        }
        Ok(())
    }
}

/// Writes a checkpoint that covers all lines of a valid ledger, after a merge of two ledgers.
///
/// # Errors
/// When a line is invalid, the lines do not extend the old checkpoint, or a file operation fails.
pub fn renew(folder: &Path, lock: &Path, key: Option<&SigningKey>) -> Result<Checkpoint> {
    let _lock = repo::disk::lock(lock)?;
    let folder = Folder::open(folder)?;
    let reading = ReadOptions { whole: true, ..ReadOptions::default() };
    let read = reading.read(&folder, &mut |_, _| {})?;
    let refuse = |what: String| Error::Refused { what, help: "nothing was written".into() };
    if let Some(fault) = read.faults.iter().find(|fault| fault.line.is_some()) {
        return Err(refuse(format!("{}: {}", fault.file, fault.message)));
    }
    let log = read.machine.log().ok_or_else(|| refuse("no ledger found; run: id-ledger record".into()))?;
    let old = read.checkpoint.as_ref().map(|opened| &opened.checkpoint);
    if old.is_some_and(|old| read.roots.get(&old.size) != Some(&old.root)) {
        return Err(refuse("the lines do not extend the checkpoint".into()));
    }
    if log.key.as_ref() != key.map(SigningKey::verifier) {
        return Err(refuse("missing signing key of the log".into()));
    }
    let checkpoint = Checkpoint {
        origin: log.origin.clone(),
        size: read.size(),
        root: read.frontier.root(),
        extensions: Vec::new(),
    };
    let keys: Vec<&SigningKey> = key.into_iter().collect();
    folder.replace(CHECKPOINT, checkpoint.sign(&keys).as_bytes())?;
    Ok(checkpoint)
}
