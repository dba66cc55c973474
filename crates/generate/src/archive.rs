//! Archives that come out the same wherever they are made: no clock, no owner, no order but that of the names.

use std::io::{self, Write as _};

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path, parted by `/`.
    pub path: String,
    /// Whether it may be run.
    pub runs: bool,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Packs files as a tar archive (POSIX.1-1988 ustar, GNU long names); `time`, in seconds since 1970, is every file's.
///
/// # Errors
/// When a path cannot stand in an archive: it is absolute, or leads out of it.
pub fn tar(mut entries: Vec<Entry>, time: u64) -> io::Result<Vec<u8>> {
    entries.sort_by(|one, other| one.path.as_bytes().cmp(other.path.as_bytes()));
    let mut builder = Builder::new(Vec::new());
    for entry in entries {
        let leads_out = entry.path.split('/').any(|part| matches!(part, "" | "." | ".."));
        if leads_out {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, format!("`{}` leads out", entry.path)));
        }
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(if entry.runs { 0o755 } else { 0o644 });
        header.set_mtime(time);
        header.set_size(entry.bytes.len() as u64);
        builder.append_data(&mut header, &entry.path, entry.bytes.as_slice())?;
    }
    builder.into_inner()
}

/// Compresses bytes (RFC 1952), without name and time.
///
/// # Errors
/// Never for memory, but writing says so.
pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn entry(path: &str, runs: bool) -> Entry {
        Entry { path: path.into(), runs, bytes: path.as_bytes().to_vec() }
    }

    #[test]
    fn the_order_of_what_is_given_changes_nothing() {
        let long = format!("a/{}/x", "long".repeat(60));
        let one = tar(vec![entry("a/b", true), entry("a/c", false), entry(&long, false)], 7).unwrap();
        let other = tar(vec![entry(&long, false), entry("a/c", false), entry("a/b", true)], 7).unwrap();
        assert_eq!(one, other);
        let packed = gzip(&one).unwrap();
        let mut unpacked = Vec::new();
        flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut unpacked).unwrap();
        assert_eq!(unpacked, one);
        let mut archive = tar::Archive::new(one.as_slice());
        let found: Vec<(String, u32, u64)> = archive
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let header = entry.header();
                let path = entry.path().unwrap().to_string_lossy().into_owned();
                (path, header.mode().unwrap(), header.mtime().unwrap())
            })
            .collect();
        assert_eq!(found, [("a/b".into(), 0o755, 7), ("a/c".into(), 0o644, 7), (long, 0o644, 7)]);
    }

    #[test]
    fn no_path_leads_out() {
        for path in ["../a", "/a", "a//b", "a/../b", "./a", ""] {
            assert!(tar(vec![entry(path, false)], 0).is_err(), "{path}");
        }
    }
}
