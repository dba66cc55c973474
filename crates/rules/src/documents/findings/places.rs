//! Looks up paths of the tree and anchors of its documents; lists each directory and reads each document once.

use std::borrow::Cow;
use std::collections::HashMap;

use documents::markdown::{self, Markdown};
use engine::{StateContext, Text};
use snapshot::fold::fold;
use snapshot::{Error, Listing, Mode, Node, RepoPath, Result};

/// The directories and documents read so far.
pub(crate) struct Places<'s> {
    state: &'s StateContext<'s>,
    root: Option<Node>,
    listings: HashMap<RepoPath, Listing>,
    pages: HashMap<RepoPath, Page<'s>>,
}

/// A document, or why it is unreadable.
type Page<'s> = std::result::Result<Cow<'s, Markdown>, String>;

impl<'s> Places<'s> {
    pub(crate) fn of(state: &'s StateContext<'_>) -> Places<'s> {
        Places { state, root: None, listings: HashMap::new(), pages: HashMap::new() }
    }

    /// Returns the entry at a path. A path of a million names costs no more than the directories that exist.
    pub(crate) fn find(&mut self, path: &RepoPath) -> Result<Option<Node>> {
        self.walk(path, |listing, name| listing.get(name).map(|entry| entry.name.to_vec()))
    }

    /// Returns the entry whose path differs only in case.
    pub(crate) fn case_variant(&mut self, path: &RepoPath) -> Result<Option<RepoPath>> {
        let variant = self.walk(path, |listing, name| {
            let variant = || listing.iter().find(|entry| fold(entry.name) == fold(name));
            listing.get(name).or_else(variant).map(|entry| entry.name.to_vec())
        })?;
        Ok(variant.map(|node| node.path).filter(|variant| variant != path))
    }

    fn walk(
        &mut self,
        path: &RepoPath,
        choose: impl Fn(&Listing, &[u8]) -> Option<Vec<u8>>,
    ) -> Result<Option<Node>> {
        let mut node = match &self.root {
            Some(root) => root.clone(),
            None => self.root.insert(self.state.head.root()?).clone(),
        };
        for name in path.components() {
            if node.object.mode != Mode::Directory {
                return Ok(None);
            }
            if !self.listings.contains_key(&node.path) {
                self.listings.insert(node.path.clone(), self.state.head.list(&node)?);
            }
            let listing = &self.listings[&node.path];
            let Some(entry) = choose(listing, name).and_then(|name| Some((listing.get(&name)?.object, name)))
            else {
                return Ok(None);
            };
            let (object, name) = entry;
            node = Node { path: node.path.join(&name), object };
        }
        Ok(Some(node))
    }

    /// Returns the document in a file.
    pub(crate) fn page(&mut self, node: &Node) -> Result<&Page<'s>> {
        if !self.pages.contains_key(&node.path) {
            let page = self.read(node)?;
            self.pages.insert(node.path.clone(), page);
        }
        Ok(&self.pages[&node.path])
    }

    fn read(&self, node: &Node) -> Result<Page<'s>> {
        let inside = |directory: &RepoPath| node.path.as_bytes().starts_with(directory.as_bytes());
        for plugin in self.state.plugins.iter().filter(|plugin| inside(&plugin.directory)) {
            if let Some(page) = self.state.texts(plugin)?.pages.iter().find(|page| page.path == node.path) {
                return Ok(of_text(page));
            }
        }
        let read = match self.state.head.read(node, documents::MAX_DOCUMENT_BYTES as u64) {
            Err(Error::TooLarge { size, .. }) => {
                let limit = documents::MAX_DOCUMENT_BYTES;
                return Ok(Err(format!("the file has {size} bytes; the limit is {limit}")));
            }
            other => other?,
        };
        let page = documents::decode_text(&read).and_then(markdown::read);
        Ok(page.map(Cow::Owned).map_err(|problem| problem.message))
    }
}

fn of_text(page: &Text<Markdown>) -> Page<'_> {
    match page.problems.first() {
        Some(problem) => Err(problem.message.clone()),
        None => Ok(Cow::Borrowed(&page.read)),
    }
}
