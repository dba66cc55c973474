//! The files of a plugin, as they stand in a tree.

use std::collections::BTreeMap;

use snapshot::{Error, Mode, Node, RepoPath, Result, Snapshot};

/// The most bytes of a plugin, and the most files; policy usually allows less.
const MOST_BYTES: u64 = 256 << 20;
const MOST_FILES: usize = 20_000;

/// The regular files of a plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// Their bytes, by the path inside the plugin.
    pub files: BTreeMap<String, Vec<u8>>,
}

impl Standing {
    /// Reads a plugin's folder. Links, submodules and names that are no text are other rules' to tell.
    ///
    /// # Errors
    /// When something cannot be read, or there is more than a plugin can have.
    pub fn open(snapshot: &dyn Snapshot, directory: &Node) -> Result<Standing> {
        let cut = directory.path.as_bytes().len() + 1;
        let mut standing = Standing::default();
        let mut left = MOST_BYTES;
        let mut folders = vec![directory.clone()];
        while let Some(folder) = folders.pop() {
            for entry in snapshot.list(&folder)?.iter() {
                let node = Node { path: folder.path.join(entry.name), object: entry.object };
                match node.object.mode {
                    Mode::Directory => folders.push(node),
                    Mode::File | Mode::Executable => {
                        let Ok(inside) = std::str::from_utf8(&node.path.as_bytes()[cut..]) else { continue };
                        let text = snapshot.read(&node, left)?;
                        left -= text.len() as u64;
                        standing.files.insert(inside.into(), text);
                    }
                    _ => {}
                }
            }
            let size = standing.files.len() + folders.len();
            if size > MOST_FILES {
                let what = format!("{:?} (in files)", directory.path);
                return Err(Error::TooLarge { what, size: size as u64, limit: MOST_FILES as u64 });
            }
        }
        Ok(standing)
    }

    /// Finds a plugin's folder and reads it; `None` where there is none.
    ///
    /// # Errors
    /// As [`Standing::open`].
    pub fn find(snapshot: &dyn Snapshot, directory: &RepoPath) -> Result<Option<Standing>> {
        let node = snapshot.find(directory)?.filter(|node| node.object.mode == Mode::Directory);
        node.map(|node| Standing::open(snapshot, &node)).transpose()
    }

    /// Returns the text of a file.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// Returns the files with others in the place of some.
    #[must_use]
    pub(super) fn with<'s>(&'s self, others: &'s BTreeMap<String, Vec<u8>>) -> BTreeMap<&'s str, &'s [u8]> {
        let both = self.files.iter().chain(others);
        both.map(|(path, text)| (path.as_str(), text.as_slice())).collect()
    }
}
