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
    // The length is a guess that saves growing; what is read is what counts.
    let length = file.metadata().map(|there| there.len().min(limit)).unwrap_or(0);
    let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(0).saturating_add(1).min(64 << 20));
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
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&temporary)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        // A link is made or refused; a rename would replace what stands there.
        std::fs::hard_link(&temporary, path)
    })();
    // The name of its own is no longer needed, whatever came of it.
    let _ = std::fs::remove_file(&temporary);
    result.map_err(|error| io(path, &error))
}

/// Creates a file that only its owner reads, as [`create`] does.
///
/// # Errors
/// As [`create`].
pub fn create_private(path: &Path, bytes: &[u8]) -> Result<()> {
    create_with(path, bytes, 0o600)
}

/// Creates a program that anybody may run, as [`create`] does; makes the directories on the way.
///
/// # Errors
/// As [`create`].
pub fn create_program(path: &Path, bytes: &[u8]) -> Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).map_err(|error| io(directory, &error))?;
    create_with(path, bytes, 0o755)
}

/// Refuses a path below a folder that leads through a link: what is written there would land elsewhere.
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
                what: format!("{shown} is a link: nothing is written where it leads"),
                help: "put a directory or a regular file in its place".into(),
            });
        }
    }
    Ok(())
}

/// Tells whether a file may be run.
#[must_use]
pub fn is_program(path: &Path) -> bool {
    #[cfg(unix)]
    let may =
        |found: std::fs::Metadata| std::os::unix::fs::PermissionsExt::mode(&found.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let may = |found: std::fs::Metadata| found.is_file();
    std::fs::metadata(path).is_ok_and(may)
}

#[cfg_attr(not(unix), expect(unused_variables, reason = "modes are of unix"))]
fn create_with(path: &Path, bytes: &[u8], mode: u32) -> Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, mode);
    let written = options.open(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| io(path, &error))
}

/// Writes a file whole, and leaves it to the system when it lasts: for what can be made again.
///
/// # Errors
/// When the system refuses.
pub fn keep(path: &Path, bytes: &[u8]) -> Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).map_err(|error| io(directory, &error))?;
    let temporary = temporary(path);
    let result = std::fs::write(&temporary, bytes).and_then(|()| std::fs::rename(&temporary, path));
    result.map_err(|error| io(path, &error))
}

/// Moves a file or a directory to where nothing stands.
///
/// # Errors
/// When the system refuses.
pub fn relocate(from: &Path, to: &Path) -> Result<()> {
    std::fs::rename(from, to).map_err(|error| io(from, &error))
}

/// Removes a file.
///
/// # Errors
/// When the system refuses.
pub fn remove(path: &Path) -> Result<()> {
    std::fs::remove_file(path).map_err(|error| io(path, &error))
}

/// Makes a directory, and those on the way.
///
/// # Errors
/// When the system refuses.
pub fn make_directory(path: &Path) -> Result<()> {
    std::fs::create_dir_all(path).map_err(|error| io(path, &error))
}

/// Makes a directory that must be new; returns `false` where something stands already.
///
/// # Errors
/// When the system refuses.
pub fn make_new_directory(path: &Path) -> Result<bool> {
    match std::fs::create_dir(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(io(path, &error)),
    }
}

/// Appends to a file that somebody else reads; makes it where it is not there.
///
/// # Errors
/// When the system refuses.
pub fn append(path: &Path, bytes: &[u8]) -> Result<()> {
    let file = std::fs::OpenOptions::new().append(true).create(true).open(path);
    file.and_then(|mut file| file.write_all(bytes)).map_err(|error| io(path, &error))
}

/// Reads every regular file below a directory, and the target of every link, at most `limit` bytes together: the path inside it, parted by `/`, and the content.
///
/// # Errors
/// When something that is no regular file and no directory lies there, there is more, or the system refuses.
pub fn files(directory: &Path, limit: u64) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut found = Vec::new();
    let mut left = limit;
    let mut pending = vec![(directory.to_path_buf(), Vec::new())];
    while let Some((place, inside)) = pending.pop() {
        for entry in std::fs::read_dir(&place).map_err(|error| io(&place, &error))? {
            let entry = entry.map_err(|error| io(&place, &error))?;
            let name = gix::path::os_string_into_bstring(entry.file_name());
            let name = name.map_err(|error| Error::Io {
                what: place.display().to_string(),
                reason: error.to_string(),
            })?;
            let path =
                if inside.is_empty() { name.to_vec() } else { [inside.as_slice(), b"/", &name].concat() };
            let kind = entry.file_type().map_err(|error| io(&entry.path(), &error))?;
            if kind.is_dir() {
                pending.push((entry.path(), path));
            } else if kind.is_file() {
                let bytes = read(&entry.path(), left)?.unwrap_or_default();
                left -= bytes.len() as u64;
                found.push((path, bytes));
            } else if kind.is_symlink() {
                let target = std::fs::read_link(entry.path()).map_err(|error| io(&entry.path(), &error))?;
                found.push((path, target.as_os_str().as_encoded_bytes().to_vec()));
            } else {
                return Err(Error::Refused {
                    what: format!("{} is neither a file nor a directory", entry.path().display()),
                    help: "take it away".into(),
                });
            }
        }
    }
    Ok(found)
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
    // Nobody can foresee it, and lay a link in its place.
    let random = std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), std::process::id());
    name.push(format!(".{random:016x}.tmp"));
    path.with_file_name(name)
}

/// Writes a file whole: to a temporary name beside it, synced, then renamed. Makes the directories on the way.
///
/// # Errors
/// When the system refuses; what stood there before stands there still.
pub fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    // A device or a pipe is written to: a rename would put a file in its place.
    if path.metadata().is_ok_and(|there| !there.is_file() && !there.is_dir()) {
        let file = std::fs::OpenOptions::new().write(true).open(path);
        return file.and_then(|mut file| file.write_all(bytes)).map_err(|error| io(path, &error));
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(directory).map_err(|error| io(directory, &error))?;
    let temporary = temporary(path);
    let result = (|| {
        let mut file = std::fs::OpenOptions::new().write(true).create_new(true).open(&temporary)?;
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
