//! Every identity of a tree: the claims of each card and each plugin's spec. An object whose id was indexed before is not read again.

use std::collections::HashMap;
use std::sync::Arc;

use artifact::id_card::MAX_CARD_BYTES;
use artifact::layout::Layout;
use artifact::{Claims, Syntax, Value, parse};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use snapshot::fold::fold;
use snapshot::{Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};

use crate::documents::{IndexedDocument, documents, file_of_card};
use crate::reading::{directory, limits, read, skeleton};
use crate::{CARDS, SPEC};

/// Changes whenever the content of an index of one tree changes.
const FORMAT: u32 = 6;
/// The most dependencies of a spec that are indexed; its schema refuses more.
const MAX_DEPENDENCIES: usize = 256;

/// Every identity of a tree, by name of the card and by path of the plugin's directory.
#[derive(Debug, Default, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Index {
    /// The cards, in byte order of their file names.
    pub cards: Vec<Arc<IndexedCard>>,
    /// The plugins, in byte order of their directories.
    pub plugins: Vec<Arc<IndexedPlugin>>,
    /// The documents, policy packs and modules, in byte order of their paths.
    pub documents: Vec<Arc<IndexedDocument>>,
}

/// A card in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexedCard {
    /// The file's name in `ids/cards`.
    pub name: Vec<u8>,
    /// The mode and object id of the file.
    pub object: Object,
    /// What the card claims.
    pub claims: Claims,
    /// The skeleton of the key: confusable keys have the same one (UTS 39).
    pub skeleton: String,
}

/// A plugin in the index.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndexedPlugin {
    /// The path of the directory.
    pub path: Vec<u8>,
    /// The object id of the directory's tree, where the snapshot knows it.
    pub tree: Option<ObjectId>,
    /// The ULID in the spec; every string is empty where the spec is missing or cannot be read.
    pub ulid: String,
    /// The current key.
    pub key: String,
    /// The current version.
    pub version: String,
    /// The current status.
    pub status: String,
    /// Its other keys.
    pub aliases: Vec<String>,
    /// The ULIDs of the identities that it absorbed.
    pub absorbs: Vec<String>,
    /// The skeleton of the key: confusable keys have the same one (UTS 39).
    pub skeleton: String,
    /// The keys and version ranges of its dependencies, as written; at most 256.
    pub dependencies: Vec<(String, String)>,
}

impl IndexedCard {
    /// Returns the path of the card.
    #[must_use]
    pub fn path(&self) -> RepoPath {
        RepoPath::from(CARDS).join(&self.name)
    }
}

impl IndexedPlugin {
    /// Returns the path of the plugin's directory.
    #[must_use]
    pub fn directory(&self) -> RepoPath {
        RepoPath::new(&self.path)
    }
}

impl Index {
    /// Indexes a tree; an entry of a `known` index with the same object id is reused.
    ///
    /// # Errors
    /// When a directory, a card or a spec cannot be read.
    pub fn build(snapshot: &dyn Snapshot, layout: &Layout, known: &[&Index]) -> Result<Index> {
        let cards = cards(snapshot, known)?;
        let named = cards.iter().filter_map(|card| file_of_card(&card.claims.kind, &card.claims.path));
        let known_documents: Vec<_> = known.iter().map(|index| index.documents.as_slice()).collect();
        let documents = documents(snapshot, named.collect(), &known_documents)?;
        Ok(Index { plugins: plugins(snapshot, layout, known)?, cards, documents })
    }

    /// Finds a card by its file name.
    #[must_use]
    pub fn card(&self, name: &[u8]) -> Option<&IndexedCard> {
        let at = self.cards.binary_search_by(|card| card.name.as_slice().cmp(name)).ok()?;
        Some(&self.cards[at])
    }

    /// Finds the card of a ULID by its file name.
    #[must_use]
    pub fn card_of(&self, ulid: &str) -> Option<&IndexedCard> {
        self.card(format!("{ulid}.yaml").as_bytes())
    }

    /// Finds a plugin by its directory.
    #[must_use]
    pub fn plugin(&self, directory: &RepoPath) -> Option<&IndexedPlugin> {
        let path = directory.as_bytes();
        let at = self.plugins.binary_search_by(|plugin| plugin.path.as_slice().cmp(path)).ok()?;
        Some(&self.plugins[at])
    }

    /// Returns the plugins by keys and aliases; a current key takes precedence over an alias.
    #[must_use]
    pub fn plugins_by_key(&self) -> HashMap<&str, &IndexedPlugin> {
        let mut by_key: HashMap<&str, &IndexedPlugin> = HashMap::new();
        for plugin in &self.plugins {
            by_key.entry(plugin.key.as_str()).or_insert(plugin);
        }
        for plugin in &self.plugins {
            for alias in &plugin.aliases {
                by_key.entry(alias.as_str()).or_insert(plugin);
            }
        }
        by_key
    }

    /// Finds the card, spec or document with a key, or with a key that is confusable with it, and returns its path and that key.
    #[must_use]
    pub fn holder_of_key(&self, key: &str) -> Option<(RepoPath, String)> {
        let skeleton = skeleton(key);
        let card = self.cards.iter().find_map(|card| {
            let claims = &card.claims;
            let alias = claims.aliases.iter().find(|alias| *alias == key).cloned();
            let found =
                (claims.key == key || card.skeleton == skeleton).then(|| claims.key.clone()).or(alias);
            found.filter(|found| !found.is_empty()).map(|found| (card.path(), found))
        });
        card.or_else(|| {
            self.plugins.iter().find_map(|plugin| {
                let alias = plugin.aliases.iter().find(|alias| *alias == key).cloned();
                let found =
                    (plugin.key == key || plugin.skeleton == skeleton).then(|| plugin.key.clone()).or(alias);
                found
                    .filter(|found| !found.is_empty())
                    .map(|found| (plugin.directory().join(SPEC.as_bytes()), found))
            })
        })
        .or_else(|| {
            self.documents.iter().find_map(|document| {
                let alias = document.aliases.iter().find(|alias| *alias == key).cloned();
                let is_own = document.key == key || document.skeleton == skeleton;
                let found = is_own.then(|| document.key.clone()).or(alias);
                found.filter(|found| !found.is_empty()).map(|found| (document.file(), found))
            })
        })
    }

    /// Finds the card that declares a path, ignoring case.
    #[must_use]
    pub fn holder_of_path(&self, path: &str) -> Option<RepoPath> {
        let folded = fold(path.as_bytes());
        let card = self.cards.iter().find(|card| fold(card.claims.path.as_bytes()) == folded)?;
        Some(card.path())
    }

    /// Encodes the index for a later run, sealed with SHA-256.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let body = postcard::to_stdvec(&(FORMAT, self)).unwrap_or_default();
        [digest(&body).as_slice(), &body].concat()
    }

    /// Decodes what [`Index::encode`] returned; `None` where it is damaged or has another format.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Index> {
        let (sum, body) = bytes.split_at_checked(32)?;
        let (format, index): (u32, Index) =
            (sum == digest(body)).then(|| postcard::from_bytes(body).ok())??;
        (format == FORMAT).then_some(index)
    }
}

fn digest(bytes: &[u8]) -> [u8; 32] {
    digest::Digest::of(bytes).0
}

fn cards(snapshot: &dyn Snapshot, known: &[&Index]) -> Result<Vec<Arc<IndexedCard>>> {
    let listing = directory(snapshot, CARDS)?;
    let entries: Vec<_> =
        listing.iter().filter(|entry| matches!(entry.object.mode, Mode::File | Mode::Executable)).collect();
    entries
        .par_iter()
        .map(|entry| {
            for index in known {
                if let Ok(at) = index.cards.binary_search_by(|card| card.name.as_slice().cmp(entry.name))
                    && index.cards[at].object == entry.object
                    && entry.object.id.is_some()
                {
                    return Ok(index.cards[at].clone());
                }
            }
            let node = Node { path: RepoPath::from(CARDS).join(entry.name), object: entry.object };
            let text = read(snapshot, &node)?;
            let claims = claims_of(&text);
            let skeleton = skeleton(&claims.key);
            Ok(Arc::new(IndexedCard { name: entry.name.to_vec(), object: entry.object, claims, skeleton }))
        })
        .collect()
}

fn plugins(snapshot: &dyn Snapshot, layout: &Layout, known: &[&Index]) -> Result<Vec<Arc<IndexedPlugin>>> {
    let by_path: Vec<HashMap<&[u8], &Arc<IndexedPlugin>>> = known
        .iter()
        .map(|index| index.plugins.iter().map(|plugin| (plugin.path.as_slice(), plugin)).collect())
        .collect();
    layout
        .directories(snapshot)?
        .par_iter()
        .map(|node| {
            let same = by_path.iter().find_map(|known| {
                known.get(node.path.as_bytes()).filter(|plugin| plugin.tree == node.object.id)
            });
            if let Some(plugin) = same.filter(|_| node.object.id.is_some()) {
                return Ok(Arc::clone(plugin));
            }
            let spec = snapshot.list(node)?.get(SPEC.as_bytes()).map(|entry| entry.object);
            let text = match spec.filter(|object| matches!(object.mode, Mode::File | Mode::Executable)) {
                Some(object) => read(snapshot, &Node { path: node.path.join(SPEC.as_bytes()), object })?,
                None => Vec::new(),
            };
            Ok(Arc::new(of_spec(&node.path, node.object.id, &text)))
        })
        .collect()
}

/// Reads the claims of a card, also of one that is too large to be valid: it must not hide a conflict.
fn claims_of(text: &[u8]) -> Claims {
    if text.len() <= MAX_CARD_BYTES {
        return Claims::read(text);
    }
    parse(Syntax::Yaml, text, &limits()).map(|value| Claims::of(&value)).unwrap_or_default()
}

fn of_spec(path: &RepoPath, tree: Option<ObjectId>, text: &[u8]) -> IndexedPlugin {
    let value = parse(Syntax::Json, text, &limits()).ok();
    let text = |pointer: &str| {
        value.as_ref().and_then(|value| value.pointer(pointer)?.as_str()).unwrap_or_default().to_string()
    };
    let texts = |pointer: &str| -> Vec<String> {
        let list = value.as_ref().and_then(|value| value.pointer(pointer)?.as_list()).unwrap_or_default();
        list.iter().filter_map(Value::as_str).map(String::from).collect()
    };
    let list = value.as_ref().and_then(|value| value.pointer("/dependencies")?.as_list()).unwrap_or_default();
    let dependency = |value: &Value| {
        let text = |name| Some(value.get(name)?.as_str()?.to_string());
        Some((text("key")?, text("version").unwrap_or_default()))
    };
    let key = text("/key");
    IndexedPlugin {
        path: path.as_bytes().to_vec(),
        tree,
        ulid: text("/ulid"),
        skeleton: skeleton(&key),
        key,
        version: text("/version"),
        status: text("/status"),
        aliases: texts("/aliases"),
        absorbs: texts("/links/absorbs"),
        dependencies: list.iter().take(MAX_DEPENDENCIES).filter_map(dependency).collect(),
    }
}
