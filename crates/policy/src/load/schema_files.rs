//! The files of a pack that its schemas may refer to: all JSON and YAML files, if a schema refers to another file at all.

use std::collections::{BTreeMap, BTreeSet};

use artifact::{Kind, Limits, Syntax, Value, parse};
use diagnostic::{CheckError, Location};
use snapshot::{Entry, Mode, Node, RepoPath, Snapshot};

use super::source::{MAX_POLICY_FILE_BYTES, find};
use crate::error::Error;
use crate::pack::PackDocument;

/// The JSON and YAML files of a pack whose schema refers to another file.
const MAX_SCHEMA_FILES: usize = 200;
/// The nesting of directories that are entered.
const MAX_DIRECTORY_DEPTH: usize = 16;

/// Reads the files that a schema may refer to.
pub(super) fn read(
    snapshot: &dyn Snapshot,
    pack: &RepoPath,
    schema: &Value,
) -> Result<BTreeMap<String, Option<Value>>, Error> {
    let mut found = BTreeMap::new();
    if references(schema).is_empty() {
        return Ok(found);
    }
    let failed = |source| Error::Read { what: "pack", path: pack.clone(), source };
    let cut = pack.as_bytes().len() + 1;
    let depth = pack.components().count() + MAX_DIRECTORY_DEPTH;
    let mut folders: Vec<Node> = find(snapshot, pack)?.into_iter().collect();
    while let Some(folder) = folders.pop() {
        let inside = |entry: Entry<'_>| Node { path: folder.path.join(entry.name), object: entry.object };
        let nodes: Vec<Node> = snapshot.list(&folder).map_err(failed)?.iter().map(inside).collect();
        for node in nodes {
            let syntax = Syntax::of_path(&node.path).filter(|syntax| *syntax != Syntax::FrontMatter);
            match (node.object.mode, syntax, std::str::from_utf8(&node.path.as_bytes()[cut..])) {
                (Mode::Directory, ..) if node.path.components().count() <= depth => folders.push(node),
                (Mode::File | Mode::Executable, Some(syntax), Ok(path)) => {
                    let text = snapshot.read(&node, MAX_POLICY_FILE_BYTES).ok();
                    let value = text.and_then(|text| parse(syntax, &text, &Limits::default()).ok());
                    found.insert(path.to_string(), value);
                }
                _ => {}
            }
        }
        if found.len() > MAX_SCHEMA_FILES {
            return Err(CheckError {
                message: format!(
                    "the pack has more than {MAX_SCHEMA_FILES} files that its schema may refer to"
                ),
                help: Some("split the pack, or copy the definitions into the schema".into()),
                location: Some(Location::of(pack)),
            }
            .into());
        }
    }
    Ok(found)
}

/// Returns the paths of the files that the schema of documents refers to, directly and through others.
pub(super) fn referenced(document: &PackDocument) -> Vec<RepoPath> {
    let Some((_, schema)) = &document.schema else { return Vec::new() };
    reached(schema, &document.schema_files, &document.origin.path.parent())
}

/// Returns the paths of the files of a pack that a schema refers to, directly and through others.
pub(super) fn reached(
    schema: &Value,
    files: &BTreeMap<String, Option<Value>>,
    pack: &RepoPath,
) -> Vec<RepoPath> {
    let mut pending = vec![schema];
    let mut found = BTreeSet::new();
    while let Some(value) = pending.pop() {
        for reference in references(value) {
            let name = |address: &str| address.rsplit('/').next().map(String::from);
            for (path, value) in files {
                let id = value.as_ref().and_then(|value| value.get("$id")?.as_str()).unwrap_or_default();
                let is_meant = name(path) == name(reference) || name(id) == name(reference);
                if is_meant && found.insert(path.as_str()) {
                    pending.extend(value);
                }
            }
        }
    }
    found.into_iter().map(|path| pack.join(path.as_bytes())).collect()
}

/// Returns the references to other files, without their fragment.
fn references(value: &Value) -> Vec<&str> {
    match &value.kind {
        Kind::List(list) => list.iter().flat_map(references).collect(),
        Kind::Map(map) => map
            .entries()
            .flat_map(|entry| match (entry.key.name.as_str(), &entry.value.kind) {
                ("$ref" | "$dynamicRef" | "$recursiveRef", Kind::String(text)) => {
                    let address = text.split('#').next().unwrap_or_default();
                    if address.is_empty() { Vec::new() } else { vec![address] }
                }
                _ => references(&entry.value),
            })
            .collect(),
        _ => Vec::new(),
    }
}
