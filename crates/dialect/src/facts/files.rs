//! Files below a manifest's directory, and the paths that a manifest contains.

use policy::Pattern;
use snapshot::{Error, Mode, Node, RepoPath, Result, Snapshot};

/// The files that a pattern finds below one directory: a plugin has fewer.
pub(super) const MAX_FILES: usize = 10_000;
/// The size of a source file that is read.
pub(super) const MAX_SOURCE_BYTES: u64 = 1 << 20;

/// A file below a directory.
pub(super) struct File {
    /// Its path from the directory.
    pub(super) inside: Vec<u8>,
    pub(super) node: Node,
}

/// Finds the files below a directory that match a pattern, in byte order of their paths; at most `most`.
pub(super) fn find_files(
    snapshot: &dyn Snapshot,
    directory: &RepoPath,
    pattern: &Pattern,
    most: usize,
) -> Result<Vec<File>> {
    let Some(top) = snapshot.find(directory)?.filter(|node| node.object.mode == Mode::Directory) else {
        return Ok(Vec::new());
    };
    let cut = if directory.is_root() { 0 } else { directory.as_bytes().len() + 1 };
    let mut found = Vec::new();
    let mut pending = vec![top];
    while let Some(folder) = pending.pop() {
        for entry in snapshot.list(&folder)?.iter() {
            let node = Node { path: folder.path.join(entry.name), object: entry.object };
            let inside = &node.path.as_bytes()[cut..];
            if entry.object.mode == Mode::Directory {
                if pattern.enters(inside) {
                    pending.push(node);
                }
            } else if matches!(entry.object.mode, Mode::File | Mode::Executable) && pattern.matches(inside) {
                found.push(File { inside: inside.to_vec(), node });
                if found.len() >= most {
                    break;
                }
            }
        }
        if found.len() >= most {
            break;
        }
    }
    found.sort_by(|a, b| a.inside.cmp(&b.inside));
    Ok(found)
}

/// Reads a source file; `None` if it is too large or not UTF-8.
pub(super) fn read_text(snapshot: &dyn Snapshot, node: &Node) -> Result<Option<String>> {
    match snapshot.read(node, MAX_SOURCE_BYTES) {
        Err(Error::TooLarge { .. }) => Ok(None),
        other => Ok(String::from_utf8(other?).ok()),
    }
}

/// Where the paths in a manifest start, and how far they may lead.
pub(super) struct Place {
    pub(super) start: RepoPath,
    pub(super) boundary: RepoPath,
}

/// What exists at a path that a manifest contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    File,
    Directory,
    Missing,
    /// The path leads out of the directory of the manifest, is absolute, or leads through a link.
    Outside,
}

impl Target {
    pub(super) fn name(self) -> &'static str {
        match self {
            Target::File => "file",
            Target::Directory => "directory",
            Target::Missing => "missing",
            Target::Outside => "outside",
        }
    }
}

impl Place {
    /// Returns the path in the repository; `None` where it leads outside.
    pub(super) fn path(&self, text: &str) -> Option<RepoPath> {
        let is_windows_drive = text.as_bytes().get(1) == Some(&b':');
        if text.is_empty() || text.starts_with(['/', '~']) || is_windows_drive || text.contains(['\\', '\0'])
        {
            return None;
        }
        let mut parts: Vec<&[u8]> = self.start.components().collect();
        let least = self.boundary.components().count();
        for part in text.split('/') {
            match part {
                "" | "." => {}
                ".." if parts.len() > least => drop(parts.pop()),
                ".." => return None,
                part => parts.push(part.as_bytes()),
            }
        }
        Some(RepoPath::new(parts.join(&b'/')))
    }

    /// Returns what exists at a path.
    pub(super) fn resolve(&self, snapshot: &dyn Snapshot, text: &str) -> Result<Target> {
        let Some(path) = self.path(text) else { return Ok(Target::Outside) };
        if path.is_root() {
            return Ok(Target::Directory);
        }
        Ok(match snapshot.find(&path)? {
            None => Target::Missing,
            Some(node) => match node.object.mode {
                Mode::File | Mode::Executable => Target::File,
                Mode::Directory => Target::Directory,
                _ => Target::Outside,
            },
        })
    }
}

#[cfg(test)]
mod tests {
    use snapshot::Memory;

    use super::*;

    #[test]
    fn paths_never_leave_their_boundary() {
        let tree = Memory::new().with("p/a/run", "x").with("p/b", "y");
        let place = Place { start: RepoPath::from("p/a"), boundary: RepoPath::from("p/a") };
        for (text, expected) in [
            ("run", "file"),
            ("./run", "file"),
            (".//./run", "file"),
            (".", "directory"),
            ("walk", "missing"),
            ("../b", "outside"),
            ("x/../../b", "outside"),
            ("/bin/sh", "outside"),
            ("C:/x", "outside"),
            ("..\\b", "outside"),
            ("~/x", "outside"),
            ("", "outside"),
        ] {
            assert_eq!(place.resolve(&tree, text).unwrap().name(), expected, "{text}");
        }
        let open = Place { start: RepoPath::from("p/a"), boundary: RepoPath::root() };
        assert_eq!(open.resolve(&tree, "../b").unwrap(), Target::File);
        assert_eq!(open.resolve(&tree, "../../..").unwrap(), Target::Outside);
    }

    #[test]
    fn files_match_below_the_directory_alone() {
        let tree = Memory::new().with("p/lib/a.ex", "").with("p/lib/x/b.ex", "").with("q/lib/c.ex", "");
        let find = |pattern: &str| -> Vec<String> {
            let pattern = Pattern::new(pattern).unwrap();
            let found = find_files(&tree, &RepoPath::from("p"), &pattern, MAX_FILES).unwrap();
            found.into_iter().map(|file| String::from_utf8(file.inside).unwrap()).collect()
        };
        assert_eq!(find("lib/**/*.ex"), ["lib/a.ex", "lib/x/b.ex"]);
        assert_eq!(find("lib/*.ex"), ["lib/a.ex"]);
        assert!(find("p/lib/*.ex").is_empty());
    }
}
