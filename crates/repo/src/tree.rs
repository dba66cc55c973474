//! Writes tree objects like git, and reads them strictly: what git never writes is reported as a fault.

use memchr::memchr;
use snapshot::{Error, Fault, FaultKind, Listing, Mode, ObjectId, Result};

/// One entry of a raw tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RawEntry<'a> {
    pub(crate) mode: u32,
    pub(crate) name: &'a [u8],
    pub(crate) id: &'a [u8],
}

impl RawEntry<'_> {
    pub(crate) fn is_directory(&self) -> bool {
        self.mode & 0o170_000 == 0o040_000
    }

    pub(crate) fn id(&self) -> ObjectId {
        ObjectId::from_bytes(self.id).expect("the parser splits off 20 or 32 bytes")
    }
}

/// Splits the first entry (`<octal mode> <name>\0<id>`) off `bytes`; `None` if it is incomplete.
pub(crate) fn split_entry(bytes: &[u8], id_length: usize) -> Option<(RawEntry<'_>, &[u8])> {
    let space = memchr(b' ', bytes.get(..8.min(bytes.len()))?)?;
    let mut mode = 0u32;
    for &digit in &bytes[..space] {
        if !(b'0'..=b'7').contains(&digit) {
            return None;
        }
        mode = mode << 3 | u32::from(digit - b'0');
    }
    let rest = &bytes[space + 1..];
    let end = memchr(0, rest)?;
    let id = rest.get(end + 1..end + 1 + id_length)?;
    Some((RawEntry { mode, name: &rest[..end], id }, &rest[end + 1 + id_length..]))
}

/// Reads a tree object into a listing. Entries with faults stay in it if they can be named, so that they are checked too.
pub(crate) fn parse(tree: ObjectId, data: &[u8]) -> Result<Listing> {
    let id_length = tree.as_bytes().len();
    // A typical entry has 60 bytes; the capacity is only a hint.
    let mut listing = Listing::with_capacity(data.len() / 48, data.len() / 2);
    let mut rest = data;
    let mut last: Option<(&[u8], bool)> = None;
    while !rest.is_empty() {
        let (entry, behind) = split_entry(rest, id_length).ok_or_else(|| Error::Corrupt {
            what: format!("tree {tree}"),
            reason: "an entry is incomplete".into(),
        })?;
        rest = behind;
        let mode = Mode::from_raw(entry.mode);
        let key = (entry.name, mode == Some(Mode::Directory));
        let mut fault = |kind| listing.faults.push(Fault { name: entry.name.to_vec(), kind });
        if !is_safe_name(entry.name) {
            fault(FaultKind::Unsafe);
        }
        // Equal names are reported as duplicates when the listing is sorted.
        if last.is_some_and(|last| last.0 != key.0 && !in_order(last, key)) {
            fault(FaultKind::Unsorted);
        }
        last = Some(key);
        match mode {
            Some(mode) => listing.push(entry.name, mode, Some(entry.id())),
            None => {
                fault(FaultKind::UnknownMode);
                listing.push(entry.name, Mode::File, Some(entry.id()));
            }
        }
    }
    Ok(listing.finish())
}

/// Writes a tree object; sorts the entries as git does.
pub(crate) fn write(entries: &mut [(&[u8], Mode, ObjectId)]) -> Vec<u8> {
    let is_directory = |mode: Mode| mode == Mode::Directory;
    entries.sort_unstable_by(|a, b| compare_names(a.0, is_directory(a.1), b.0, is_directory(b.1)));
    let mut data = Vec::with_capacity(64 * entries.len());
    for (name, mode, id) in entries {
        // The mode of directories is written without its leading zero (git `fast-import`, `mktree`).
        data.extend_from_slice(mode.octal().trim_start_matches('0').as_bytes());
        data.push(b' ');
        data.extend_from_slice(name);
        data.push(0);
        data.extend_from_slice(id.as_bytes());
    }
    data
}

/// Returns whether two consecutive entries are in git's order: a directory sorts as if its name ended with `/` (git `base_name_compare`).
pub(crate) fn in_order((a, a_is_directory): (&[u8], bool), (b, b_is_directory): (&[u8], bool)) -> bool {
    compare_names(a, a_is_directory, b, b_is_directory).is_lt()
}

/// Compares two names in git's order of tree entries.
pub(crate) fn compare_names(a: &[u8], a_directory: bool, b: &[u8], b_directory: bool) -> std::cmp::Ordering {
    let common = a.len().min(b.len());
    a[..common].cmp(&b[..common]).then_with(|| {
        let behind = |name: &[u8], directory: bool| match name.get(common) {
            Some(&byte) => byte,
            None if directory => b'/',
            None => 0,
        };
        behind(a, a_directory).cmp(&behind(b, b_directory))
    })
}

/// The bytes of ordinary names, which every file system treats the same.
const PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        plain[byte] = (byte as u8).is_ascii_alphanumeric() || matches!(byte as u8, b'_' | b'-' | b'.');
        byte += 1;
    }
    plain
};

/// Returns whether a name is a single path component that neither git nor a file system treats as `.git`, `.` or `..`.
pub(crate) fn is_safe_name(name: &[u8]) -> bool {
    let options = gix::validate::path::component::Options {
        protect_windows: false,
        protect_hfs: true,
        protect_ntfs: true,
    };
    // Fast path: names of ASCII letters, digits, `_`, `-` and inner dots are safe.
    if name.first().is_some_and(|&first| first != b'.')
        && name.iter().all(|&byte| PLAIN[byte as usize])
        && !name.eq_ignore_ascii_case(b"git~1")
    {
        return true;
    }
    !name.contains(&0) && gix::validate::path::component(name.into(), None, options).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(mode: &str, name: &str) -> Vec<u8> {
        [mode.as_bytes(), b" ", name.as_bytes(), b"\0", &[7; 20]].concat()
    }

    fn faults(entries: &[(&str, &str)]) -> Vec<(String, FaultKind)> {
        let data: Vec<u8> = entries.iter().flat_map(|(mode, name)| entry(mode, name)).collect();
        let tree = ObjectId::from_bytes(&[1; 20]).unwrap();
        let listing = parse(tree, &data).unwrap();
        let text = |fault: &Fault| String::from_utf8_lossy(&fault.name).into_owned();
        listing.faults.iter().map(|fault| (text(fault), fault.kind)).collect()
    }

    #[test]
    fn a_directory_sorts_with_a_slash() {
        assert_eq!(faults(&[("100644", "a-b"), ("40000", "a"), ("100644", "a0")]), []);
        assert_eq!(faults(&[("40000", "a"), ("100644", "a-b")]), [("a-b".into(), FaultKind::Unsorted)]);
    }

    #[test]
    fn hostile_entries_are_faults() {
        assert_eq!(faults(&[("100644", "a"), ("100755", "a")]), [("a".into(), FaultKind::Duplicate)]);
        for name in [".git", "..", ".", "a/b", ".GIT", "git~1", ".git\u{200c}", ""] {
            assert_eq!(faults(&[("100644", name)]), [(name.into(), FaultKind::Unsafe)], "{name:?}");
        }
        assert_eq!(faults(&[("110644", "a")]), [("a".into(), FaultKind::UnknownMode)]);
    }

    #[test]
    fn an_incomplete_tree_is_an_error() {
        let tree = ObjectId::from_bytes(&[1; 20]).unwrap();
        let data = entry("100644", "a");
        for end in 1..data.len() {
            assert!(parse(tree, &data[..end]).is_err());
        }
        assert!(parse(tree, b"999999 a\0aaaaaaaaaaaaaaaaaaaa").is_err());
    }
}
