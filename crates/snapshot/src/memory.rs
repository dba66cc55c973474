//! A snapshot in memory, for tests and for checking files before they are written.

use std::collections::BTreeMap;

use digest::Hasher;

use crate::{Error, Listing, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};

/// A tree of files in memory. Its ids are git's SHA-256 ids of the same content.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<RepoPath, (Mode, Vec<u8>)>,
}

impl Memory {
    /// Makes an empty tree.
    #[must_use]
    pub fn new() -> Memory {
        Memory::default()
    }

    /// Adds a regular file, replacing an existing one.
    #[must_use]
    pub fn with(self, path: &str, content: impl AsRef<[u8]>) -> Memory {
        self.with_mode(path, Mode::File, content)
    }

    /// Adds an entry of any mode but a directory's; directories exist because something lies in them.
    #[must_use]
    pub fn with_mode(mut self, path: &str, mode: Mode, content: impl AsRef<[u8]>) -> Memory {
        self.insert(RepoPath::from(path), mode, content.as_ref().to_vec());
        self
    }

    /// Adds an entry by its raw path.
    pub fn insert(&mut self, path: RepoPath, mode: Mode, content: Vec<u8>) {
        self.files.insert(path, (mode, content));
    }

    /// The files below `directory`, with the rest of their path.
    fn below<'a>(&'a self, directory: &'a RepoPath) -> impl Iterator<Item = (&'a [u8], Mode, &'a [u8])> {
        let skip = if directory.is_root() { 0 } else { directory.as_bytes().len() + 1 };
        self.files
            .iter()
            .filter(move |(path, _)| {
                let path = path.as_bytes();
                skip == 0 || path.starts_with(directory.as_bytes()) && path.get(skip - 1) == Some(&b'/')
            })
            .map(move |(path, (mode, content))| (&path.as_bytes()[skip..], *mode, content.as_slice()))
    }

    /// The tree id of a directory: git sorts a directory as if its name ended in `/`.
    fn tree_id(&self, directory: &RepoPath) -> ObjectId {
        let listing = self.listing(directory);
        let mut entries: Vec<_> = listing.iter().collect();
        entries.sort_by_key(|entry| {
            let mut key = entry.name.to_vec();
            if entry.object.mode == Mode::Directory {
                key.push(b'/');
            }
            key
        });
        let mut body = Vec::new();
        for entry in entries {
            body.extend_from_slice(entry.object.mode.octal().trim_start_matches('0').as_bytes());
            body.push(b' ');
            body.extend_from_slice(entry.name);
            body.push(0);
            body.extend_from_slice(entry.object.id.as_ref().map_or(&[][..], ObjectId::as_bytes));
        }
        hash("tree", &body)
    }

    fn listing(&self, directory: &RepoPath) -> Listing {
        let mut listing = Listing::default();
        let mut last: Option<&[u8]> = None;
        for (rest, mode, content) in self.below(directory) {
            match rest.iter().position(|&byte| byte == b'/') {
                None => listing.push(rest, mode, Some(hash("blob", content))),
                Some(slash) if last == Some(&rest[..slash]) => {}
                Some(slash) => {
                    last = Some(&rest[..slash]);
                    let id = self.tree_id(&directory.join(&rest[..slash]));
                    listing.push(&rest[..slash], Mode::Directory, Some(id));
                }
            }
        }
        listing.finish()
    }
}

fn hash(kind: &str, body: &[u8]) -> ObjectId {
    let digest = Hasher::new().chain(format!("{kind} {}\0", body.len())).chain(body).finish();
    ObjectId::from_bytes(&digest.0).expect("SHA-256 has 32 bytes")
}

impl Snapshot for Memory {
    fn name(&self) -> String {
        "memory".into()
    }

    fn root(&self) -> Result<Node> {
        let path = RepoPath::root();
        let id = Some(self.tree_id(&path));
        Ok(Node { path, object: Object { mode: Mode::Directory, id } })
    }

    fn list(&self, directory: &Node) -> Result<Listing> {
        Ok(self.listing(&directory.path))
    }

    fn read(&self, file: &Node, limit: u64) -> Result<Vec<u8>> {
        let what = || format!("{:?}", file.path);
        let (_, content) = self
            .files
            .get(&file.path)
            .ok_or_else(|| Error::Corrupt { what: what(), reason: "it is not a file".into() })?;
        let size = content.len() as u64;
        if size > limit {
            return Err(Error::TooLarge { what: what(), size, limit });
        }
        Ok(content.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_empty_tree_has_gits_id() {
        // git hash-object -t tree /dev/null, in a SHA-256 repository
        let id = Memory::new().root().unwrap().object.id.unwrap();
        assert_eq!(id.to_string(), "6ef19b41225c5369f1c104d45d8d85efa9b057b53b14b4b9b939dd74decc5321");
    }
}
