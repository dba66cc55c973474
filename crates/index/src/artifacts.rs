//! Finding artifacts of any kind in an index: by their path, ULID and place.

use std::collections::BTreeSet;

use snapshot::fold::fold;
use snapshot::{RepoPath, Result, Snapshot};

use crate::SPEC;
use crate::documents::{IndexedDocument, of_files};
use crate::identities::Index;

impl Index {
    /// Adds documents at the paths of files, where they declare an identity and are not in the index yet.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn add_documents(&mut self, snapshot: &dyn Snapshot, paths: &BTreeSet<RepoPath>) -> Result<()> {
        let is_known = |path: &&RepoPath| self.document(path).is_some();
        let missing: BTreeSet<RepoPath> = paths.iter().filter(|path| !is_known(path)).cloned().collect();
        let mut found = of_files(snapshot, &missing, &[])?;
        self.documents.append(&mut found);
        self.documents.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(())
    }

    /// Finds a document by its path.
    #[must_use]
    pub fn document(&self, path: &RepoPath) -> Option<&IndexedDocument> {
        let at = self.documents.binary_search_by(|known| known.path.as_slice().cmp(path.as_bytes())).ok()?;
        Some(&self.documents[at])
    }

    /// Returns the key of the plugin, document, pack or module with a ULID.
    #[must_use]
    pub fn key_of(&self, ulid: &str) -> Option<&str> {
        let plugin = self.plugins.iter().find(|plugin| plugin.ulid == ulid).map(|plugin| &plugin.key);
        let document = || self.documents.iter().find(|document| document.ulid == ulid);
        plugin.or_else(|| document().map(|document| &document.key)).map(String::as_str)
    }

    /// Returns whether a plugin, document, pack or module declares a ULID.
    #[must_use]
    pub fn has_artifact(&self, ulid: &str) -> bool {
        self.plugins.iter().any(|plugin| plugin.ulid == ulid)
            || self.documents.iter().any(|document| document.ulid == ulid)
    }

    /// Finds the card of an artifact whose place is inside a path, or contains it, ignoring case: places of artifacts never contain each other.
    ///
    /// A module is the file that describes it, so it contains nothing.
    #[must_use]
    pub fn holder_of_place(&self, path: &str) -> Option<(RepoPath, String)> {
        let folded = fold(path.as_bytes());
        let is_apart = |other: &[u8]| {
            let other = fold(other);
            !contains(&folded, &other) && !contains(&other, &folded)
        };
        let cards = self.cards.iter().filter(|card| !card.claims.path.is_empty());
        let card = cards.into_iter().find(|card| !is_apart(card.claims.path.as_bytes()));
        card.map(|card| (card.path(), card.claims.path.clone())).or_else(|| {
            let plugin = self.plugins.iter().find(|plugin| !is_apart(plugin.directory().as_bytes()))?;
            let directory = String::from_utf8_lossy(plugin.directory().as_bytes()).into_owned();
            Some((plugin.directory().join(SPEC.as_bytes()), directory))
        })
    }
}

/// Returns whether a path is above another one.
fn contains(outer: &[u8], inner: &[u8]) -> bool {
    inner.strip_prefix(outer).is_some_and(|rest| rest.first() == Some(&b'/'))
}
