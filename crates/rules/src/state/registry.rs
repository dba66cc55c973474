//! The registry that a change brings or leaves, and what it is made of.

use generate::registry::{
    Contents, Entry, Flaw, LARGEST, PATH, Registry, Sources, Tree, project, sources_of,
};
use ledger::files::InSnapshot;
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
        // Something may lie below the registry's place, or in the way to it.
        let under = |change: &snapshot::Change| change.path.as_bytes().starts_with(PATH.as_bytes());
        // What others merge, the writer follows later.
        let wanted = match self.changes {
            _ if !self.tells_conflicts => false,
            None => true,
            Some(changes) => self.policy.ledger.mode == LedgerMode::InChange || changes.iter().any(under),
        };
        if !wanted {
            return Ok(None);
        }
        let mut found = Registered {
            path,
            text: Vec::new(),
            is_brought: brought.is_some(),
            // What was no registry may go.
            is_removed: brought.is_some_and(|change| {
                let was = change.before.is_some_and(|before| before.mode.kind() == Kind::File);
                change.after.is_none() && was
            }),
            flaw: None,
            said: None,
            is: None,
        };
        let Some(node) = self.head.find(&found.path)? else {
            return Ok(Some(found).filter(|found| found.is_removed));
        };
        if node.object.mode.kind() != Kind::File {
            let message = format!("it is {}, not a regular file", node.object.mode.kind());
            found.flaw = Some(Flaw { span: 0..0, message });
            return Ok(Some(found));
        }
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

    /// The plugins that the change removes, as base's registry tells of them; those that only move are not among them.
    pub(crate) fn removed_plugins(&self) -> Result<Vec<(String, Entry)>> {
        let (Some(changes), Some(standing), Some(tip)) = (self.changes, self.standing, self.tip) else {
            return Ok(Vec::new());
        };
        let gone = |plugin: &&std::sync::Arc<super::IndexedPlugin>| {
            let spec = plugin.directory().join(super::SPEC.as_bytes());
            let removed = changes.iter().any(|change| change.path == spec && change.after.is_none());
            removed && !self.index.plugins.iter().any(|other| other.ulid == plugin.ulid)
        };
        let touched = changes
            .iter()
            .any(|change| change.after.is_none() && change.path.name() == super::SPEC.as_bytes());
        let gone: Vec<_> = standing.plugins.iter().filter(|_| touched).filter(gone).collect();
        if gone.is_empty() {
            return Ok(Vec::new());
        }
        let node = tip.find(&RepoPath::from(PATH))?.filter(|node| node.object.mode.kind() == Kind::File);
        let Some(node) = node else { return Ok(Vec::new()) };
        let text = tip.read(&node, LARGEST)?;
        let Ok(registry) = Registry::open(&text) else { return Ok(Vec::new()) };
        let entry = |ulid: &String| registry.entry(artifact::Ulid::parse(ulid).ok()?).ok().flatten();
        Ok(gone.into_iter().filter_map(|plugin| Some((plugin.ulid.clone(), entry(&plugin.ulid)?))).collect())
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
