//! Appending: all of a batch or nothing of it, whatever happens on the way.
//!
//! The checkpoint's rename is the commit point. Lines that stand behind it are of an append that never ended: readers ignore them, and only a writer, under
//! the lock, cuts them off. Fewer lines than the checkpoint covers, or others, are never repaired: the writer refuses.

use std::fs::File;
use std::path::Path;

use repo::Folder;
use snapshot::{Error, Result};
use tlog::{Checkpoint, Hash, SigningKey};

use crate::files::{CHECKPOINT, LOG_KEY, SEGMENT, segment_name, segment_number};
use crate::{Batch, Place, Reading, kept};

/// A ledger, locked for writing.
pub struct Writer {
    folder: Folder,
    /// The ledger, and what was made since.
    pub batch: Batch,
    /// How many bytes of an append that never ended were cut off.
    cut: u64,
    _lock: File,
}

impl Writer {
    /// Waits for the lock, reads the ledger, and holds it to its checkpoint. `floor` is the size that is known from elsewhere, as from git:
    /// a ledger that is shorter lost lines, and nothing behind its checkpoint is cut off. `kept` is what the last writer kept: it saves reading
    /// what stands.
    ///
    /// # Errors
    /// When the ledger is not what its checkpoint says, or a line of it is not as it must be, or the system refuses.
    pub fn open(folder: &Path, lock: &Path, floor: u64, kept: Option<Vec<u8>>) -> Result<Writer> {
        let lock = repo::disk::lock(lock)?;
        let folder = Folder::create(folder)?;
        let read = match kept.map(|kept| kept::take_up(&folder, kept)).transpose()?.flatten() {
            Some(read) => read,
            None => Reading::default().read(&folder, &mut |_, _| {})?,
        };
        // A stale copy of the key is no damage: it is written anew with the next checkpoint.
        if let Some(fault) = read.faults.iter().find(|fault| fault.file != LOG_KEY) {
            let line = fault.line.map(|line| format!(":{}", line % SEGMENT + 1)).unwrap_or_default();
            return Err(Error::Refused {
                what: format!("{}/{}{line}: {}", folder.path().display(), fault.file, fault.message),
                help:
                    "nothing was written; a damaged ledger is never repaired by itself: restore it from git"
                        .into(),
            });
        }
        if read.size() < floor {
            return Err(Error::Refused {
                what: format!(
                    "the checkpoint covers {} lines, and the one in git {floor}: it was put back, or lines were lost",
                    read.size()
                ),
                help: "nothing was written; restore both: git checkout HEAD -- .ledger".into(),
            });
        }
        let mut writer = Writer { folder, batch: Batch::new(read), cut: 0, _lock: lock };
        writer.cut_tail()?;
        writer.write_key()?;
        Ok(writer)
    }

    /// Returns how many bytes of an append that never ended were cut off.
    #[must_use]
    pub fn cut(&self) -> u64 {
        self.cut
    }

    fn cut_tail(&mut self) -> Result<()> {
        let end = self.batch.read.end;
        let names = self.folder.names()?;
        let segments = names.iter().filter_map(|name| Some((segment_number(name)?, name)));
        for (number, name) in segments {
            let length = self.folder.length(name)?.unwrap_or(0);
            let kept = if number == end.segment { end.offset } else { 0 };
            if number > end.segment || number == end.segment && length > kept {
                self.cut += length - kept;
                match kept {
                    0 => self.folder.remove(name)?,
                    kept => self.folder.cut(name, kept)?,
                }
            }
        }
        // What was to be renamed, and never was: the lock says that nobody works on it.
        for name in names.iter().filter(|name| name.starts_with('.') && name.ends_with(".tmp")) {
            self.folder.remove(name)?;
        }
        self.folder.sync()
    }

    /// Writes what was made, and the checkpoint that covers it, signed by the log's key and by the others that are given.
    ///
    /// Returns the checkpoint, and what the next writer can take up.
    ///
    /// # Errors
    /// When the log's key is not at hand, or the system refuses. Then nothing of the batch counts.
    pub fn commit(mut self, origin: &str, keys: &[&SigningKey]) -> Result<(Checkpoint, Option<Vec<u8>>)> {
        let checkpoint = self.batch.checkpoint(origin, keys)?;
        if self.batch.read.checkpoint.is_none() {
            // Lines without any checkpoint are damage, not the beginning of a ledger.
            let empty = Checkpoint { size: 0, root: Hash::empty(), ..checkpoint.clone() };
            self.folder.replace(CHECKPOINT, empty.sign(keys).as_bytes())?;
        }
        self.write_lines()?;
        self.folder.replace(CHECKPOINT, checkpoint.sign(keys).as_bytes())?;
        self.write_key()?;
        Ok((checkpoint, kept::write_down(&self.folder, &self.batch.read)?))
    }

    /// Writes the key that the lines name, where the copy beside them is another: an append may have ended before it was written.
    fn write_key(&self) -> Result<()> {
        let Some(key) = self.batch.read.machine.log().and_then(|log| log.key.as_ref()) else { return Ok(()) };
        let text = format!("{key}\n");
        if self.folder.read(LOG_KEY, 4096)?.as_deref() == Some(text.as_bytes()) {
            Ok(())
        } else {
            self.folder.replace(LOG_KEY, text.as_bytes())
        }
    }

    /// Writes the whole batch behind the committed end, and syncs it, before any checkpoint speaks of it.
    fn write_lines(&mut self) -> Result<()> {
        let mut grew = false;
        for (place, bytes) in self.batch.pieces() {
            grew |= place.offset == 0;
            self.folder.append(&segment_name(place.segment), place.offset, &bytes)?;
            self.batch.read.end = Place { offset: place.offset + bytes.len() as u64, ..place };
        }
        // A new segment's name must last before the checkpoint that counts on it.
        if grew {
            self.folder.sync()?;
        }
        Ok(())
    }
}

/// Makes a checkpoint that covers every line, of a ledger whose lines are sound though the checkpoint does not cover them: after a merge of two ledgers.
///
/// # Errors
/// When a line is not as it must be, the old checkpoint is not of these lines, or the system refuses.
pub fn renew(folder: &Path, lock: &Path, key: Option<&SigningKey>) -> Result<Checkpoint> {
    let _lock = repo::disk::lock(lock)?;
    let folder = Folder::open(folder)?;
    let reading = Reading { whole: true, ..Reading::default() };
    let read = reading.read(&folder, &mut |_, _| {})?;
    let refuse = |what: String| Error::Refused { what, help: "nothing was written".into() };
    if let Some(fault) = read.faults.iter().find(|fault| fault.line.is_some()) {
        return Err(refuse(format!("{}: {}", fault.file, fault.message)));
    }
    let log = read.machine.log().ok_or_else(|| refuse("there is no ledger here".into()))?;
    let old = read.checkpoint.as_ref().map(|opened| &opened.checkpoint);
    if old.is_some_and(|old| read.roots.get(&old.size) != Some(&old.root)) {
        return Err(refuse("the lines do not continue the checkpoint".into()));
    }
    if log.key.as_ref() != key.map(SigningKey::verifier) {
        return Err(refuse("the key that signs the log is not at hand".into()));
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
