//! What rules may know of other files: a closed set of facts, computed from the content of a tree. None of them executes anything.

mod build;
mod elixir;
mod elixir_tokens;
mod files;
mod mentions;
mod mix;
mod others;
mod source;

use artifact::Value;
use policy::{Anchor, Dialect, Fact, ManifestCondition};
use snapshot::{Mode, RepoPath, Result, Snapshot};

pub use others::RepositoryFacts;

use self::build::{list, mapping, null, string, truth};
use self::files::{Place, find_files};
use crate::discovery::matches_files_beside;
use crate::manifest::Manifest;

/// A fact that cannot be computed because of the content of a file: a finding, and no failure of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FactProblem {
    /// The name that the pack gives the fact.
    pub name: String,
    /// What is wrong.
    pub message: String,
}

/// The facts of one manifest.
pub struct Facts<'f> {
    repository: &'f RepositoryFacts<'f>,
    dialect: &'f Dialect,
    manifest: &'f Manifest,
}

impl<'f> Facts<'f> {
    /// The facts of a manifest of a dialect.
    #[must_use]
    pub fn of(
        repository: &'f RepositoryFacts<'f>,
        dialect: &'f Dialect,
        manifest: &'f Manifest,
    ) -> Facts<'f> {
        Facts { repository, dialect, manifest }
    }

    /// Computes all facts: a mapping from their names to their values, and what could not be computed.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn all(&self) -> Result<(Value, Vec<FactProblem>)> {
        let (mut values, mut problems) = (Vec::new(), Vec::new());
        for (name, fact) in &self.dialect.facts {
            if let Fact::Sibling(file) = fact
                && let Some(message) = self.unreadable_sibling(file)?
            {
                problems.push(FactProblem { name: name.clone(), message });
            }
            values.push((name.as_str(), self.compute(fact)?));
        }
        Ok((mapping(values), problems))
    }

    /// Computes a fact by its name.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn value(&self, name: &str) -> Result<Option<Value>> {
        self.dialect.facts.get(name).map(|fact| self.compute(fact)).transpose()
    }

    /// Returns whether the files beside the manifest are as a condition wants them.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn matches_files_beside(&self, condition: &ManifestCondition) -> Result<bool> {
        if condition.absent.is_empty() && condition.present.is_empty() {
            return Ok(true);
        }
        let node =
            self.snapshot().find(&self.directory())?.filter(|node| node.object.mode == Mode::Directory);
        match node {
            Some(node) => Ok(matches_files_beside(condition, &self.snapshot().list(&node)?)),
            None => Ok(false),
        }
    }

    fn snapshot(&self) -> &'f dyn Snapshot {
        self.repository.snapshot
    }

    fn directory(&self) -> RepoPath {
        self.manifest.path.parent()
    }

    fn compute(&self, fact: &Fact) -> Result<Value> {
        let document = self.manifest.document.as_ref().ok();
        let directory = self.directory();
        Ok(match fact {
            Fact::DirectoryName => string(&lossy(directory.name())),
            Fact::Path => string(&lossy(self.manifest.path.as_bytes())),
            Fact::Remote => self.repository.remote.as_deref().map_or_else(null, string),
            Fact::Same(pointer) => self.repository.same(self.dialect, self.manifest, pointer)?,
            Fact::Other { pack, at } => self.repository.other(pack, at)?,
            Fact::Exists(pattern) => truth(!find_files(self.snapshot(), &directory, pattern, 1)?.is_empty()),
            Fact::Files(pattern) => {
                let found = find_files(self.snapshot(), &directory, pattern, files::MAX_FILES)?;
                list(found.iter().map(|file| string(&lossy(&file.inside))))
            }
            Fact::ExistsAt(pointer) => {
                match document.and_then(|document| document.pointer(pointer)?.as_str()) {
                    Some(text) => string(self.place(Anchor::Manifest).resolve(self.snapshot(), text)?.name()),
                    None => null(),
                }
            }
            Fact::PathsAt(at, anchor) => {
                let place = self.place(*anchor);
                let mut found = Vec::new();
                for text in document.map(|document| strings(document, at)).unwrap_or_default() {
                    found.push((text, string(place.resolve(self.snapshot(), text)?.name())));
                }
                mapping(found)
            }
            Fact::DocumentsAt(at, anchor) => {
                let place = self.place(*anchor);
                let mut found = Vec::new();
                for text in document.map(|document| strings(document, at)).unwrap_or_default() {
                    found.push((text, self.repository.document(place.path(text).as_ref())?));
                }
                mapping(found)
            }
            Fact::Sibling(file) => self.repository.document(self.sibling(file).as_ref())?,
            Fact::Mentions { words, files } => mentions::find(self.snapshot(), &directory, words, files)?,
            Fact::MixApp => mix::app(self.snapshot(), &directory)?,
            Fact::MixDependencies => mix::dependencies(self.snapshot(), &directory)?,
            Fact::Elixir(files) => elixir::modules(self.snapshot(), &directory, files)?,
        })
    }

    /// Returns where paths in the manifest start, and how far they may lead.
    fn place(&self, anchor: Anchor) -> Place {
        let directory = self.directory();
        match anchor {
            Anchor::Root => Place { start: RepoPath::root(), boundary: RepoPath::root() },
            Anchor::Manifest if self.dialect.artifact.is_some() => {
                Place { start: directory.clone(), boundary: directory }
            }
            // A manifest without a card, such as a catalog, refers to files all over its repository.
            Anchor::Manifest => Place { start: directory, boundary: RepoPath::root() },
        }
    }

    fn sibling(&self, file: &str) -> Option<RepoPath> {
        Place { start: self.directory(), boundary: RepoPath::root() }.path(file)
    }

    fn unreadable_sibling(&self, file: &str) -> Result<Option<String>> {
        let Some(path) = self.sibling(file) else { return Ok(None) };
        self.repository.fault_of(&path)
    }
}

/// Returns the strings that a pointer selects, each once.
fn strings<'v>(document: &'v Value, at: &policy::PointerPattern) -> Vec<&'v str> {
    let mut found: Vec<&str> =
        at.select(document).into_iter().filter_map(|(_, value)| value.as_str()).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
