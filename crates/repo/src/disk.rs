//! Files outside the object store: event files, operator's policies, reports and caches. Writes are whole or not at all.

use std::io::{Read as _, Write as _};
use std::path::Path;

use snapshot::{Error, Result};

use crate::open::io;

/// Reads a file of at most `limit` bytes; `None` where there is none.
///
/// # Errors
/// When it is larger, or cannot be read.
pub fn read(path: &Path, limit: u64) -> Result<Option<Vec<u8>>> {
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(path, &error)),
    };
    let mut bytes = Vec::new();
    file.take(limit + 1).read_to_end(&mut bytes).map_err(|error| io(path, &error))?;
    if bytes.len() as u64 > limit {
        return Err(Error::TooLarge { what: path.display().to_string(), size: bytes.len() as u64, limit });
    }
    Ok(Some(bytes))
}

/// Creates a file whole: never over another, and never half of it. Makes the directories on the way.
///
/// # Errors
/// When something stands there already, or the system refuses.
pub fn create(path: &Path, bytes: &[u8]) -> Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).map_err(|error| io(directory, &error))?;
    let temporary = temporary(path);
    let result = (|| {
        let mut file = std::fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        // A link is made or refused; a rename would replace what stands there.
        std::fs::hard_link(&temporary, path)
    })();
    // The name of its own is no longer needed, whatever came of it.
    let _ = std::fs::remove_file(&temporary);
    result.map_err(|error| io(path, &error))
}

/// Waits for the turn at a lock file; the turn ends when the returned file is dropped, or its process ends.
///
/// # Errors
/// When the system refuses.
pub fn lock(path: &Path) -> Result<std::fs::File> {
    let options = std::fs::OpenOptions::new().write(true).create(true).truncate(false).open(path);
    options.and_then(|file| file.lock().map(|()| file)).map_err(|error| io(path, &error))
}

fn temporary(path: &Path) -> std::path::PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.tmp", std::process::id()));
    path.with_file_name(name)
}

/// Writes a file whole: to a temporary name beside it, synced, then renamed. Makes the directories on the way.
///
/// # Errors
/// When the system refuses; what stood there before stands there still.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).map_err(|error| io(directory, &error))?;
    let temporary = temporary(path);
    let result = (|| {
        let mut file = std::fs::File::create(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        std::fs::rename(&temporary, path)
    })();
    if result.is_err() {
        // The half-written file is of no use; that it may be gone already changes nothing.
        let _ = std::fs::remove_file(&temporary);
    }
    result.map_err(|error| io(path, &error))
}
