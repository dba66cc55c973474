//! The identities that documents, policy packs and modules declare: those that a card names, and those that a check names.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use artifact::layout::{MODULE, PACK, PACKS};
use artifact::{ArtifactKind, Syntax, Value, parse};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use snapshot::{Mode, Node, Object, RepoPath, Result, Snapshot};

use crate::reading::{directory, limits, read, skeleton};

/// A document, policy pack or module in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexedDocument {
    /// The path of the file.
    pub path: Vec<u8>,
    /// The mode and object id of the file.
    pub object: Object,
    /// What the file describes.
    pub kind: ArtifactKind,
    /// The ULID; never empty.
    pub ulid: String,
    /// The current key.
    pub key: String,
    /// The current status.
    pub status: String,
    /// Its other keys.
    pub aliases: Vec<String>,
    /// The skeleton of the key: confusable keys have the same one (UTS 39).
    pub skeleton: String,
}

impl IndexedDocument {
    /// Returns the path of the file.
    #[must_use]
    pub fn file(&self) -> RepoPath {
        RepoPath::new(&self.path)
    }

    /// Returns the JSON pointer of the key.
    #[must_use]
    pub fn key_pointer(&self) -> &'static str {
        if self.kind == ArtifactKind::Document { "/doc_key" } else { "/key" }
    }
}

/// Returns the kind of artifact that a file describes, apart from plugin specs: its name decides.
#[must_use]
pub fn kind_of_file(path: &RepoPath) -> Option<ArtifactKind> {
    let is_in_pack = || {
        let mut parts = path.components();
        parts.next() == Some(PACKS.as_bytes()) && parts.count() == 2
    };
    match path.name() {
        name if name == PACK.as_bytes() && is_in_pack() => Some(ArtifactKind::PolicyPack),
        name if name == MODULE.as_bytes() => Some(ArtifactKind::Module),
        _ if Syntax::of_path(path) == Some(Syntax::FrontMatter) => Some(ArtifactKind::Document),
        _ => None,
    }
}

/// Returns the file that describes the artifact of a card; `None` for plugins, and where the card's path is none.
#[must_use]
pub fn file_of_card(kind: &str, path: &str) -> Option<RepoPath> {
    let place = Some(path).filter(|path| !path.is_empty()).map(RepoPath::from)?;
    match ArtifactKind::from_name(kind)? {
        ArtifactKind::Document => Some(place),
        ArtifactKind::PolicyPack => Some(place.join(PACK.as_bytes())),
        ArtifactKind::Module if place.name() == MODULE.as_bytes() => Some(place),
        ArtifactKind::Module => Some(place.join(MODULE.as_bytes())),
        ArtifactKind::Plugin => None,
    }
}

/// Indexes the documents at paths, and every policy pack.
pub(crate) fn documents(
    snapshot: &dyn Snapshot,
    mut paths: BTreeSet<RepoPath>,
    known: &[&[Arc<IndexedDocument>]],
) -> Result<Vec<Arc<IndexedDocument>>> {
    let packs = directory(snapshot, PACKS)?;
    paths.extend(
        packs
            .iter()
            .filter(|entry| entry.object.mode == Mode::Directory)
            .map(|entry| RepoPath::from(PACKS).join(entry.name).join(PACK.as_bytes())),
    );
    of_files(snapshot, &paths, known)
}

/// Indexes the documents at paths, where they declare an identity.
pub(crate) fn of_files(
    snapshot: &dyn Snapshot,
    paths: &BTreeSet<RepoPath>,
    known: &[&[Arc<IndexedDocument>]],
) -> Result<Vec<Arc<IndexedDocument>>> {
    let known: Vec<HashMap<&[u8], &Arc<IndexedDocument>>> = known
        .iter()
        .map(|known| known.iter().map(|document| (document.path.as_slice(), document)).collect())
        .collect();
    let paths: Vec<(&RepoPath, ArtifactKind)> =
        paths.iter().filter_map(|path| Some((path, kind_of_file(path)?))).collect();
    let read: Result<Vec<Option<Arc<IndexedDocument>>>> = paths
        .par_iter()
        .map(|(path, kind)| {
            let node = snapshot.find(path)?;
            let Some(node) = node.filter(|node| matches!(node.object.mode, Mode::File | Mode::Executable))
            else {
                return Ok(None);
            };
            let same = known.iter().find_map(|known| {
                known.get(path.as_bytes()).filter(|document| document.object == node.object)
            });
            if let Some(document) = same.filter(|_| node.object.id.is_some()) {
                return Ok(Some(Arc::clone(document)));
            }
            Ok(of_text(&node, *kind, &read(snapshot, &node)?).map(Arc::new))
        })
        .collect();
    Ok(read?.into_iter().flatten().collect())
}

fn of_text(node: &Node, kind: ArtifactKind, text: &[u8]) -> Option<IndexedDocument> {
    let syntax = if kind == ArtifactKind::Document { Syntax::FrontMatter } else { Syntax::Yaml };
    let value = parse(syntax, text, &limits()).ok()?;
    let text = |pointer: &str| value.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_string();
    let ulid = Some(text("/ulid")).filter(|ulid| !ulid.is_empty())?;
    let key = text(if kind == ArtifactKind::Document { "/doc_key" } else { "/key" });
    let aliases = value.pointer("/aliases").and_then(Value::as_list).unwrap_or_default();
    Some(IndexedDocument {
        path: node.path.as_bytes().to_vec(),
        object: node.object,
        kind,
        ulid,
        skeleton: skeleton(&key),
        key,
        status: text("/status"),
        aliases: aliases.iter().filter_map(Value::as_str).map(String::from).collect(),
    })
}
