//! A checked plugin: its spec, its operations, and every file of its directory.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use artifact::Value;
use artifact::layout::Layout;
use diagnostic::{Diagnostic, RuleInfo};
use index::SPEC;
use policy::Policy;
use schema::{FileProblem, Schema, SchemaFiles};
use snapshot::{Mode, Node, RepoPath, Result, Snapshot};

use super::schema_documents::files_of;
use super::{Derived, Document, Texts};

/// Files beyond the limit that are still counted, so that a finding can contain the number.
const MAX_COUNTED_FILES_BEYOND: usize = 10_000;
/// Operations beyond these are reported as too many, and not one by one.
const MAX_OPERATIONS: usize = 100;
/// The depth limit of directories that are entered.
const MAX_DIRECTORY_DEPTH: usize = 32;

/// A checked plugin.
pub struct Plugin {
    /// Its directory.
    pub directory: RepoPath,
    /// Its name, as commands accept it.
    name: String,
    /// Whether it is missing on the base branch.
    pub is_new: bool,
    /// Its spec, where it is a regular file.
    pub spec: Option<Document>,
    /// Everything below its directory but directories, by the path inside it.
    pub files: BTreeMap<Vec<u8>, Node>,
    /// Its other documents, where they exist: `manifest.json`, schemas, examples, the ledger contract.
    pub documents: BTreeMap<Vec<u8>, Document>,
    /// Its derived files, generated on first use.
    derived: OnceLock<Option<Derived>>,
    /// Its texts, read on first use.
    texts: OnceLock<Texts>,
}

/// An operation, as a spec lists it.
pub struct Operation {
    /// Its name.
    pub name: String,
    /// Its pointer in the spec.
    pub pointer: String,
    /// The path of its input's schema; empty if it accepts nothing.
    pub input: String,
    /// The path of its output's schema; empty if it returns nothing.
    pub output: String,
}

impl Plugin {
    /// Opens a plugin; `None` where its directory is missing, for example after its removal.
    pub(super) fn open(
        snapshot: &dyn Snapshot,
        directory: &RepoPath,
        is_new: bool,
        policy: &Policy,
    ) -> Result<Option<Plugin>> {
        let Some(node) = snapshot.find(directory)?.filter(|node| node.object.mode == Mode::Directory) else {
            return Ok(None);
        };
        let limits = &policy.structure;
        let mut files = BTreeMap::new();
        let mut folders = vec![node];
        while let Some(folder) = folders.pop() {
            if files.len() > limits.plugin_files + MAX_COUNTED_FILES_BEYOND
                || folder.path.components().count() > MAX_DIRECTORY_DEPTH
            {
                continue;
            }
            for entry in snapshot.list(&folder)?.iter() {
                let node = Node { path: folder.path.join(entry.name), object: entry.object };
                if node.object.mode == Mode::Directory {
                    folders.push(node);
                } else {
                    files.insert(node.path.as_bytes()[directory.as_bytes().len() + 1..].to_vec(), node);
                }
            }
        }
        let spec = Document::open(snapshot, &directory.join(SPEC.as_bytes()))?;
        let mut documents = BTreeMap::new();
        for inside in files.keys().filter(|inside| is_read(inside)).take(limits.plugin_files) {
            let path = RepoPath::new([directory.as_bytes(), b"/", inside].concat());
            if let Some(document) = Document::open(snapshot, &path)? {
                documents.insert(inside.clone(), document);
            }
        }
        Ok(Some(Plugin {
            name: name_of(directory, &policy.layout),
            directory: directory.clone(),
            is_new,
            spec,
            files,
            documents,
            derived: OnceLock::new(),
            texts: OnceLock::new(),
        }))
    }

    /// Generates the derived files; `None` where the spec is invalid, which other rules report.
    pub(super) fn derived(&self, head: &dyn Snapshot) -> Result<Option<&Derived>> {
        if let Some(known) = self.derived.get() {
            return Ok(known.as_ref());
        }
        let derived = Derived::generate(head, &self.directory, self.spec.as_ref())?;
        Ok(self.derived.get_or_init(|| derived).as_ref())
    }

    /// Reads the texts.
    pub(super) fn texts(&self, head: &dyn Snapshot) -> Result<&Texts> {
        if let Some(known) = self.texts.get() {
            return Ok(known);
        }
        let files = self.derived(head)?.map(|derived| &derived.files);
        let texts = Texts::read(head, &self.directory, &self.files, files)?;
        Ok(self.texts.get_or_init(|| texts))
    }

    /// Returns how many operations the spec lists.
    #[must_use]
    pub fn operation_count(&self) -> usize {
        self.spec.as_ref().map_or(0, |spec| operation_list(spec).len())
    }

    /// Returns the operations that the spec lists, as far as they can be read, up to a limit.
    #[must_use]
    pub fn operations(&self) -> Vec<Operation> {
        self.spec.as_ref().map(operations).unwrap_or_default()
    }

    /// Compiles a schema of the plugin; `None` where it is missing or cannot be read.
    #[must_use]
    pub fn schema(&self, inside: &str) -> Option<std::result::Result<&Schema, &FileProblem>> {
        self.documents.get(inside.as_bytes())?.schema_among(inside, || self.schema_files())
    }

    /// Returns the files that the schemas of the plugin may refer to.
    #[must_use]
    pub fn schema_files(&self) -> SchemaFiles<'_> {
        files_of(&self.documents)
    }

    /// Returns a problem of a schema as a finding in the file that contains it; `place` is that of the schema in the spec.
    #[must_use]
    pub fn schema_problem(
        &self,
        rule: &'static RuleInfo,
        found: &FileProblem,
        place: &str,
    ) -> Option<Diagnostic> {
        let mut problem = found.problem.clone();
        if let Some(document) = self.documents.get(found.path.as_bytes()) {
            return Some(document.to_diagnostic(rule, problem));
        }
        problem.pointer = format!("{place}{}", problem.pointer);
        Some(self.spec.as_ref()?.to_diagnostic(rule, problem))
    }

    /// Returns whether a file exists below the directory.
    #[must_use]
    pub fn has(&self, inside: &str) -> bool {
        self.files.contains_key(inside.as_bytes())
    }

    /// Returns the path of something below the directory.
    #[must_use]
    pub fn path(&self, inside: &[u8]) -> RepoPath {
        RepoPath::new([self.directory.as_bytes(), b"/", inside].concat())
    }

    /// Returns the name of the plugin, as commands accept it: the name of its directory, or the path where another directory may have that name.
    #[must_use]
    pub fn name(&self) -> String {
        self.name.clone()
    }
}

fn name_of(directory: &RepoPath, layout: &Layout) -> String {
    let name = if layout.is_default() { directory.name() } else { directory.as_bytes() };
    String::from_utf8_lossy(name).into_owned()
}

/// Returns the operations that a spec lists, as far as they can be read, up to a limit.
#[must_use]
pub fn operations(spec: &Document) -> Vec<Operation> {
    let text = |value: &Value, pointer: &str| {
        value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_string()
    };
    let listed = operation_list(spec).iter().take(MAX_OPERATIONS).enumerate();
    let operations = listed.map(|(at, value)| Operation {
        name: text(value, "/name"),
        pointer: format!("/operations/{at}"),
        input: text(value, "/input"),
        output: text(value, "/output"),
    });
    operations.filter(|operation| !operation.name.is_empty()).collect()
}

fn operation_list(spec: &Document) -> &[Value] {
    let list = spec.value.as_ref().ok().and_then(|value| value.pointer("/operations")?.as_list());
    list.unwrap_or_default()
}

/// The JSON documents that rules look into.
fn is_read(inside: &[u8]) -> bool {
    const DIRECTORIES: [&[u8]; 4] =
        [b"schemas/", b"examples/", b"conformance/schemas/", b"conformance/examples/"];
    inside == b"ledger_contract.json"
        || inside.ends_with(b".json") && DIRECTORIES.iter().any(|directory| inside.starts_with(directory))
}
