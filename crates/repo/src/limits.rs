//! The limits on what is read from a repository.

/// The limits on memory and time that hostile input can take.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Maximum size of a tree object, in bytes.
    pub tree: u64,
    /// Maximum size of a commit object, in bytes.
    pub commit: u64,
    /// Maximum size of a governed blob, in bytes.
    pub blob: u64,
    /// Maximum depth of a directory.
    pub depth: usize,
    /// Maximum number of commits that a walk visits.
    pub commits: usize,
    /// Maximum number of paths, and of directories, in one comparison.
    pub paths: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            tree: 256 << 20,
            commit: 16 << 20,
            blob: 512 << 20,
            depth: 128,
            commits: 5_000_000,
            paths: 1_000_000,
        }
    }
}
