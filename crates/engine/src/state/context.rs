//! What rules about artifacts may read: the checked artifacts, both trees, both indexes, and the policy.

use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

use artifact::Syntax;
use dialect::Claimed;
use documents::markdown::Markdown;
use index::{ClaimKind, Claimant, Claims, Index, IndexedPlugin, Ledgers, SPEC};
use policy::{Date, Policy};
use snapshot::{Change, Listing, Mode, Node, RepoPath, Result, Snapshot};

use super::{
    ArtifactOnBase, ArtifactPaths, Covered, Derived, Document, OpenTree, Plugin, StateInput, Text, Texts,
};

/// What rules about artifacts may read. Only what a change touches is opened; without a change, everything is.
pub struct StateContext<'c> {
    /// The tree after the change.
    pub head: &'c dyn Snapshot,
    /// The tip of the base branch, where there is one.
    pub tip: Option<&'c dyn Snapshot>,
    /// The differing paths; `None` when the whole tree is checked.
    pub changes: Option<&'c [Change]>,
    /// Whether the change touches identities: if not, the indexes are empty, and a missing entry means nothing.
    pub has_identities: bool,
    /// The identities after the change.
    pub index: &'c Index,
    /// The identities on the base branch.
    pub base_index: Option<&'c Index>,
    /// The checked cards.
    pub cards: Vec<Document>,
    /// What is below `ids/cards`, or in its place, and cannot be a card.
    pub stray_cards: Vec<Node>,
    /// The checked plugins.
    pub plugins: Vec<Plugin>,
    /// The checked documents: Markdown whose front matter has or should have an identity, here or on the base branch, or that a checked card names.
    pub documents: Vec<Document>,
    /// What is in the place of a document, and not a regular file.
    pub irregular_documents: Vec<Node>,
    /// The checked packs: `policy-packs/*/pack.yaml`.
    pub packs: Vec<Document>,
    /// What manifests of other plugin systems claim.
    pub claimed: &'c Claimed,
    /// The conflicting claims of the checked artifacts.
    pub claims: &'c Claims,
    /// Whether findings about the whole tree are reported here: a tree is checked in shares, and one of them reports.
    pub reports_whole_tree: bool,
    /// Whether the base branch itself is checked after a push.
    pub pushed: bool,
    /// The policy.
    pub policy: &'c Policy,
    /// The policy of the change itself, loaded on first use.
    own_policy: OnceLock<Option<Policy>>,
    /// Opens a tree of the repository, where there is one.
    pub(super) open_tree: Option<&'c dyn OpenTree>,
    /// The ledgers of the base branch, opened on first use.
    pub(super) ledgers: OnceLock<Ledgers>,
    /// The artifacts on the base branch by ULID, gathered on first use.
    pub(super) base_artifacts: OnceLock<HashMap<String, ArtifactOnBase>>,
    /// The day of the run.
    pub today: Date,
    /// The test coverage, as far as the run is given reports.
    pub coverage: &'c Covered<'c>,
}

impl<'c> StateContext<'c> {
    /// Opens the artifacts at the paths.
    pub(crate) fn open(
        input: &StateInput<'c>,
        paths: &ArtifactPaths,
        claims: &'c Claims,
    ) -> Result<StateContext<'c>> {
        let open = |paths: &BTreeSet<RepoPath>| -> Result<Vec<Document>> {
            let mut found = Vec::new();
            for path in paths {
                found.extend(Document::open(input.head, path)?);
            }
            Ok(found)
        };
        let mut plugins = Vec::new();
        for directory in &paths.plugins {
            let is_new = match input.tip {
                Some(tip) => tip.find(&directory.join(SPEC.as_bytes()))?.is_none(),
                None => true,
            };
            plugins.extend(Plugin::open(input.head, directory, is_new, input.policy)?);
        }
        let (mut documents, mut irregular_documents) = (Vec::new(), Vec::new());
        for path in &paths.documents {
            let is_known = || -> Result<bool> {
                let Some(tip) = input.tip else { return Ok(paths.named.contains(path)) };
                let before = Document::open(tip, path)?;
                Ok(paths.named.contains(path) || before.is_some_and(|before| before.names_identity))
            };
            match Document::open(input.head, path)? {
                Some(document) if document.names_identity || is_known()? => documents.push(document),
                Some(_) => {}
                None if is_known()? => irregular_documents.extend(input.head.find(path)?),
                None => {}
            }
        }
        let mut stray_cards = Vec::new();
        for path in &paths.stray_cards {
            stray_cards.extend(input.head.find(path)?);
        }
        Ok(StateContext {
            head: input.head,
            tip: input.tip,
            changes: input.changes,
            has_identities: input.has_identities,
            index: input.index,
            base_index: input.base_index,
            cards: open(&paths.cards)?,
            stray_cards,
            plugins,
            documents,
            irregular_documents,
            packs: open(&paths.packs)?,
            claimed: input.claimed,
            claims,
            reports_whole_tree: paths.is_first,
            pushed: input.pushed,
            policy: input.policy,
            own_policy: OnceLock::new(),
            open_tree: input.open_tree,
            ledgers: OnceLock::new(),
            base_artifacts: OnceLock::new(),
            today: input.today,
            coverage: input.coverage,
        })
    }

    /// Returns the policy of the change itself, where the change contains one and it is valid.
    ///
    /// Nothing is checked by it; but generated files that enter with it may be generated under it.
    #[must_use]
    pub fn own_policy(&self) -> Option<&Policy> {
        let load = || {
            let changes_policy = self.changes?.iter().any(|change| crate::paths::is_policy(&change.path));
            changes_policy.then(|| Policy::load(self.head).ok()).flatten()
        };
        self.own_policy.get_or_init(load).as_ref()
    }

    /// Returns the claims of a kind with conflicting claimants: a checked claimant, and the first other one.
    pub fn conflicts(&self, kind: ClaimKind) -> impl Iterator<Item = (&Claimant, &Claimant)> {
        self.claims.conflicts(kind).filter(|_| self.reports_whole_tree)
    }

    /// Visits every directory of the tree; of a tree checked in shares, in one of them.
    ///
    /// # Errors
    /// When a directory cannot be read.
    pub fn each_directory(&self, visit: &mut dyn FnMut(&RepoPath, &Listing)) -> Result<()> {
        let mut directories = if self.reports_whole_tree { vec![self.head.root()?] } else { Vec::new() };
        while let Some(directory) = directories.pop() {
            let listing = self.head.list(&directory)?;
            let inside = listing.iter().filter(|entry| entry.object.mode == Mode::Directory);
            directories.extend(
                inside.map(|entry| Node { path: directory.path.join(entry.name), object: entry.object }),
            );
            visit(&directory.path, &listing);
        }
        Ok(())
    }

    /// Returns what is in the place of a plugin directory or leads to one: what the change touches, or all of it.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn plugin_entries(&self) -> Result<BTreeSet<RepoPath>> {
        let layout = &self.policy.layout;
        let mut entries = BTreeSet::new();
        match self.changes {
            Some(changes) => entries.extend(
                changes
                    .iter()
                    .map(|change| &change.path)
                    .filter(|path| layout.leads_to_plugins(path))
                    .cloned(),
            ),
            None if self.reports_whole_tree => {
                entries.extend(layout.all_entries(self.head)?.into_iter().map(|node| node.path));
            }
            None => {}
        }
        entries.retain(|path| !self.claimed.reaches(path));
        Ok(entries)
    }

    /// Returns the number of checked files.
    pub(crate) fn files(&self) -> u64 {
        let plugins: usize = self.plugins.iter().map(|plugin| plugin.files.len()).sum();
        (self.cards.len() + plugins + self.documents.len() + self.packs.len()) as u64
    }

    /// Returns whether this change adds a path; when the whole tree is checked, nothing is added.
    #[must_use]
    pub fn is_added(&self, path: &RepoPath) -> bool {
        self.change_of(path).is_some_and(|change| change.before.is_none() && change.after.is_some())
    }

    /// Returns whether this change touches a path; when the whole tree is checked, nothing is touched.
    #[must_use]
    pub fn is_touched(&self, path: &RepoPath) -> bool {
        self.change_of(path).is_some()
    }

    fn change_of(&self, path: &RepoPath) -> Option<&Change> {
        let changes = self.changes?;
        let at = changes.binary_search_by(|change| change.path.cmp(path)).ok()?;
        Some(&changes[at])
    }

    /// Finds the plugin with a key or alias after the change.
    #[must_use]
    pub fn plugin_of_key(&self, key: &str) -> Option<&IndexedPlugin> {
        self.claims.plugin_of_key(self.index, key)
    }

    /// Generates the derived files of a plugin; `None` where its spec is invalid, which other rules report.
    ///
    /// # Errors
    /// When a file of the plugin cannot be read.
    pub fn derived<'p>(&self, plugin: &'p Plugin) -> Result<Option<&'p Derived>> {
        plugin.derived(self.head)
    }

    /// Reads the texts of a plugin.
    ///
    /// # Errors
    /// When one cannot be read.
    pub fn texts<'p>(&self, plugin: &'p Plugin) -> Result<&'p Texts> {
        plugin.texts(self.head)
    }

    /// Reads the checked documents that are Markdown, without those of a checked plugin: they are among its texts.
    #[must_use]
    pub fn pages(&self) -> Vec<Text<Markdown>> {
        let is_in_plugin = |path: &RepoPath| {
            self.policy.layout.plugin_directory(path).is_some_and(|directory| match self.changes {
                Some(_) => self.plugins.iter().any(|plugin| plugin.directory == directory),
                None => self.index.plugin(&directory).is_some(),
            })
        };
        let documents = self.documents.iter().filter(|document| {
            Syntax::of_path(&document.path) == Some(Syntax::FrontMatter) && !is_in_plugin(&document.path)
        });
        documents.map(Text::of_document).collect()
    }

    /// Opens the spec of a plugin on the base branch: at the same path, or at the path of the same identity.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn spec_on_base(&self, plugin: &Plugin) -> Result<Option<Document>> {
        let Some(tip) = self.tip else { return Ok(None) };
        let ulid = plugin.spec.as_ref().and_then(|spec| spec.text_at("/ulid")).unwrap_or_default();
        let here = Document::open(tip, &plugin.directory.join(SPEC.as_bytes()))?;
        if let Some(here) = here.filter(|here| here.text_at("/ulid") == Some(ulid)) {
            return Ok(Some(here));
        }
        let moved = self
            .base_index
            .and_then(|index| index.plugins.iter().find(|other| other.ulid == ulid && !ulid.is_empty()));
        match moved {
            Some(other) => Document::open(tip, &other.directory().join(SPEC.as_bytes())),
            None => Ok(None),
        }
    }

    /// Returns whether this change introduces the plugin's version: the base branch has another one, or none.
    ///
    /// # Errors
    /// When the spec on the base branch cannot be read.
    pub fn introduces_version(&self, plugin: &Plugin) -> Result<bool> {
        if self.changes.is_none() || self.tip.is_none() {
            return Ok(false);
        }
        // A draft is not published, whatever its version is.
        let is_draft = |document: &Document| document.text_at("/status") == Some("draft");
        if plugin.spec.as_ref().is_some_and(is_draft) {
            return Ok(false);
        }
        let version = |document: &Document| {
            document.text_at("/version").filter(|_| !is_draft(document)).map(String::from)
        };
        let before = self.spec_on_base(plugin)?.as_ref().and_then(version);
        Ok(before != plugin.spec.as_ref().and_then(version))
    }
}
