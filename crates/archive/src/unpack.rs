//! Reads the archives of releases in memory: nothing is written, and whatever could be unsafe to unpack is refused.

use std::collections::BTreeSet;
use std::io::Read as _;

use flate2::bufread::GzDecoder;
use tar::{Archive, EntryType};
use thiserror::Error;

use crate::Entry;

/// The size of an unpacked archive: that of the largest artifact that can be published, and the headers of its files.
const MAX_UNPACKED_BYTES: u64 = (256 << 20) + (20_000 * 2048);
/// The number of files of an archive: as many as can be published.
const MAX_FILES: usize = 20_000;

/// Why an archive is refused.
#[derive(Debug, Error)]
pub enum UnpackError {
    /// The bytes are not a gzip-compressed tar archive.
    #[error("invalid archive: {0}")]
    Invalid(#[from] std::io::Error),
    /// Further bytes follow the archive.
    #[error("invalid archive: unexpected bytes after its end")]
    Trailing,
    /// The archive is larger than anything that can be published.
    #[error("the archive is too large: unpacked, it has more than {0}")]
    TooLarge(String),
    /// An entry that is not a file, or whose path is not safe.
    #[error("unsafe entry in the archive: {path}: {why}")]
    Unsafe {
        /// The path as it is written, with replacement characters for what is not UTF-8.
        path: String,
        /// The reason.
        why: &'static str,
    },
}

/// Reads the files of a gzip-compressed tar archive. Each path is relative, without `.` and `..`, and occurs once.
///
/// # Errors
/// When the archive is invalid or too large, or an entry is unsafe: a link, a device, a path that leads out.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Entry>, UnpackError> {
    let mut decoder = GzDecoder::new(bytes);
    let mut unpacked = Vec::new();
    decoder.by_ref().take(MAX_UNPACKED_BYTES + 1).read_to_end(&mut unpacked)?;
    if unpacked.len() as u64 > MAX_UNPACKED_BYTES {
        return Err(UnpackError::TooLarge(format!("{MAX_UNPACKED_BYTES} bytes")));
    }
    if !decoder.into_inner().is_empty() {
        return Err(UnpackError::Trailing);
    }
    let mut entries: Vec<Entry> = Vec::new();
    let mut paths = BTreeSet::new();
    for entry in Archive::new(unpacked.as_slice()).entries()? {
        let mut entry = entry?;
        let written = entry.path_bytes().into_owned();
        let refuse = |why| UnpackError::Unsafe { path: String::from_utf8_lossy(&written).into_owned(), why };
        if entry.header().entry_type() != EntryType::Regular {
            return Err(refuse("only regular files are allowed"));
        }
        let path = std::str::from_utf8(&written).map_err(|_| refuse("the path is not UTF-8"))?;
        check_path(path).map_err(refuse)?;
        if !paths.insert(path.to_string()) {
            return Err(refuse("the path occurs twice"));
        }
        if entries.len() == MAX_FILES {
            return Err(UnpackError::TooLarge(format!("{MAX_FILES} files")));
        }
        let executable = entry.header().mode()? & 0o111 != 0;
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        entries.push(Entry { path: path.into(), executable, bytes: content });
    }
    // A file cannot be a directory of another one.
    let above = |path: &str| path.match_indices('/').any(|(at, _)| paths.contains(&path[..at]));
    match paths.iter().find(|path| above(path)) {
        Some(path) => Err(UnpackError::Unsafe { path: path.clone(), why: "a file is also a directory" }),
        None => Ok(entries),
    }
}

fn check_path(path: &str) -> Result<(), &'static str> {
    if path.starts_with('/') || path.contains('\\') || path.contains(':') {
        return Err("the path is not relative");
    }
    if path.chars().any(char::is_control) {
        return Err("the path contains control characters");
    }
    let leads_out = path.split('/').any(|part| matches!(part, "" | "." | ".."));
    if leads_out { Err("the path leads out of the archive") } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use tar::{Builder, Header};

    use super::*;
    use crate::{gzip, tar as pack};

    fn file(path: &str) -> Entry {
        Entry { path: path.into(), executable: path.ends_with("run"), bytes: path.as_bytes().to_vec() }
    }

    /// An archive with entries that no safe packer writes: the path is put into the header as it is.
    fn raw(entries: &[(&[u8], EntryType)]) -> Vec<u8> {
        let mut builder = Builder::new(Vec::new());
        for (path, kind) in entries {
            let mut header = Header::new_gnu();
            header.as_mut_bytes()[..path.len()].copy_from_slice(path);
            header.set_entry_type(*kind);
            header.set_mode(0o644);
            header.set_size(0);
            if kind.is_symlink() || kind.is_hard_link() {
                header.set_link_name("../../etc/passwd").unwrap();
            }
            header.set_cksum();
            builder.append(&header, &[][..]).unwrap();
        }
        gzip(&builder.into_inner().unwrap()).unwrap()
    }

    fn refusal(bytes: &[u8]) -> String {
        unpack(bytes).unwrap_err().to_string()
    }

    #[test]
    fn what_was_packed_is_read_back() {
        let long = format!("t/{}/x", "long".repeat(60));
        let files = vec![file("t/a"), file("t/b/run"), file(&long)];
        let mut packed = files.clone();
        packed.sort_by(|one, other| one.path.cmp(&other.path));
        assert_eq!(unpack(&gzip(&pack(files, 7).unwrap()).unwrap()).unwrap(), packed);
    }

    #[test]
    fn unsafe_entries_are_refused() {
        let regular = EntryType::Regular;
        for (path, kind, why) in [
            (&b"/etc/passwd"[..], regular, "not relative"),
            (b"t/../../x", regular, "leads out"),
            (b"..", regular, "leads out"),
            (b"t//x", regular, "leads out"),
            (b"./x", regular, "leads out"),
            (b"t\\x", regular, "not relative"),
            (b"C:x", regular, "not relative"),
            (b"t/\x1b[2J", regular, "control characters"),
            (b"t/\xff", regular, "not UTF-8"),
            (b"t/x", EntryType::Symlink, "only regular files"),
            (b"t/x", EntryType::Link, "only regular files"),
            (b"t/x", EntryType::Char, "only regular files"),
            (b"t/x", EntryType::Fifo, "only regular files"),
            (b"t/", EntryType::Directory, "only regular files"),
        ] {
            let message = refusal(&raw(&[(path, kind)]));
            assert!(message.contains("unsafe entry") && message.contains(why), "{path:?}: {message}");
        }
        let twice = refusal(&raw(&[(b"t/x", regular), (b"t/x", regular)]));
        assert!(twice.contains("occurs twice"), "{twice}");
        let both = refusal(&raw(&[(b"t/x", regular), (b"t/x/y", regular)]));
        assert!(both.contains("also a directory"), "{both}");
    }

    #[test]
    fn broken_and_endless_archives_are_refused() {
        let packed = gzip(&pack(vec![file("t/a")], 0).unwrap()).unwrap();
        for at in [0, 1, packed.len() / 2, packed.len() - 1] {
            assert!(unpack(&packed[..at]).is_err(), "cut at {at}");
        }
        assert!(matches!(unpack(&[&packed[..], b"more"].concat()), Err(UnpackError::Trailing)));
        let bomb = gzip(&vec![0; usize::try_from(MAX_UNPACKED_BYTES).unwrap() + 2]).unwrap();
        assert!(bomb.len() < 1 << 20, "{}", bomb.len());
        assert!(matches!(unpack(&bomb), Err(UnpackError::TooLarge(_))));
    }
}
