//! A schema of a plugin with the files that it refers to, in the tree of a change or in an earlier one.

use std::collections::BTreeMap;

use schema::{Bundle, FileProblem, refers_to_files};
use snapshot::{RepoPath, Result, Snapshot};

use super::schema_documents::{files_of, open_schemas};
use super::{Document, Plugin};

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
