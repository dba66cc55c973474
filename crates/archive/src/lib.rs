//! Reproducible archives: no clock, no owner, entries sorted by name.

mod unpack;

use std::io::{self, Write as _};

use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

pub use unpack::{UnpackError, unpack};

/// One file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its path, with `/` as separator.
    pub path: String,
    /// Whether it is executable.
    pub executable: bool,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// Packs files as a tar archive (POSIX.1-1988 ustar, GNU long names); all files get the modification time `time`, in seconds since 1970.
///
/// # Errors
/// When a path is absolute or leads out of the archive.
pub fn tar(entries: Vec<Entry>, time: u64) -> io::Result<Vec<u8>> {
    tar_with_links(entries, Vec::new(), time)
}

/// A hard link: another path of a file of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HardLink {
    /// The path of the link.
    pub path: String,
    /// The path of the file.
    pub target: String,
}

/// Packs files and hard links to them as [`tar`] does; the links follow the files.
///
/// # Errors
/// When a path is absolute or leads out of the archive, or a link names no file of it.
pub fn tar_with_links(mut entries: Vec<Entry>, mut links: Vec<HardLink>, time: u64) -> io::Result<Vec<u8>> {
    let invalid = |message: String| io::Error::new(io::ErrorKind::InvalidInput, message);
    let check_path = |path: &str| {
        let leads_out = path.split('/').any(|part| matches!(part, "" | "." | ".."));
        if leads_out { Err(invalid(format!("`{path}` leads out of the archive"))) } else { Ok(()) }
    };
    entries.sort_by(|one, other| one.path.as_bytes().cmp(other.path.as_bytes()));
    links.sort_by(|one, other| one.path.as_bytes().cmp(other.path.as_bytes()));
    let mut builder = Builder::new(Vec::new());
    for entry in &entries {
        check_path(&entry.path)?;
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_mode(if entry.executable { 0o755 } else { 0o644 });
        header.set_mtime(time);
        header.set_size(entry.bytes.len() as u64);
        builder.append_data(&mut header, &entry.path, entry.bytes.as_slice())?;
    }
    for link in links {
        check_path(&link.path)?;
        let target = entries.iter().find(|entry| entry.path == link.target);
        let target = target.ok_or_else(|| invalid(format!("`{}` links to no file", link.path)))?;
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Link);
        header.set_mode(if target.executable { 0o755 } else { 0o644 });
        header.set_mtime(time);
        header.set_size(0);
        builder.append_link(&mut header, &link.path, &link.target)?;
    }
    builder.into_inner()
}

/// Compresses bytes with gzip (RFC 1952), without name and time.
///
/// # Errors
/// Never, because it writes to memory; the interface of writers requires it.
pub fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = GzBuilder::new().mtime(0).write(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use super::*;

    fn entry(path: &str, executable: bool) -> Entry {
        Entry { path: path.into(), executable, bytes: path.as_bytes().to_vec() }
    }

    #[test]
    fn the_order_of_entries_does_not_change_the_bytes() {
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
    fn a_hard_link_is_another_name_of_a_file() {
        let link = |path: &str, target: &str| vec![HardLink { path: path.into(), target: target.into() }];
        let files = || vec![entry("t/z", true)];
        let packed = tar_with_links(files(), link("t/a", "t/z"), 0).unwrap();
        let mut archive = tar::Archive::new(packed.as_slice());
        let last = archive.entries().unwrap().last().unwrap().unwrap();
        let header = last.header();
        assert_eq!((header.entry_type(), header.mode().unwrap()), (EntryType::Link, 0o755));
        assert_eq!(last.path().unwrap().to_str(), Some("t/a"));
        assert_eq!(last.link_name().unwrap().unwrap().to_str(), Some("t/z"));
        for (path, target) in [("t/a", "t/b"), ("../a", "t/z"), ("t/a", "../z")] {
            assert!(tar_with_links(files(), link(path, target), 0).is_err(), "{path} {target}");
        }
    }

    #[test]
    fn paths_that_lead_out_are_refused() {
        for path in ["../a", "/a", "a//b", "a/../b", "./a", ""] {
            assert!(tar(vec![entry(path, false)], 0).is_err(), "{path}");
        }
    }
}
