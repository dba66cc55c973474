//! The schema files of a plugin, which refer to each other.

use std::collections::BTreeMap;

use schema::SchemaFiles;
use snapshot::{Mode, Node, RepoPath, Result, Snapshot};

use super::Document;

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

/// Opens the schema files of a plugin.
pub(super) fn open_schemas(
    snapshot: &dyn Snapshot,
    directory: &RepoPath,
) -> Result<BTreeMap<Vec<u8>, Document>> {
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
