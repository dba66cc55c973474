//! Reads the archives of releases in memory: nothing is written, and whatever could be unsafe to unpack is refused.

use std::collections::BTreeSet;
use std::io::Read as _;

use flate2::bufread::GzDecoder;
use tar::{Archive, EntryType};
use thiserror::Error;

use crate::{Entry, tar as pack};

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
    /// The archive is not one that [`crate::tar`] and [`crate::gzip`] write: programs could unpack it differently.
    #[error("the archive was not written by id-release pack: {0}")]
    Foreign(&'static str),
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

/// Reads the files of an archive that [`crate::tar`] and [`crate::gzip`] wrote. Each path is relative, without `.` and `..`, and occurs once.
///
/// Programs disagree on what other archives contain: which of two extended headers counts, whether a size or a sparse map overrides the
/// header, what follows the end marker. So the files that were read are packed again, and must give the same bytes.
///
/// # Errors
/// When the archive is invalid, too large or written in another way, or an entry is unsafe: a link, a device, a path that leads out.
pub fn unpack(bytes: &[u8]) -> Result<Vec<Entry>, UnpackError> {
    // The flags of gzip announce a file name, a comment or further fields; the reserved ones are errors to some programs only.
    if bytes.get(3).is_some_and(|flags| *flags != 0) {
        return Err(UnpackError::Foreign("its gzip header has further fields"));
    }
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
    let mut time = None;
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
        if time.is_none() {
            time = Some(entry.header().mtime()?);
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content)?;
        entries.push(Entry { path: path.into(), executable, bytes: content });
    }
    // A file cannot be a directory of another one.
    let above = |path: &str| path.match_indices('/').any(|(at, _)| paths.contains(&path[..at]));
    if let Some(path) = paths.iter().find(|path| above(path)) {
        return Err(UnpackError::Unsafe { path: path.clone(), why: "a file is also a directory" });
    }
    if pack(entries.clone(), time.unwrap_or_default())? != unpacked {
        return Err(UnpackError::Foreign("packed again, its files give different content"));
    }
    Ok(entries)
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
    use crate::gzip;

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

    /// A record of an extended header: its length, a keyword and a value.
    fn record(keyword: &str, value: &str) -> String {
        let rest = format!(" {keyword}={value}\n");
        let length =
            (rest.len() + 1..).find(|length| length.to_string().len() + rest.len() == *length).unwrap();
        format!("{length}{rest}")
    }

    /// The blocks of an entry.
    fn blocks(kind: EntryType, path: &str, content: &[u8]) -> Vec<u8> {
        let mut builder = Builder::new(Vec::new());
        let mut header = Header::new_ustar();
        header.set_entry_type(kind);
        header.set_mode(0o644);
        header.set_size(content.len() as u64);
        header.set_path(path).unwrap();
        header.set_cksum();
        builder.append(&header, content).unwrap();
        let mut bytes = builder.into_inner().unwrap();
        bytes.truncate(bytes.len() - 1024);
        bytes
    }

    #[test]
    fn archives_that_programs_read_differently_are_refused() {
        let end = [0; 1024];
        let file = blocks(EntryType::Regular, "t/a", b"content");
        let path = record("path", "t/a");
        let mut archives = vec![
            // What follows the end marker, a second archive or a block of zeros; an end marker that is missing or half there.
            [&file[..], &end, &blocks(EntryType::Regular, "t/evil", b"evil"), &end].concat(),
            [&file[..], &end, b"more"].concat(),
            [&file[..], &end, &[0; 512]].concat(),
            [&file[..], &end[..512]].concat(),
            file.clone(),
            end.to_vec()[..512].to_vec(),
            Vec::new(),
            // Another name in a GNU header, followed by an extended one.
            [
                &blocks(EntryType::GNULongName, "././@LongLink", b"t/other\0")[..],
                &blocks(EntryType::XHeader, "x", path.as_bytes()),
                &file,
                &end,
            ]
            .concat(),
            [&blocks(EntryType::XGlobalHeader, "x", path.as_bytes())[..], &file, &end].concat(),
        ];
        for records in [
            path.clone(),
            path.clone() + &record("path", "t/other"),
            record("path", "t/other") + &path,
            path.clone() + &path,
            path.clone() + &record("linkpath", "/etc/passwd"),
            record("size", "7"),
            record("size", "99999999999999999999"),
            record("size", "18446744073709551615"),
            record("GNU.sparse.major", "1") + &record("GNU.sparse.name", "t/evil"),
            record("GNU.sparse.size", "6") + &record("GNU.sparse.map", "0,6"),
            record("hdrcharset", "BINARY"),
            record("mtime", "1"),
            record("SCHILY.xattr.user.x", "x"),
        ] {
            archives.push([&blocks(EntryType::XHeader, "x", records.as_bytes())[..], &file, &end].concat());
        }
        for (at, bytes) in archives.iter().enumerate() {
            assert!(
                unpack(&gzip(bytes).unwrap()).is_err(),
                "archive {at}: {:?}",
                unpack(&gzip(bytes).unwrap())
            );
        }
    }

    #[test]
    fn a_header_of_gzip_with_further_fields_and_a_second_member_are_refused() {
        let bytes = pack(vec![file("t/a")], 0).unwrap();
        let named = flate2::GzBuilder::new().filename("other").write(Vec::new(), flate2::Compression::best());
        let named = {
            let mut named = named;
            std::io::Write::write_all(&mut named, &bytes).unwrap();
            named.finish().unwrap()
        };
        assert!(matches!(unpack(&named), Err(UnpackError::Foreign(_))));
        let mut reserved = gzip(&bytes).unwrap();
        assert!(unpack(&reserved).is_ok());
        let twice = [&reserved[..], &reserved].concat();
        assert!(matches!(unpack(&twice), Err(UnpackError::Trailing)));
        reserved[3] = 0x20;
        assert!(unpack(&reserved).is_err());
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
