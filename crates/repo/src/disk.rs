//! Files outside the object store: event files, policies of operators, reports and caches. Writes are atomic.

use std::io::{Read as _, Write as _};
use std::path::Path;

use snapshot::{Cause, Error, Mode, Result};

use crate::error::io;

/// Reads a file of at most `limit` bytes; `None` if it does not exist.
///
/// A pipe is read only where the path names one that is already open, as `/dev/stdin` and `<(COMMAND)` do.
///
/// # Errors
/// When it is larger, or cannot be read; [`Error::Refused`] where it is a FIFO, a socket or a device.
pub fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>> {
    // Opening a FIFO would wait for a writer, and reading a device may never end.
    let waits = |there: std::fs::Metadata| !there.is_file() && !there.is_dir();
    if !is_handed_over(path) && std::fs::metadata(path).is_ok_and(waits) {
        return Err(Error::Refused {
            what: format!("{} is not a regular file", path.display()),
            help: "name a regular file; a pipe is read as /dev/stdin".into(),
        });
    }
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(path, error)),
    };
    // The length is only a capacity hint: the file can grow meanwhile.
    let length = file.metadata().map(|there| there.len().min(limit)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0).saturating_add(1).min(64 << 20));
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| io(path, error))?;
    if bytes.len() as u64 > limit {
        return Err(Error::TooLarge { what: path.display().to_string(), size: bytes.len() as u64, limit });
    }
    Ok(Some(bytes))
}

/// Returns whether a path names a file that the caller of the process opened for it, or the empty device.
fn is_handed_over(path: &Path) -> bool {
    let Some(path) = path.to_str() else { return false };
    let is_descriptor = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let in_process = |rest: &str| {
        rest.split_once("/fd/").is_some_and(|(process, fd)| {
            (matches!(process, "self" | "thread-self") || is_descriptor(process)) && is_descriptor(fd)
        })
    };
    matches!(path, "/dev/stdin" | "/dev/null")
        || path.strip_prefix("/dev/fd/").is_some_and(is_descriptor)
        || path.strip_prefix("/proc/").is_some_and(in_process)
}

/// Reads a cache file; `None` for whatever cannot be read as one: a missing or too large file, a FIFO, a directory.
#[must_use]
pub fn read_cache(path: &Path, limit: u64) -> Option<Vec<u8>> {
    // Opening a FIFO would wait for a writer.
    let is_file = std::fs::metadata(path).is_ok_and(|found| found.is_file());
    if is_file { read(path, limit).ok().flatten() } else { None }
}

/// Creates a file atomically, and never replaces one. Creates missing parent directories.
///
/// # Errors
/// When the path exists already, or the system refuses.
pub fn create(path: &Path, bytes: &[u8]) -> Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).map_err(|error| io(directory, error))?;
    let temporary = temporary(path);
    let result = (|| {
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        // A hard link fails if the path exists; a rename would replace the file.
        std::fs::hard_link(&temporary, path)
    })();
    // The temporary name is no longer needed, with or without an error.
    let _ = std::fs::remove_file(&temporary);
    result.map_err(|error| io(path, error))
}

/// Creates a file, like [`create`], that only its owner can read.
///
/// # Errors
/// As [`create`].
pub fn create_private(path: &Path, bytes: &[u8]) -> Result<()> {
    create_with(path, bytes, 0o600)
}

/// Creates an executable file, like [`create`]; creates missing parent directories.
///
/// # Errors
/// As [`create`].
pub fn create_program(path: &Path, bytes: &[u8]) -> Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).map_err(|error| io(directory, error))?;
    create_with(path, bytes, 0o755)
}

/// Refuses a path inside a directory that goes through a link: a file written there would end up elsewhere.
///
/// # Errors
/// [`Error::Refused`], with the link's name.
pub fn refuse_links(root: &Path, path: &Path) -> Result<()> {
    let mut place = root.to_path_buf();
    for part in path {
        place.push(part);
        if place.symlink_metadata().is_ok_and(|found| found.file_type().is_symlink()) {
            let shown = place.strip_prefix(root).unwrap_or(&place).display();
            return Err(Error::Refused {
                what: format!("{shown} is a link: files are not written through links"),
                help: "replace it with a directory or a regular file".into(),
            });
        }
    }
    Ok(())
}

/// Returns whether a file is executable.
#[must_use]
pub fn is_program(path: &Path) -> bool {
    #[cfg(unix)]
    let may =
        |found: std::fs::Metadata| std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let may = |found: std::fs::Metadata| found.is_file();
    std::fs::metadata(path).is_ok_and(may)
}

#[cfg_attr(not(unix), expect(unused_variables, reason = "only Unix has file modes"))]
fn create_with(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| io(path, error))
}

/// Writes a file atomically but without a sync: for caches, which can be regenerated.
///
/// # Errors
/// When the system refuses.
pub fn write_cache(path: &Path, bytes: &[u8]) -> Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).map_err(|error| io(directory, error))?;
    let temporary = temporary(path);
    let result = std::fs::write(&temporary, bytes).and_then(|()| std::fs::rename(&temporary, path));
    result.map_err(|error| io(path, error))
}

/// Moves a file or a directory to a path that does not exist.
///
/// # Errors
/// When the system refuses.
pub fn relocate(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(|error| io(from, error))
}

/// Returns when a file was modified, in seconds since 1970; `None` if it does not exist.
#[must_use]
pub fn modified(path: &Path) -> Option<i64> {
    let time = path.symlink_metadata().ok()?.modified().ok()?;
    let since = time.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_secs()).ok()
}

/// Removes a file.
///
/// # Errors
/// When the system refuses.
pub fn remove(path: &Path) -> Result<()> {
    std::fs::remove_file(path).map_err(|error| io(path, error))
}

/// Creates a directory and its missing parents.
///
/// # Errors
/// When the system refuses.
pub fn make_directory(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|error| io(path, error))
}

/// Creates a new directory; returns `false` if the path exists.
///
/// # Errors
/// When the system refuses.
pub fn make_new_directory(path: &Path) -> Result<bool> {
    match std::fs::create_dir(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(io(path, error)),
    }
}

/// Appends to a file that another process reads; creates it if it does not exist.
///
/// # Errors
/// When the system refuses.
pub fn append(path: &Path, bytes: &[u8]) -> Result<()> {
    let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(bytes)).map_err(|error| io(path, error))
}

/// A file of a directory tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundFile {
    /// The path relative to the directory, with `/`.
    pub path: Vec<u8>,
    /// Whether it is a regular file or a link.
    pub mode: Mode,
    /// The content of the file, or the target of the link.
    pub bytes: Vec<u8>,
}

/// Reads every regular file in a directory tree and the target of every link, up to `limit` bytes in total.
///
/// # Errors
/// When an entry is neither a regular file, a link nor a directory, the total is over `limit`, or the system refuses.
pub fn files(directory: &Path, limit: u64) -> Result<Vec<FoundFile>> {
    let mut found = Vec::new();
    let mut left = limit;
    let mut pending = vec![(directory.to_path_buf(), Vec::new())];
    while let Some((place, inside)) = pending.pop() {
        for entry in std::fs::read_dir(&place).map_err(|error| io(&place, error))? {
            let entry = entry.map_err(|error| io(&place, error))?;
            let name = gix::path::os_string_into_bstring(entry.file_name());
            let name = name.map_err(|error| Error::Io {
                what: place.display().to_string(),
                reason: Cause::new(error),
            })?;
            let path =
                if inside.is_empty() { name.to_vec() } else { [inside.as_slice(), b"/", &name].concat() };
            let kind = entry.file_type().map_err(|error| io(&entry.path(), error))?;
            if kind.is_dir() {
                pending.push((entry.path(), path));
            } else if kind.is_file() {
                let bytes = read(&entry.path(), left)?.unwrap_or_default();
                left -= bytes.len() as u64;
                found.push(FoundFile { path, mode: Mode::File, bytes });
            } else if kind.is_symlink() {
                let target = std::fs::read_link(entry.path()).map_err(|error| io(&entry.path(), error))?;
                let bytes = target.as_os_str().as_encoded_bytes().to_vec();
                found.push(FoundFile { path, mode: Mode::Link, bytes });
            } else {
                return Err(Error::Refused {
                    what: format!("{} is neither a file nor a directory", entry.path().display()),
                    help: "remove it".into(),
                });
            }
        }
    }
    Ok(found)
}

/// Waits for the exclusive lock on a lock file; it is released when the returned file is dropped or the process ends.
///
/// A link is never followed: the file would be created somewhere else.
///
/// # Errors
/// [`Error::Refused`] where the path is not a regular file; else when the system refuses.
pub fn lock(path: &Path) -> Result<std::fs::File> {
    // `create_new` does not follow a link, and an existing file is opened without the right to create one.
    let opened = match std::fs::OpenOptions::new().write(true).create_new(true).open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            let kind = path.symlink_metadata().map_err(|error| io(path, error))?.file_type();
            if !kind.is_file() {
                let what = if kind.is_symlink() { "a link" } else { "not a regular file" };
                return Err(Error::Refused {
                    what: format!("the lock file {} is {what}", path.display()),
                    help: "remove it".into(),
                });
            }
            std::fs::OpenOptions::new().write(true).open(path)
        }
        opened => opened,
    };
    opened.and_then(|file| file.lock().map(|()| file)).map_err(|error| io(path, error))
}

/// Returns the permission bits of a file: `0o600`; `None` where the system has none.
///
/// # Errors
/// When the file does not exist, or the system refuses.
#[cfg_attr(not(unix), expect(clippy::unnecessary_wraps, reason = "only Unix has file modes"))]
pub fn permissions(path: &Path) -> Result<Option<u32>> {
    #[cfg(unix)]
    {
        let found = std::fs::metadata(path).map_err(|error| io(path, error))?;
        Ok(Some(std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o777))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        Ok(None)
    }
}

fn temporary(path: &Path) -> std::path::PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    // A random name: nobody can create a link with this name in advance.
    let random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), std::process::id());
    name.push(format!(".{random:016x}.tmp"));
    path.with_file_name(name)
}

/// Writes a file atomically: to a temporary name in the same directory, synced, then renamed. Creates missing parent directories.
///
/// # Errors
/// When the system refuses; the old file then still exists.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    // A device or a pipe is written to directly: a rename would replace it with a file.
    if path.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        let file = std::fs::OpenOptions::new().write(true).open(path);
        return file.and_then(|mut file| file.write_all(bytes)).map_err(|error| io(path, error));
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).map_err(|error| io(directory, error))?;
    let temporary = temporary(path);
    let result = (|| {
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    })();
    if result.is_err() {
        // The incomplete file is useless; it does not matter if it is gone already.
        let _ = std::fs::remove_file(&temporary);
    }
    result.map_err(|error| io(path, error))
}
