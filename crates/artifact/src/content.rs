//! The digest of an artifact, which `sha256sum` reproduces.

use std::collections::HashMap;

use digest::Digest;
use snapshot::{Error, Mode, Node, ObjectId, Result, Snapshot};

/// The largest file of a published artifact. The limits are the same on every machine, so that all agree on what can be published.
const MAX_FILE_BYTES: u64 = 64 << 20;
/// The total size of the files of a published artifact; equal files count once.
const MAX_TOTAL_BYTES: u64 = 256 << 20;
/// The number of files of a published artifact.
const MAX_FILES: usize = 20_000;

/// Returns the digest of a file: its SHA-256; or of a directory: the SHA-256 of the lines `<sha256>  <path>`, sorted by path.
///
/// In a directory: `find . -type f -print0 | cut -zc3- | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum`. The content of a link is its target,
/// that of a submodule the id of its commit. Two directories with different paths, kinds or contents never have the same lines. The executable bit
/// is not part of them: the tree id that the ledger records has it.
///
/// # Errors
/// When a file cannot be read, or the artifact exceeds a limit.
pub fn digest(snapshot: &dyn Snapshot, node: &Node) -> Result<Digest> {
    if node.object.mode != Mode::Directory {
        return Ok(Digest::of(&snapshot.read(node, MAX_FILE_BYTES)?));
    }
    listing(snapshot, node).map(Digest::of)
}

/// Returns the lines of a directory, of which [`digest`] is the SHA-256.
///
/// # Errors
/// As [`digest`].
pub fn listing(snapshot: &dyn Snapshot, node: &Node) -> Result<Vec<u8>> {
    // Below a directory, a slash separates it from the name.
    let root = if node.path.is_root() { 0 } else { node.path.as_bytes().len() + 1 };
    let mut files: Vec<Node> = Vec::new();
    let mut pending = vec![node.clone()];
    while let Some(directory) = pending.pop() {
        for entry in snapshot.list(&directory)?.iter() {
            let inside = Node { path: directory.path.join(entry.name), object: entry.object };
            if entry.object.mode == Mode::Directory { &mut pending } else { &mut files }.push(inside);
        }
        let size = files.len() + pending.len();
        if size > MAX_FILES {
            let what = format!("{:?} (in files)", node.path);
            return Err(Error::TooLarge { what, size: size as u64, limit: MAX_FILES as u64 });
        }
    }
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let mut known: HashMap<(Mode, Option<ObjectId>), Digest> = HashMap::new();
    let mut lines = Vec::new();
    let mut left = MAX_TOTAL_BYTES;
    for file in &files {
        let object = (file.object.mode, file.object.id);
        let hash = match known.get(&object).filter(|_| file.object.id.is_some()) {
            Some(hash) => *hash,
            None => {
                let content = match file.object.mode {
                    Mode::Submodule => {
                        file.object.id.map(|id| id.to_string()).unwrap_or_default().into_bytes()
                    }
                    _ => snapshot.read(file, MAX_FILE_BYTES.min(left))?,
                };
                left -= content.len() as u64;
                let hash = Digest::of(&content);
                known.insert(object, hash);
                hash
            }
        };
        push_line(&mut lines, &hash, file.object.mode, &file.path.as_bytes()[root..]);
    }
    Ok(lines)
}

/// Adds the line of a file, as `sha256sum` writes it: a name with a backslash or a line break is escaped, and a backslash comes before the digest.
///
/// Where `sha256sum` writes the mode in which it read a file, a link has `@` and a submodule `#`.
fn push_line(lines: &mut Vec<u8>, hash: &Digest, mode: Mode, name: &[u8]) {
    let kind = match mode {
        Mode::Link => b'@',
        Mode::Submodule => b'#',
        Mode::File | Mode::Executable | Mode::Directory => b' ',
    };
    if name.iter().any(|byte| matches!(byte, b'\\' | b'\n' | b'\r')) {
        lines.push(b'\\');
    }
    lines.extend(hash.hex().into_bytes());
    lines.extend([b' ', kind]);
    for byte in name {
        match byte {
            b'\\' => lines.extend(b"\\\\"),
            b'\n' => lines.extend(b"\\n"),
            b'\r' => lines.extend(b"\\r"),
            other => lines.push(*other),
        }
    }
    lines.push(b'\n');
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use snapshot::{Memory, RepoPath};

    use super::*;

    /// The kind and content of each path.
    type Files = BTreeMap<Vec<u8>, (Mode, Vec<u8>)>;

    fn lines_of(files: &Files) -> Vec<u8> {
        let mut memory = Memory::new();
        for (path, (mode, content)) in files {
            memory.insert(RepoPath::from("a").join(path), *mode, content.clone());
        }
        let node = memory.find(&RepoPath::from("a")).unwrap().unwrap();
        listing(&memory, &node).unwrap()
    }

    /// Reads lines back, in another way than they are written: the kind, digest and name of each file.
    fn read_back(lines: &[u8]) -> BTreeMap<Vec<u8>, (u8, Vec<u8>)> {
        let mut files = BTreeMap::new();
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\n").unwrap();
            let (is_escaped, line) = line.strip_prefix(b"\\").map_or((false, line), |line| (true, line));
            let mut name = Vec::new();
            let mut rest = line[66..].iter();
            while let Some(&byte) = rest.next() {
                name.push(match byte {
                    b'\\' if is_escaped => match rest.next().unwrap() {
                        b'n' => b'\n',
                        b'r' => b'\r',
                        other => *other,
                    },
                    other => other,
                });
            }
            assert!(files.insert(name, (line[65], line[..64].to_vec())).is_none(), "a name is listed once");
        }
        files
    }

    fn kind(mode: Mode) -> u8 {
        match mode {
            Mode::Link => b'@',
            Mode::Submodule => b'#',
            _ => b' ',
        }
    }

    /// Names that look like parts of other lines, and every byte that could separate or escape.
    fn name() -> impl Strategy<Value = Vec<u8>> {
        let hash = Digest::of("x").hex().into_bytes();
        let pieces: Vec<Vec<u8>> =
            [&b"b"[..], b"\\", b"\n", b"\r", b"\\n", b"  ", b" @", b"#", b"*", b"\xff", b"n", &hash]
                .map(<[u8]>::to_vec)
                .to_vec();
        proptest::collection::vec(proptest::sample::select(pieces), 1..6).prop_map(|pieces| pieces.concat())
    }

    fn files() -> impl Strategy<Value = Files> {
        let mode = proptest::sample::select(vec![Mode::File, Mode::Link]);
        let content = proptest::sample::select(vec![b"x".to_vec(), b"y".to_vec(), Vec::new()]);
        proptest::collection::btree_map(name(), (mode, content), 1..5)
    }

    proptest! {
        /// What can be read back from the lines is the whole map, so no other map has the same lines.
        #[test]
        fn two_file_maps_never_have_the_same_lines(files in files()) {
            let wanted: BTreeMap<_, _> = files
                .iter()
                .map(|(name, (mode, content))| {
                    (name.clone(), (kind(*mode), Digest::of(content).hex().into_bytes()))
                })
                .collect();
            prop_assert_eq!(read_back(&lines_of(&files)), wanted);
        }
    }

    #[test]
    fn a_file_cannot_be_hidden_in_the_name_of_another() {
        let file = |content: &str| (Mode::File, content.as_bytes().to_vec());
        let both: Files = [(b"a.json".to_vec(), file("1")), (b"b.json".to_vec(), file("2"))].into();
        let hidden = format!("a.json\n{}  b.json", Digest::of("2").hex()).into_bytes();
        let one: Files = [(hidden, file("1"))].into();
        assert_ne!(lines_of(&both), lines_of(&one));
        // A link is not the file that contains its target.
        let link: Files =
            [(b"a.json".to_vec(), (Mode::Link, b"1".to_vec())), (b"b.json".to_vec(), file("2"))].into();
        assert_ne!(lines_of(&both), lines_of(&link));
    }

    #[test]
    fn lines_are_those_of_sha256sum() {
        let file = |content: &str| (Mode::File, content.as_bytes().to_vec());
        let files: Files = [
            (b"a/b c.json".to_vec(), file("1")),
            ("\u{e9}".as_bytes().to_vec(), file("2")),
            (b"e\\f\ng".to_vec(), file("2")),
        ]
        .into();
        let [one, two] = ["1", "2"].map(|text| Digest::of(text).hex());
        let wanted = format!("{one}  a/b c.json\n\\{two}  e\\\\f\\ng\n{two}  \u{e9}\n");
        assert_eq!(String::from_utf8(lines_of(&files)).unwrap(), wanted);
    }
}
