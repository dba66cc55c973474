//! The schema files of a plugin, which refer to each other.

use std::collections::BTreeMap;

use schema::{Bundle, FileProblem, SchemaFiles, refers_to_files};
use snapshot::{Mode, Node, RepoPath, Result, Snapshot};

use super::{Document, Plugin};

/// The directory that references stay in.
const SCHEMAS: &[u8] = b"schemas/";
/// The schema files of a plugin on the base branch that are read; policies usually allow fewer files.
const MAX_SCHEMA_FILES: usize = 1_000;
/// The nesting of directories that are entered.
const MAX_SCHEMA_DIRECTORY_DEPTH: usize = 16;

/// Returns the files that a schema may refer to.
pub(super) fn files_of(documents: &BTreeMap<Vec<u8>, Document>) -> SchemaFiles<'_> {
    let schemas = documents.iter().filter(|(inside, _)| inside.starts_with(SCHEMAS));
    let files = schemas.filter_map(|(inside, document)| {
        Some((String::from_utf8(inside.clone()).ok()?, document.value.as_ref().ok()))
    });
    SchemaFiles::new("the plugin's schemas", files)
}

/// A schema of a plugin in one tree, with the files that it refers to.
pub struct PluginSchema<'d> {
    /// The schema.
    pub bundle: Bundle,
    /// The directory of the plugin.
    directory: RepoPath,
    /// The documents by their path in the plugin.
    documents: Documents<'d>,
}

/// Documents of the head, or opened for this schema.
enum Documents<'d> {
    Head(&'d BTreeMap<Vec<u8>, Document>),
    Opened(BTreeMap<Vec<u8>, Document>),
}

impl<'d> PluginSchema<'d> {
    /// Bundles a schema of a checked plugin; `None` where it is missing, cannot be read or is invalid, which other rules report.
    #[must_use]
    pub fn of_plugin(plugin: &'d Plugin, inside: &str) -> Option<PluginSchema<'d>> {
        plugin.schema(inside)?.ok()?;
        let value = plugin.documents.get(inside.as_bytes())?.value.as_ref().ok()?;
        Some(PluginSchema {
            bundle: Bundle::new(inside, value, &plugin.schema_files()).ok()?,
            directory: plugin.directory.clone(),
            documents: Documents::Head(&plugin.documents),
        })
    }

    /// Bundles a schema of a plugin in another tree; `None` where it is missing, cannot be read or is invalid.
    ///
    /// # Errors
    /// When the tree cannot be read.
    pub fn open(
        snapshot: &dyn Snapshot,
        directory: &RepoPath,
        inside: &str,
    ) -> Result<Option<PluginSchema<'static>>> {
        let Some(document) = Document::open(snapshot, &directory.join(inside.as_bytes()))? else {
            return Ok(None);
        };
        let mut documents = BTreeMap::new();
        if let Ok(value) = &document.value
            && refers_to_files(value)
        {
            documents = open_schemas(snapshot, directory)?;
        }
        let bundle = match (&document.value, document.schema_among(inside, || files_of(&documents))) {
            (Ok(value), Some(Ok(_))) => Bundle::new(inside, value, &files_of(&documents)).ok(),
            _ => None,
        };
        documents.insert(inside.as_bytes().to_vec(), document);
        let directory = directory.clone();
        let documents = Documents::Opened(documents);
        Ok(bundle.map(|bundle| PluginSchema { bundle, directory, documents }))
    }

    /// Returns the document with a value of the schema, and the pointer of the value in it.
    #[must_use]
    pub fn locate(&self, pointer: &str) -> Option<(&Document, String)> {
        let (path, pointer) = self.bundle.locate(pointer);
        let documents = match &self.documents {
            Documents::Head(documents) => *documents,
            Documents::Opened(documents) => documents,
        };
        Some((documents.get(path.as_bytes())?, pointer))
    }

    /// Returns the paths of its files in the tree.
    pub fn paths(&self) -> impl Iterator<Item = RepoPath> {
        self.bundle.paths().map(|path| self.directory.join(path.as_bytes()))
    }
}

/// Bundles a schema inside the spec of a plugin in another tree.
///
/// # Errors
/// When the tree cannot be read; the inner error is a reference without a target.
pub fn bundle_in_spec(
    snapshot: &dyn Snapshot,
    directory: &RepoPath,
    schema: &artifact::Value,
) -> Result<std::result::Result<Bundle, FileProblem>> {
    let documents =
        if refers_to_files(schema) { open_schemas(snapshot, directory)? } else { BTreeMap::new() };
    Ok(Bundle::new(index::SPEC, schema, &files_of(&documents)))
}

/// Opens the schema files of a plugin.
fn open_schemas(snapshot: &dyn Snapshot, directory: &RepoPath) -> Result<BTreeMap<Vec<u8>, Document>> {
    let mut found = BTreeMap::new();
    let top = snapshot.find(&directory.join(b"schemas"))?;
    let mut folders: Vec<Node> = top.into_iter().filter(|node| node.object.mode == Mode::Directory).collect();
    let depth = directory.components().count() + MAX_SCHEMA_DIRECTORY_DEPTH;
    while let Some(folder) = folders.pop() {
        for entry in snapshot.list(&folder)?.iter() {
            let path = folder.path.join(entry.name);
            if entry.object.mode == Mode::Directory && path.components().count() <= depth {
                folders.push(Node { path, object: entry.object });
            } else if path.name().ends_with(b".json")
                && found.len() < MAX_SCHEMA_FILES
                && let Some(document) = Document::open(snapshot, &path)?
            {
                let cut = if directory.is_root() { 0 } else { directory.as_bytes().len() + 1 };
                found.insert(path.as_bytes()[cut..].to_vec(), document);
            }
        }
    }
    Ok(found)
}
