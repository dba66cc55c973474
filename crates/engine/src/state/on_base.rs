//! The artifacts on the base branch, by ULID.

use std::collections::HashMap;

use index::Index;
use snapshot::RepoPath;

/// An artifact on the base branch.
#[derive(Debug)]
pub struct ArtifactOnBase {
    /// The document that describes it.
    pub document: RepoPath,
    /// Its key.
    pub key: String,
}

impl ArtifactOnBase {
    /// Returns the artifacts of an index by ULID.
    pub(super) fn by_ulid(index: &Index) -> HashMap<String, ArtifactOnBase> {
        let documents = index.documents.iter().map(|document| {
            let found = ArtifactOnBase { document: document.file(), key: document.key.clone() };
            (document.ulid.clone(), found)
        });
        let plugins = index.plugins.iter().map(|plugin| {
            let document = plugin.directory().join(index::SPEC.as_bytes());
            (plugin.ulid.clone(), ArtifactOnBase { document, key: plugin.key.clone() })
        });
        documents.chain(plugins).filter(|(ulid, _)| !ulid.is_empty()).collect()
    }
}
