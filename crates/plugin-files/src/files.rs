//! The files of a plugin in a tree.

use std::collections::{BTreeMap, BTreeSet};

use snapshot::{Error, Mode, Node, RepoPath, Result, Snapshot};

/// The size of a plugin, in bytes; policies usually allow less.
const MAX_PLUGIN_BYTES: u64 = 256 << 20;
/// The number of files of a plugin; policies usually allow less.
const MAX_PLUGIN_FILES: usize = 20_000;

/// The regular files of a plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PluginFiles {
    /// Their bytes, by path in the plugin directory.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Those that are executable.
    pub executable: BTreeSet<String>,
}

impl PluginFiles {
    /// Reads a plugin directory. Links, submodules and names that are not UTF-8 are skipped; other rules report them.
    ///
    /// # Errors
    /// When a file cannot be read, or the plugin exceeds a limit.
    pub fn open(snapshot: &dyn Snapshot, directory: &Node) -> Result<PluginFiles> {
        let cut = directory.path.as_bytes().len() + 1;
        let mut files = PluginFiles::default();
        let mut left = MAX_PLUGIN_BYTES;
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
                        files.files.insert(inside.into(), text);
                        if node.object.mode == Mode::Executable {
                            files.executable.insert(inside.into());
                        }
                    }
                    _ => {}
                }
            }
            let size = files.files.len() + folders.len();
            if size > MAX_PLUGIN_FILES {
                let what = format!("{:?} (in files)", directory.path);
                return Err(Error::TooLarge { what, size: size as u64, limit: MAX_PLUGIN_FILES as u64 });
            }
        }
        Ok(files)
    }

    /// Returns the bytes of every file, by path.
    pub(crate) fn texts(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_slice()))
    }

    /// Finds a plugin directory and reads it; `None` if it does not exist.
    ///
    /// # Errors
    /// As [`PluginFiles::open`].
    pub fn find(snapshot: &dyn Snapshot, directory: &RepoPath) -> Result<Option<PluginFiles>> {
        let node = snapshot.find(directory)?.filter(|node| node.object.mode == Mode::Directory);
        node.map(|node| PluginFiles::open(snapshot, &node)).transpose()
    }

    /// Returns the text of a file.
    #[must_use]
    pub fn text(&self, path: &str) -> Option<&str> {
        std::str::from_utf8(self.files.get(path)?).ok()
    }

    /// Returns the files, with some replaced by others.
    #[must_use]
    pub(super) fn with<'s>(&'s self, others: &'s BTreeMap<String, Vec<u8>>) -> BTreeMap<&'s str, &'s [u8]> {
        let both = self.files.iter().chain(others);
        both.map(|(path, text)| (path.as_str(), text.as_slice())).collect()
    }
}
