//! The digest of what was published: one a person can make again with `sha256sum`.

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};
use snapshot::{Error, Mode, Node, Result, Snapshot};
use tlog::Hash;

use super::sha256;

/// The largest file and the most files of an artifact that is published.
const LARGEST: u64 = 512 << 20;
const MOST_FILES: usize = 100_000;

/// Returns the digest of a file: its SHA-256; or of a directory: the SHA-256 of the lines `<sha256>  <path>`, sorted by path.
///
/// In a directory: `find . -type f | cut -c3- | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum`. A link counts with its target's text, a submodule
/// with its commit's id.
///
/// # Errors
/// When something cannot be read, or there is more than can be published.
pub fn digest(snapshot: &dyn Snapshot, node: &Node) -> Result<Hash> {
    if node.object.mode != Mode::Directory {
        return Ok(sha256(&snapshot.read(node, LARGEST)?));
    }
    let root = node.path.as_bytes().len() + 1;
    let mut files: Vec<Node> = Vec::new();
    let mut pending = vec![node.clone()];
    while let Some(directory) = pending.pop() {
        for entry in snapshot.list(&directory)?.iter() {
            let inside = Node { path: directory.path.join(entry.name), object: entry.object };
            if entry.object.mode == Mode::Directory { &mut pending } else { &mut files }.push(inside);
        }
        let size = files.len() + pending.len();
        if size > MOST_FILES {
            let what = format!("{:?} (in files)", node.path);
            return Err(Error::TooLarge { what, size: size as u64, limit: MOST_FILES as u64 });
        }
    }
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let lines: Vec<Vec<u8>> = files
        .par_iter()
        .map(|file| {
            let content = match file.object.mode {
                Mode::Submodule => file.object.id.map(|id| id.to_string()).unwrap_or_default().into_bytes(),
                _ => snapshot.read(file, LARGEST)?,
            };
            let name = &file.path.as_bytes()[root..];
            Ok([sha256(&content).hex().as_bytes(), b"  ", name, b"\n"].concat())
        })
        .collect::<Result<_>>()?;
    Ok(Hash(lines.iter().fold(Sha256::new(), |hasher, line| hasher.chain_update(line)).finalize().into()))
}
