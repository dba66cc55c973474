//! The mode of an entry, as git canonicalises it when it reads a tree.

use std::fmt;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub enum Mode {
    /// A regular file (`100644`).
    File,
    /// A regular file that may be executed (`100755`).
    Executable,
    /// A symbolic link (`120000`); its content is its target.
    Link,
    /// A commit of another repository (`160000`).
    Submodule,
    /// A directory (`040000`).
    Directory,
}

/// What an entry is, executable or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A symbolic link.
    Link,
    /// A submodule.
    Submodule,
    /// A directory.
    Directory,
}

impl Mode {
    /// Reads a raw tree mode the way git's `canon_mode` does (git `tree-walk.c`): old group-writable files are plain files.
    #[must_use]
    pub fn from_raw(raw: u32) -> Option<Mode> {
        Some(match raw & 0o170_000 {
            0o100_000 if raw & 0o100 != 0 => Mode::Executable,
            0o100_000 => Mode::File,
            0o120_000 => Mode::Link,
            0o160_000 => Mode::Submodule,
            0o040_000 => Mode::Directory,
            _ => return None,
        })
    }

    /// Returns the six octal digits that `git log --raw` prints.
    #[must_use]
    pub fn octal(self) -> &'static str {
        match self {
            Mode::File => "100644",
            Mode::Executable => "100755",
            Mode::Link => "120000",
            Mode::Submodule => "160000",
            Mode::Directory => "040000",
        }
    }

    /// Returns the kind, which the executable bit does not change.
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Mode::File | Mode::Executable => Kind::File,
            Mode::Link => Kind::Link,
            Mode::Submodule => Kind::Submodule,
            Mode::Directory => Kind::Directory,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::File => "a regular file",
            Kind::Link => "a symbolic link",
            Kind::Submodule => "a submodule",
            Kind::Directory => "a directory",
        })
    }
}
