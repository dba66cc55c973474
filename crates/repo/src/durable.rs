//! A folder whose files grow so that a crash leaves the old state or the new one: written, synced, and only then named.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use snapshot::{Error, Result};

use crate::open::io;

/// A folder, opened before anything in it is written, so that its entries can be synced.
///
/// An error of a sync ends whatever was being done: what the system holds then is not known, and a second sync would say that all is well.
pub struct Folder {
    path: PathBuf,
    handle: File,
}

impl Folder {
    /// Opens a folder; makes it where it is not there.
    ///
    /// # Errors
    /// When it is a link, is no folder, or the system refuses.
    pub fn create(path: &Path) -> Result<Folder> {
        if let Some(above) = path.parent().filter(|_| path.symlink_metadata().is_err()) {
            std::fs::create_dir(path).map_err(|error| io(path, &error))?;
            File::open(above).and_then(|above| above.sync_all()).map_err(|error| io(above, &error))?;
        }
        Folder::open(path)
    }

    /// Opens a folder that is there.
    ///
    /// # Errors
    /// When it is not, is a link or no folder, or the system refuses.
    pub fn open(path: &Path) -> Result<Folder> {
        let kind = path.symlink_metadata().map_err(|error| io(path, &error))?.file_type();
        if !kind.is_dir() {
            return Err(Error::Refused {
                what: format!("{} is no folder", path.display()),
                help: "put a folder in its place".into(),
            });
        }
        let handle = File::open(path).map_err(|error| io(path, &error))?;
        Ok(Folder { path: path.into(), handle })
    }

    /// Returns where the folder is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns how long a file is; `None` where there is none.
    ///
    /// # Errors
    /// When something else than a regular file stands there, or the system refuses.
    pub fn length(&self, name: &str) -> Result<Option<u64>> {
        let path = self.path.join(name);
        match path.symlink_metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io(&path, &error)),
            Ok(metadata) if metadata.is_file() => Ok(Some(metadata.len())),
            Ok(_) => Err(Error::Refused {
                what: format!("{} is no regular file", path.display()),
                help: "put a regular file in its place".into(),
            }),
        }
    }

    /// Returns what the system says of a file without reading it: length, times of change in seconds and nanoseconds, inode. Whoever changes the
    /// content changes one of them. `None` where there is no file, or the system tells no such things.
    ///
    /// # Errors
    /// As [`Folder::length`].
    pub fn signature(&self, name: &str) -> Result<Option<[i64; 6]>> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt as _;
            if self.length(name)?.is_none() {
                return Ok(None);
            }
            let path = self.path.join(name);
            let told = path.symlink_metadata().map_err(|error| io(&path, &error))?;
            let (length, inode) = (told.len().cast_signed(), told.ino().cast_signed());
            Ok(Some([length, told.mtime(), told.mtime_nsec(), told.ctime(), told.ctime_nsec(), inode]))
        }
        #[cfg(not(unix))]
        {
            let _ = name;
            Ok(None)
        }
    }

    /// Reads a file of at most `limit` bytes; `None` where there is none.
    ///
    /// # Errors
    /// When it is larger, no regular file, or cannot be read.
    pub fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        match self.length(name)? {
            None => Ok(None),
            Some(_) => crate::disk::read(&self.path.join(name), limit),
        }
    }

    /// Adds bytes at the end of a file, which is `from` bytes long, and syncs it; makes it where it is not there.
    ///
    /// # Errors
    /// When the file has another length, or the system refuses: then part of the bytes may stand there.
    pub fn append(&self, name: &str, from: u64, bytes: &[u8]) -> Result<()> {
        let found = self.length(name)?.unwrap_or(0);
        let path = self.path.join(name);
        if found != from {
            let reason = format!("it is {found} bytes long, and {from} were read: somebody else writes it");
            return Err(Error::Io { what: path.display().to_string(), reason });
        }
        let file = OpenOptions::new().append(true).create(true).open(&path);
        file.and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .map_err(|error| io(&path, &error))
    }

    /// Cuts a file off after `length` bytes and syncs it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn cut(&self, name: &str, length: u64) -> Result<()> {
        let path = self.path.join(name);
        let file = OpenOptions::new().write(true).open(&path);
        file.and_then(|file| {
            file.set_len(length)?;
            file.sync_all()
        })
        .map_err(|error| io(&path, &error))
    }

    /// Removes a file.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn remove(&self, name: &str) -> Result<()> {
        let path = self.path.join(name);
        std::fs::remove_file(&path).map_err(|error| io(&path, &error))
    }

    /// Puts a file in the place of another, whole: written beside it, synced, renamed; then the folder is synced.
    ///
    /// # Errors
    /// When the system refuses. Up to the rename the old file stands; an error after it says that the new one may not last.
    pub fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        self.length(name)?;
        let path = self.path.join(name);
        let temporary = self.path.join(format!(".{name}.{}.tmp", std::process::id()));
        let written = File::create(&temporary).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()?;
            drop(file);
            std::fs::rename(&temporary, &path)
        });
        if let Err(error) = written {
            // The half-written file is of no use; that it may be gone already changes nothing.
            let _ = std::fs::remove_file(&temporary);
            return Err(io(&path, &error));
        }
        self.sync()
    }

    /// Syncs the folder's entries.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn sync(&self) -> Result<()> {
        self.handle.sync_all().map_err(|error| io(&self.path, &error))
    }

    /// Returns the names in the folder, sorted.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn names(&self) -> Result<Vec<String>> {
        let entries = std::fs::read_dir(&self.path).map_err(|error| io(&self.path, &error))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| io(&self.path, &error))?;
            names.extend(entry.file_name().into_string().ok());
        }
        names.sort();
        Ok(names)
    }
}
