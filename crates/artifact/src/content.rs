//! The digest of an artifact, which `sha256sum` reproduces.

use std::collections::HashMap;

use digest::{Digest, Hasher};
use snapshot::{Error, Mode, Node, ObjectId, Result, Snapshot};

/// The largest file of a published artifact. The limits are the same on every machine, so that all agree on what can be published.
const MAX_FILE_BYTES: u64 = 64 << 20;
/// The total size of the files of a published artifact; equal files count once.
const MAX_TOTAL_BYTES: u64 = 256 << 20;
/// The number of files of a published artifact.
const MAX_FILES: usize = 20_000;

/// Returns the digest of a file: its SHA-256; or of a directory: the SHA-256 of the lines `<sha256>  <path>`, sorted by path.
///
/// In a directory: `find . -type f | cut -c3- | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum`. The content of a link is its target,
/// that of a submodule the id of its commit.
///
/// # Errors
/// When a file cannot be read, or the artifact exceeds a limit.
pub fn digest(snapshot: &dyn Snapshot, node: &Node) -> Result<Digest> {
    if node.object.mode != Mode::Directory {
        return Ok(Digest::of(&snapshot.read(node, MAX_FILE_BYTES)?));
    }
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
    let mut hasher = Hasher::new();
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
        let name = &file.path.as_bytes()[root..];
        hasher = hasher.chain(hash.hex()).chain(b"  ").chain(name).chain(b"\n");
    }
    Ok(hasher.finish())
}
