//! A directory whose files are written durably: after a crash a file has the old content or the new one.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use snapshot::{Error, Result};

use crate::error::io;

/// A directory, opened before any write, so that its entries can be synced.
///
/// A failed sync ends the operation: the state on disk is then unknown, and a second sync could succeed without writing anything.
pub struct Folder {
    path: PathBuf,
    handle: File,
}

impl Folder {
    /// Opens a directory; creates it if it does not exist.
    ///
    /// # Errors
    /// When it is a link or not a directory, or the system refuses.
    pub fn create(path: &Path) -> Result<Folder> {
        if let Some(above) = path.parent().filter(|_| path.symlink_metadata().is_err()) {
            // The parent of a name alone is written as an empty path.
            let above = if above.as_os_str().is_empty() { Path::new(".") } else { above };
            std::fs::create_dir(path).map_err(|error| io(path, error))?;
            File::open(above).and_then(|above| above.sync_all()).map_err(|error| io(above, error))?;
        }
        Folder::open(path)
    }

    /// Opens an existing directory.
    ///
    /// # Errors
    /// When it does not exist, is a link or not a directory, or the system refuses.
    pub fn open(path: &Path) -> Result<Folder> {
        let kind = path.symlink_metadata().map_err(|error| io(path, error))?.file_type();
        if !kind.is_dir() {
            return Err(Error::Refused {
                what: format!("{} is not a directory", path.display()),
                help: "replace it with a directory".into(),
            });
        }
        let handle = File::open(path).map_err(|error| io(path, error))?;
        Ok(Folder { path: path.into(), handle })
    }

    /// Returns the path of the directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the length of a file; `None` if it does not exist.
    ///
    /// # Errors
    /// When it is not a regular file, or the system refuses.
    pub fn length(&self, name: &str) -> Result<Option<u64>> {
        let path = self.path.join(name);
        match path.symlink_metadata() {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(io(&path, error)),
            Ok(metadata) if metadata.is_file() => Ok(Some(metadata.len())),
            Ok(_) => Err(Error::Refused {
                what: format!("{} is not a regular file", path.display()),
                help: "replace it with a regular file".into(),
            }),
        }
    }

    /// Returns file metadata that changes with the content: length, modification and change time in seconds and nanoseconds, inode. `None` if
    /// the file does not exist, or the system has no such metadata.
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
            let metadata = path.symlink_metadata().map_err(|error| io(&path, error))?;
            let (length, inode) = (metadata.len().cast_signed(), metadata.ino().cast_signed());
            Ok(Some([
                length,
                metadata.mtime(),
                metadata.mtime_nsec(),
                metadata.ctime(),
                metadata.ctime_nsec(),
                inode,
            ]))
        }
        #[cfg(not(unix))]
        {
            let _ = name;
            Ok(None)
        }
    }

    /// Reads a file of at most `limit` bytes; `None` if it does not exist.
    ///
    /// # Errors
    /// When it is larger, is not a regular file, or cannot be read.
    pub fn read(&self, name: &str, limit: u64) -> Result<Option<Vec<u8>>> {
        match self.length(name)? {
            None => Ok(None),
            Some(_) => crate::disk::read(&self.path.join(name), limit),
        }
    }

    /// Appends to a file that is `from` bytes long, and syncs it; creates it if it does not exist.
    ///
    /// # Errors
    /// When the file has another length, or the system refuses. What was written then is cut again, unless the system refuses that as well.
    pub fn append(&self, name: &str, from: u64, bytes: &[u8]) -> Result<()> {
        let found = self.length(name)?.unwrap_or(0);
        let path = self.path.join(name);
        if found != from {
            let reason = format!("it has {found} bytes instead of {from}: another process changed it");
            return Err(Error::Io { what: path.display().to_string(), reason: reason.into() });
        }
        let file = OpenOptions::new().append(true).create(true).open(&path);
        let written = file.and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        written.map_err(|error| {
            self.cut(name, from);
            io(&path, error)
        })
    }

    /// Cuts a file to `length` bytes, or removes it if nothing remains, after an error: another error changes nothing about the first one.
    pub fn cut(&self, name: &str, length: u64) {
        if self.length(name).is_ok_and(|found| found.is_some_and(|found| found > length || found == 0)) {
            let _ = match length {
                0 => self.remove(name),
                length => self.truncate(name, length),
            };
        }
    }

    /// Removes the temporary files that interrupted replacements of a file left. The caller has a lock that excludes other writers.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn remove_leftovers(&self, name: &str) -> Result<()> {
        let is_left = |other: &&String| {
            let number = other.strip_prefix(&format!(".{name}.")).and_then(|rest| rest.strip_suffix(".tmp"));
            number
                .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        };
        self.names()?.iter().filter(is_left).try_for_each(|name| self.remove(name))
    }

    /// Truncates a file to `length` bytes and syncs it.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn truncate(&self, name: &str, length: u64) -> Result<()> {
        let path = self.path.join(name);
        let file = OpenOptions::new().write(true).open(&path);
        file.and_then(|file| {
            file.set_len(length)?;
            file.sync_all()
        })
        .map_err(|error| io(&path, error))
    }

    /// Removes a file.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn remove(&self, name: &str) -> Result<()> {
        let path = self.path.join(name);
        std::fs::remove_file(&path).map_err(|error| io(&path, error))
    }

    /// Replaces a file atomically: writes a temporary file, syncs and renames it, then syncs the directory.
    ///
    /// # Errors
    /// When the system refuses. Before the rename the old file is unchanged; after an error of the last sync the new one may be lost in a crash.
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
            // The incomplete file is useless; it does not matter if it is gone already.
            let _ = std::fs::remove_file(&temporary);
            return Err(io(&path, error));
        }
        self.sync()
    }

    /// Syncs the entries of the directory.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn sync(&self) -> Result<()> {
        self.handle.sync_all().map_err(|error| io(&self.path, error))
    }

    /// Returns the names in the directory, sorted.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn names(&self) -> Result<Vec<String>> {
        let entries = std::fs::read_dir(&self.path).map_err(|error| io(&self.path, error))?;
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| io(&self.path, error))?;
            names.extend(entry.file_name().into_string().ok());
        }
        names.sort();
        Ok(names)
    }
}
