//! The pages that a change leaves as they are, and that may link to what it removes.

use std::collections::BTreeSet;

use artifact::Syntax;
use documents::markdown::Markdown;
use memchr::memmem::Finder;
use snapshot::{Error, Mode, Node, RepoPath, Result};

use super::{StateContext, Text};

/// The names that are searched in each page; with more of them, every page is read.
const MAX_SEARCHED_NAMES: usize = 16;
/// The depth limit of directories that are entered.
const MAX_DIRECTORY_DEPTH: usize = 32;

impl StateContext<'_> {
    /// Reads the Markdown of plugins and documents that the change does not touch, where it contains one of the names.
    ///
    /// # Errors
    /// When a directory or a page cannot be read.
    pub fn untouched_pages(&self, names: &BTreeSet<Vec<u8>>) -> Result<Vec<Text<Markdown>>> {
        let mut found = Vec::new();
        if names.is_empty() {
            return Ok(found);
        }
        let finders: Vec<Finder<'_>> = names.iter().take(MAX_SEARCHED_NAMES).map(Finder::new).collect();
        let is_searched = names.len() <= MAX_SEARCHED_NAMES;
        // A name may also be written with percent signs.
        let may_link = |text: &[u8]| {
            !is_searched || text.contains(&b'%') || finders.iter().any(|finder| finder.find(text).is_some())
        };
        for node in self.untouched_page_files()? {
            let text = match self.head.read(&node, documents::MAX_DOCUMENT_BYTES as u64) {
                // A page over the limit is reported where it is checked itself.
                Err(Error::TooLarge { .. }) => continue,
                other => other?,
            };
            if may_link(&text) {
                found.push(Text::of_page(node.path, text));
            }
        }
        Ok(found)
    }

    fn untouched_page_files(&self) -> Result<Vec<Node>> {
        let mut files = Vec::new();
        for plugin in &self.index.plugins {
            let directory = plugin.directory();
            if self.plugins.binary_search_by(|plugin| plugin.directory.cmp(&directory)).is_ok() {
                continue;
            }
            let mut folders: Vec<Node> = self.head.find(&directory)?.into_iter().collect();
            while let Some(folder) = folders.pop() {
                if folder.object.mode != Mode::Directory
                    || folder.path.components().count() > MAX_DIRECTORY_DEPTH
                {
                    continue;
                }
                for entry in self.head.list(&folder)?.iter() {
                    let node = Node { path: folder.path.join(entry.name), object: entry.object };
                    match entry.object.mode {
                        Mode::Directory => folders.push(node),
                        Mode::File | Mode::Executable if is_page(&node.path) => files.push(node),
                        _ => {}
                    }
                }
            }
        }
        for card in self.index.cards.iter().filter(|card| card.claims.kind == "document") {
            let path = RepoPath::from(card.claims.path.as_str());
            if is_page(&path) && !self.is_touched(&path) && !card.claims.path.is_empty() {
                let node = self.head.find(&path)?;
                files.extend(node.filter(|node| matches!(node.object.mode, Mode::File | Mode::Executable)));
            }
        }
        Ok(files)
    }
}

fn is_page(path: &RepoPath) -> bool {
    Syntax::of_path(path) == Some(Syntax::FrontMatter)
}
