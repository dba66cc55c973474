//! Where a policy declares something.

use snapshot::RepoPath;

/// Where the policy declares a discipline: a file and a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// The file; for the embedded pack, its path in a repository.
    pub path: RepoPath,
    /// The line, from 1.
    pub line: u32,
    /// Whether the file is embedded in the program.
    pub embedded: bool,
    /// The column of the first character of the line, from 1.
    pub column: u32,
    /// The line without its indentation, at most [`Origin::MAX_TEXT_CHARS`] characters of it.
    pub text: String,
}

impl Origin {
    /// The most characters of a line that are kept: what a finding shows of it.
    pub const MAX_TEXT_CHARS: usize = 160;
}
