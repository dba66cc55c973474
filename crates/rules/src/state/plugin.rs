//! A plugin that is judged: its spec, its operations, and every file of its directory.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use artifact::Value;
use policy::StructureLimits;
use snapshot::{Mode, Node, RepoPath, Result, Snapshot};

use super::{Document, SPEC};

/// Files beyond the limit that are still counted, so that a report can say how far over it is.
const COUNTED_BEYOND: usize = 10_000;
/// Operations beyond these are told to be too many, and not each for itself.
const MOST_OPERATIONS: usize = 100;
/// The deepest directory that is entered.
const DEEPEST: usize = 32;

/// A plugin that is judged.
pub(crate) struct Plugin {
    /// Its directory.
    pub(crate) directory: RepoPath,
    /// Whether it did not stand on base.
    pub(crate) is_new: bool,
    /// Its spec, where it is a regular file.
    pub(crate) spec: Option<Document>,
    /// Everything below its directory but directories, by the path inside it.
    pub(crate) files: BTreeMap<Vec<u8>, Node>,
    /// The other documents it is judged by, where they stand: `manifest.json`, schemas, examples, the ledger contract.
    pub(crate) documents: BTreeMap<Vec<u8>, Document>,
    /// What its derived files shall be, once a rule asks for it.
    pub(super) derived: OnceLock<Option<super::derived::Derived>>,
    /// Its texts, once a rule asks for them.
    pub(super) texts: OnceLock<super::Texts>,
}

/// An operation, as a spec lists it.
pub(crate) struct Operation {
    /// Its name.
    pub(crate) name: String,
    /// Its pointer in the spec.
    pub(crate) pointer: String,
    /// Where its input's schema lies.
    pub(crate) input: String,
    /// Where its output's schema lies.
    pub(crate) output: String,
}

impl Plugin {
    /// Opens a plugin; `None` where no directory stands, as after its removal.
    pub(crate) fn open(
        snapshot: &dyn Snapshot,
        directory: &RepoPath,
        is_new: bool,
        limits: &StructureLimits,
    ) -> Result<Option<Plugin>> {
        let Some(node) = snapshot.find(directory)?.filter(|node| node.object.mode == Mode::Directory) else {
            return Ok(None);
        };
        let mut files = BTreeMap::new();
        let mut folders = vec![node];
        while let Some(folder) = folders.pop() {
            if files.len() > limits.plugin_files + COUNTED_BEYOND
                || folder.path.components().count() > DEEPEST
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
            directory: directory.clone(),
            is_new,
            spec,
            files,
            documents,
            derived: OnceLock::new(),
            texts: OnceLock::new(),
        }))
    }

    /// Returns how many operations the spec lists.
    pub(crate) fn operation_count(&self) -> usize {
        self.spec.as_ref().map_or(0, |spec| operation_list(spec).len())
    }

    /// Returns the operations that the spec lists, as far as they can be read, and no more than anyone could mean.
    pub(crate) fn operations(&self) -> Vec<Operation> {
        self.spec.as_ref().map(operations).unwrap_or_default()
    }

    /// Tells whether a file stands below the directory.
    pub(crate) fn has(&self, inside: &str) -> bool {
        self.files.contains_key(inside.as_bytes())
    }

    /// Returns the path of something below the directory.
    pub(crate) fn path(&self, inside: &[u8]) -> RepoPath {
        RepoPath::new([self.directory.as_bytes(), b"/", inside].concat())
    }

    /// Returns the directory's name.
    pub(crate) fn name(&self) -> String {
        String::from_utf8_lossy(self.directory.name()).into_owned()
    }
}

/// Returns the operations that a spec lists, as far as they can be read, and no more than anyone could mean.
pub(crate) fn operations(spec: &Document) -> Vec<Operation> {
    let text = |value: &Value, pointer: &str| {
        value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_string()
    };
    let listed = operation_list(spec).iter().take(MOST_OPERATIONS).enumerate();
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
    inside == b"ledger_contract.json"
        || inside.starts_with(b"schemas/") && inside.ends_with(b".json")
        || inside.starts_with(b"examples/") && inside.ends_with(b".json")
}
