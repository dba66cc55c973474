//! The registry that a change brings or leaves, and what it is made of.

use generate::registry::{Contents, Flaw, LARGEST, PATH, Registry, Sources, Tree, project, sources_of};
use ledger::files::{FOLDER, InSnapshot};
use policy::LedgerMode;
use snapshot::{Error, Kind, RepoPath, Result};

use super::StateContext;

/// The registry as it stands after the change.
pub(crate) struct Registered {
    pub(crate) path: RepoPath,
    pub(crate) text: Vec<u8>,
    /// Whether the change brings it.
    pub(crate) is_brought: bool,
    /// Whether the change removes it.
    pub(crate) is_removed: bool,
    /// Why it is none.
    pub(crate) flaw: Option<Flaw>,
    /// The sources that its header names.
    pub(crate) said: Option<Sources>,
    /// The sources that stand beside it.
    pub(crate) is: Option<Sources>,
}

impl Registered {
    /// Where the header names the sources.
    pub(crate) fn line_of_sources(&self) -> std::ops::Range<usize> {
        let start = memchr::memmem::find(&self.text, b"sources:").unwrap_or(0);
        let length = memchr::memchr(b'\n', &self.text[start..]).unwrap_or(0);
        start..start + length
    }
}

impl StateContext<'_> {
    /// Opens the registry, where the change or what policy says of it gives reason to judge it.
    pub(crate) fn registry(&self) -> Result<Option<Registered>> {
        let path = RepoPath::from(PATH);
        let brought = self.changes.and_then(|changes| changes.iter().find(|change| change.path == path));
        let lines = |change: &snapshot::Change| {
            let name = String::from_utf8_lossy(change.path.name()).into_owned();
            change.path.parent() == RepoPath::from(FOLDER) && ledger::files::segment_number(&name).is_some()
        };
        // A writer that records builds the registry as well; what others merge, it follows later.
        let wanted = match self.changes {
            _ if !self.tells_conflicts => false,
            None => true,
            Some(changes) => {
                brought.is_some()
                    || self.policy.ledger.mode == LedgerMode::InChange
                    || self.pushed && changes.iter().any(lines)
            }
        };
        if !wanted {
            return Ok(None);
        }
        let mut found = Registered {
            path,
            text: Vec::new(),
            is_brought: brought.is_some(),
            is_removed: brought.is_some_and(|change| change.after.is_none()),
            flaw: None,
            said: None,
            is: None,
        };
        let Some(node) = self.head.find(&found.path)?.filter(|node| node.object.mode.kind() == Kind::File)
        else {
            return Ok(Some(found).filter(|found| found.is_removed));
        };
        found.text = self.head.read(&node, LARGEST)?;
        match Registry::open(&found.text).and_then(|registry| registry.sources()) {
            Ok(said) => found.said = Some(said),
            Err(flaw) => found.flaw = Some(flaw),
        }
        let files = InSnapshot(self.head);
        found.is = match sources_of(&Tree { snapshot: self.head, ledger: &files }) {
            // A checkpoint that cannot be read is told where the ledger is judged.
            Err(Error::Corrupt { .. }) => None,
            other => Some(other?),
        };
        Ok(Some(found))
    }

    /// Makes the registry of the tree; `None` where its ledger is not sound, which is told elsewhere.
    pub(crate) fn make_registry(&self) -> Result<Option<Vec<u8>>> {
        let files = InSnapshot(self.head);
        match project(&Tree { snapshot: self.head, ledger: &files }) {
            Err(Error::Refused { .. } | Error::Corrupt { .. }) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Reads the registry of a whole tree, where it is made of this very tree.
    pub(crate) fn fresh_registry(&self) -> Result<Option<Contents>> {
        if self.changes.is_some() {
            return Ok(None);
        }
        let found = self.registry()?.filter(|found| found.said.is_some() && found.said == found.is);
        Ok(found.and_then(|found| Registry::read(&found.text).ok()))
    }
}
