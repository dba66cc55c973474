//! A path inside a repository: bytes, separated by `/`, relative to the root.

use std::fmt;

/// A path inside a repository, as git stores it: bytes, not text, and independent of the host's path rules.
///
/// The empty path is the root. Names are untrusted, so only renderers print them, sanitised.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default, serde::Serialize, serde::Deserialize)]
pub struct RepoPath(Box<[u8]>);

impl RepoPath {
    /// Creates a path from its bytes.
    #[must_use]
    pub fn new(bytes: impl AsRef<[u8]>) -> RepoPath {
        RepoPath(bytes.as_ref().into())
    }

    /// Returns the root.
    #[must_use]
    pub fn root() -> RepoPath {
        RepoPath::default()
    }

    /// Returns the bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns whether this is the root.
    #[must_use]
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the path of `name` inside this directory.
    #[must_use]
    pub fn join(&self, name: &[u8]) -> RepoPath {
        if self.is_root() {
            return RepoPath::new(name);
        }
        let mut bytes = Vec::with_capacity(self.0.len() + 1 + name.len());
        bytes.extend_from_slice(&self.0);
        bytes.push(b'/');
        bytes.extend_from_slice(name);
        RepoPath(bytes.into())
    }

    /// Returns the names of the path from the root, none for the root itself.
    pub fn components(&self) -> impl DoubleEndedIterator<Item = &[u8]> {
        self.0.split(|&byte| byte == b'/').filter(|name| !name.is_empty())
    }

    /// Returns the last name; empty for the root.
    #[must_use]
    pub fn name(&self) -> &[u8] {
        self.components().next_back().unwrap_or_default()
    }

    /// Returns the directory of this path; the root for a top-level name.
    #[must_use]
    pub fn parent(&self) -> RepoPath {
        match self.0.iter().rposition(|&byte| byte == b'/') {
            Some(slash) => RepoPath::new(&self.0[..slash]),
            None => RepoPath::root(),
        }
    }

    /// Returns this path and every directory above it below the root, outermost first.
    pub fn prefixes(&self) -> impl Iterator<Item = &[u8]> {
        let cuts = self.0.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
        cuts.chain((!self.is_root()).then_some(self.0.len())).map(|end| &self.0[..end])
    }
}

impl From<&str> for RepoPath {
    fn from(text: &str) -> RepoPath {
        RepoPath::new(text)
    }
}

impl fmt::Debug for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.0.escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_parts() {
        let path = RepoPath::from("ids/cards/a.yaml");
        assert_eq!(path.components().collect::<Vec<_>>(), [&b"ids"[..], b"cards", b"a.yaml"]);
        assert_eq!(path.parent(), RepoPath::from("ids/cards"));
        assert_eq!(path.name(), b"a.yaml");
        assert_eq!(path.prefixes().collect::<Vec<_>>(), [&b"ids"[..], b"ids/cards", b"ids/cards/a.yaml"]);
        assert_eq!(RepoPath::root().join(b"x"), RepoPath::from("x"));
        assert_eq!(RepoPath::from("x").parent(), RepoPath::root());
        assert_eq!(RepoPath::root().prefixes().count(), 0);
    }
}
