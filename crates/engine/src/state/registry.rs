//! The registry after a change, and the sources that it is generated from.

use artifact::Problem;
use index::{IndexedPlugin, SPEC};
use ledger::files::InSnapshot;
use policy::LedgerMode;
use registry::{Contents, Entry, MAX_REGISTRY_BYTES, PATH, Registry, Sources, Tree, project, sources_of};
use snapshot::{Error, Kind, Mode, RepoPath, Result};

use super::StateContext;

/// The registry after the change.
pub struct Registered {
    /// Its path.
    pub path: RepoPath,
    /// Its bytes.
    pub text: Vec<u8>,
    /// Whether the change touches it.
    pub is_touched: bool,
    /// Whether the change removes it.
    pub is_removed: bool,
    /// Why it is invalid.
    pub flaw: Option<Problem>,
    /// The sources that its header names.
    pub named_sources: Option<Sources>,
    /// The sources in the same tree.
    pub sources: Option<Sources>,
}

impl Registered {
    /// Returns the line of the header that names the sources.
    #[must_use]
    pub fn line_of_sources(&self) -> std::ops::Range<usize> {
        let start = memchr::memmem::find(&self.text, b"sources:").unwrap_or(0);
        let length = memchr::memchr(b'\n', &self.text[start..]).unwrap_or(0);
        start..start + length
    }
}

impl StateContext<'_> {
    /// Opens the registry, where the change or the policy requires a check of it.
    ///
    /// # Errors
    /// When it or its sources cannot be read.
    pub fn registry(&self) -> Result<Option<Registered>> {
        let path = RepoPath::from(PATH);
        let own_change = self.changes.and_then(|changes| changes.iter().find(|change| change.path == path));
        // A file may be below the path of the registry, or replace a directory above it.
        let under = |change: &snapshot::Change| change.path.as_bytes().starts_with(PATH.as_bytes());
        // The post-merge job updates the registry later, after any merge.
        let is_needed = match self.changes {
            _ if !self.reports_whole_tree => false,
            None => true,
            Some(changes) => self.policy.ledger.mode == LedgerMode::InChange || changes.iter().any(under),
        };
        if !is_needed {
            return Ok(None);
        }
        let mut found = Registered {
            path,
            text: Vec::new(),
            is_touched: own_change.is_some(),
            // Something else than a file may be removed.
            is_removed: own_change.is_some_and(|change| {
                let was = change.before.is_some_and(|before| before.mode.kind() == Kind::File);
                change.after.is_none() && was
            }),
            flaw: None,
            named_sources: None,
            sources: None,
        };
        let Some(node) = self.head.find(&found.path)? else {
            return Ok(Some(found).filter(|found| found.is_removed));
        };
        if node.object.mode.kind() != Kind::File {
            let message = format!("it is {}, not a regular file", node.object.mode.kind());
            found.flaw = Some(Problem::new(0..0, message));
            return Ok(Some(found));
        }
        if node.object.mode == Mode::Executable {
            found.flaw =
                Some(Problem::new(0..0, "it is executable; its mode is 100644 when it is generated"));
            return Ok(Some(found));
        }
        found.text = self.head.read(&node, MAX_REGISTRY_BYTES)?;
        match Registry::open(&found.text).and_then(|registry| registry.sources()) {
            Ok(sources) => found.named_sources = Some(sources),
            Err(flaw) => found.flaw = Some(flaw),
        }
        let files = InSnapshot(self.head);
        found.sources = match sources_of(&self.registry_tree(&files)) {
            // The checks of the ledger report a checkpoint that cannot be read.
            Err(Error::Corrupt { .. } | Error::Refused { .. }) => None,
            other => Some(other?),
        };
        Ok(Some(found))
    }

    fn registry_tree<'t>(&'t self, ledger: &'t InSnapshot<'t>) -> Tree<'t> {
        // A registry is built under the policy of its own tree.
        let layout = &self.own_policy().unwrap_or(self.policy).layout;
        Tree { snapshot: self.head, ledger, layout }
    }

    /// Returns whether a whole tree contains a ledger and no registry of it.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub fn lacks_registry(&self) -> Result<bool> {
        if self.changes.is_some() || !self.reports_whole_tree {
            return Ok(false);
        }
        let is_begun = ledger::files::read_checkpoint(&InSnapshot(self.head))?.is_some();
        Ok(is_begun && self.head.find(&RepoPath::from(PATH))?.is_none())
    }

    /// Generates the registry of the tree; `None` where its ledger has faults, which other rules report.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub fn generate_registry(&self) -> Result<Option<Vec<u8>>> {
        let files = InSnapshot(self.head);
        match project(&self.registry_tree(&files)) {
            Err(Error::Refused { .. } | Error::Corrupt { .. }) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Returns the plugins that the change removes, with their entries in the registry of the base branch; plugins that only move are not among them.
    ///
    /// # Errors
    /// When the registry cannot be read.
    pub fn removed_plugins(&self) -> Result<Vec<(String, Entry)>> {
        let (Some(changes), Some(base), Some(tip)) = (self.changes, self.base_index, self.tip) else {
            return Ok(Vec::new());
        };
        let gone = |plugin: &&std::sync::Arc<IndexedPlugin>| {
            let spec = plugin.directory().join(SPEC.as_bytes());
            let removed = changes.iter().any(|change| change.path == spec && change.after.is_none());
            removed && !self.index.plugins.iter().any(|other| other.ulid == plugin.ulid)
        };
        let touched =
            changes.iter().any(|change| change.after.is_none() && change.path.name() == SPEC.as_bytes());
        let gone: Vec<_> = base.plugins.iter().filter(|_| touched).filter(gone).collect();
        if gone.is_empty() {
            return Ok(Vec::new());
        }
        let node = tip.find(&RepoPath::from(PATH))?.filter(|node| node.object.mode.kind() == Kind::File);
        let Some(node) = node else { return Ok(Vec::new()) };
        let text = tip.read(&node, MAX_REGISTRY_BYTES)?;
        let Ok(registry) = Registry::open(&text) else { return Ok(Vec::new()) };
        let entry = |ulid: &String| registry.entry(artifact::Ulid::parse(ulid).ok()?).ok().flatten();
        Ok(gone.into_iter().filter_map(|plugin| Some((plugin.ulid.clone(), entry(&plugin.ulid)?))).collect())
    }

    /// Reads the registry of a whole tree, where it is generated from this very tree.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn fresh_registry(&self) -> Result<Option<Contents>> {
        if self.changes.is_some() {
            return Ok(None);
        }
        let found = self
            .registry()?
            .filter(|found| found.named_sources.is_some() && found.named_sources == found.sources);
        Ok(found.and_then(|found| Registry::read(&found.text).ok()))
    }
}
