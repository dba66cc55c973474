//! Conflicting claims: the identities, keys and paths that checked artifacts claim, with every other claimant.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::OnceLock;

use snapshot::fold::fold;
use snapshot::{Change, RepoPath};

use crate::reading::skeleton;
use crate::{CARDS, Index, IndexedPlugin, SPEC};

/// What can be claimed only once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ClaimKind {
    /// A ULID, by a card.
    CardUlid,
    /// A ULID, by a plugin's spec, a document, a pack or a module.
    SpecUlid,
    /// A key or an alias.
    Key,
    /// The path where an artifact was created, case-folded.
    Path,
    /// The skeleton of a key: confusable keys have the same one.
    Skeleton,
}

/// A claim: its kind and value.
type Claim = (ClaimKind, String);

/// A card or spec that claims something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Claimant {
    /// The path of the card or spec.
    pub path: RepoPath,
    /// The JSON pointer of the claim.
    pub pointer: String,
    /// The ULID of the claiming identity.
    pub ulid: String,
    /// The value as written there.
    pub written: String,
}

/// The claims of checked artifacts that have another claimant, each with all claimants.
#[derive(Default)]
pub struct Claims {
    by_claim: BTreeMap<Claim, Vec<(Claimant, bool)>>,
    /// The ULIDs of plugins, documents, packs and modules after the change.
    artifacts: HashSet<String>,
    /// The plugins by keys and aliases as positions in the index, computed on first use.
    by_key: OnceLock<HashMap<String, usize>>,
}

impl Claims {
    /// Gathers the conflicting claims of an index and of the index of the base branch.
    ///
    /// `is_checked` returns whether a card or spec is checked: a conflict between two others is not caused by this change.
    pub fn gather(
        head: &Index,
        base: Option<&Index>,
        changes: &[Change],
        is_checked: &dyn Fn(&RepoPath) -> bool,
    ) -> Claims {
        // Each of two pull requests may add one claimant, so the base branch counts as well as the result of the change.
        let indexes = || std::iter::once((head, false)).chain(base.map(|index| (index, true)));
        // A file that the change moves or rewrites claims only what it claims after the change.
        let changed: HashSet<&RepoPath> = changes.iter().map(|change| &change.path).collect();
        let is_replaced = |on_base: bool, claim: &RawClaim<'_>| {
            on_base && !changed.is_empty() && changed.contains(&claim.path())
        };
        // First by hash alone, keyed anew each run: nearly every claim has one claimant, or a card and its own spec.
        let hasher = RandomState::new();
        let mut checked: HashSet<u64> = HashSet::new();
        let mut met: HashMap<u64, (u64, bool)> = HashMap::new();
        for (index, on_base) in indexes() {
            for_each_claim(index, &mut |claim| {
                if is_replaced(on_base, claim) {
                    return;
                }
                let hash = hasher.hash_one((claim.kind, claim.text));
                if is_checked(&claim.path()) {
                    checked.insert(hash);
                }
                let claimant = match claim.kind {
                    ClaimKind::CardUlid | ClaimKind::SpecUlid => hasher.hash_one(claim.place),
                    ClaimKind::Key | ClaimKind::Path | ClaimKind::Skeleton => hasher.hash_one(claim.ulid),
                };
                let (first, several) = met.entry(hash).or_insert((claimant, false));
                *several |= *first != claimant;
            });
        }
        let mut by_claim: BTreeMap<Claim, Vec<(Claimant, bool)>> = BTreeMap::new();
        for (index, on_base) in indexes() {
            for_each_claim(index, &mut |claim| {
                let hash = hasher.hash_one((claim.kind, claim.text));
                if !is_replaced(on_base, claim)
                    && checked.contains(&hash)
                    && met.get(&hash).is_some_and(|(_, several)| *several)
                {
                    let path = claim.path();
                    let claimant = (
                        Claimant {
                            pointer: claim.pointer.to_string(),
                            ulid: claim.ulid.into(),
                            written: claim.written.into(),
                            path: path.clone(),
                        },
                        is_checked(&path),
                    );
                    by_claim.entry((claim.kind, claim.text.to_string())).or_default().push(claimant);
                }
            });
        }
        // Thousands may claim one value: sorting finds the repeats of both indexes.
        by_claim.values_mut().for_each(|claimants| {
            claimants.sort();
            claimants.dedup();
        });
        let plugins = head.plugins.iter().map(|plugin| plugin.ulid.clone());
        let documents = head.documents.iter().map(|document| document.ulid.clone());
        let artifacts = plugins.chain(documents).filter(|ulid| !ulid.is_empty()).collect();
        Claims { by_claim, artifacts, by_key: OnceLock::new() }
    }

    /// Finds the plugin with a key or alias.
    pub fn plugin_of_key<'i>(&self, index: &'i Index, key: &str) -> Option<&'i IndexedPlugin> {
        let gather = || {
            let mut by_key = HashMap::new();
            for (at, plugin) in index.plugins.iter().enumerate() {
                by_key.entry(plugin.key.clone()).or_insert(at);
            }
            // A current key takes precedence over an alias.
            for (at, plugin) in index.plugins.iter().enumerate() {
                for alias in &plugin.aliases {
                    by_key.entry(alias.clone()).or_insert(at);
                }
            }
            by_key
        };
        let at = *self.by_key.get_or_init(gather).get(key)?;
        index.plugins.get(at).map(|plugin| &**plugin)
    }

    /// Returns whether a plugin, document, pack or module contains a ULID.
    pub fn has_artifact(&self, ulid: &str) -> bool {
        self.artifacts.contains(ulid)
    }

    /// Returns the claims of a kind with conflicting claimants: a checked claimant, and the first other one.
    pub fn conflicts(&self, kind: ClaimKind) -> impl Iterator<Item = (&Claimant, &Claimant)> {
        let range = (kind, String::new())..;
        let of_kind = self.by_claim.range(range).take_while(move |((found, _), _)| *found == kind);
        of_kind.filter_map(move |(_, claimants)| {
            // Of two checked claimants the later one is returned, so that a conflict is reported once.
            let conflicts = |one: &Claimant| claimants.iter().any(|(other, _)| differ(kind, one, other));
            let (here, _) =
                claimants.iter().rev().find(|(claimant, checked)| *checked && conflicts(claimant))?;
            let (other, _) = claimants.iter().find(|(other, _)| differ(kind, here, other))?;
            Some((here, other))
        })
    }
}

/// Returns whether two claimants of one value conflict.
fn differ(kind: ClaimKind, a: &Claimant, b: &Claimant) -> bool {
    match kind {
        ClaimKind::CardUlid | ClaimKind::SpecUlid => a.path != b.path,
        ClaimKind::Key | ClaimKind::Path => a.ulid != b.ulid,
        ClaimKind::Skeleton => a.ulid != b.ulid && a.written != b.written,
    }
}

/// A claim in an index.
struct RawClaim<'t> {
    kind: ClaimKind,
    /// The claimed value.
    text: &'t str,
    /// The value as written there.
    written: &'t str,
    ulid: &'t str,
    pointer: Cow<'static, str>,
    /// The name of the card's file, the path of the plugin's directory, or that of the document.
    place: &'t [u8],
    source: Source,
}

/// What claims.
#[derive(Clone, Copy)]
enum Source {
    Card,
    Spec,
    Document,
}

impl RawClaim<'_> {
    fn path(&self) -> RepoPath {
        match self.source {
            Source::Card => RepoPath::from(CARDS).join(self.place),
            Source::Spec => RepoPath::new(self.place).join(SPEC.as_bytes()),
            Source::Document => RepoPath::new(self.place),
        }
    }
}

/// Visits every claim of an index.
fn for_each_claim(index: &Index, visit: &mut dyn FnMut(&RawClaim<'_>)) {
    for card in &index.cards {
        let claims = &card.claims;
        let mut add = |kind, text: &str, pointer: Cow<'static, str>, written: &str| {
            if !written.is_empty() {
                visit(&RawClaim {
                    kind,
                    text,
                    written,
                    ulid: &claims.ulid,
                    pointer,
                    place: &card.name,
                    source: Source::Card,
                });
            }
        };
        add(ClaimKind::CardUlid, &claims.ulid, "/ulid".into(), &claims.ulid);
        add(ClaimKind::Key, &claims.key, "/key".into(), &claims.key);
        add(ClaimKind::Skeleton, &card.skeleton, "/key".into(), &claims.key);
        let folded = fold(claims.path.as_bytes());
        add(ClaimKind::Path, &String::from_utf8_lossy(&folded), "/path".into(), &claims.path);
        for (at, alias) in claims.aliases.iter().enumerate() {
            add(ClaimKind::Key, alias, format!("/aliases/{at}").into(), alias);
        }
    }
    for plugin in &index.plugins {
        let mut add = |kind, text: &str, pointer: Cow<'static, str>, written: &str| {
            if !written.is_empty() {
                visit(&RawClaim {
                    kind,
                    text,
                    written,
                    ulid: &plugin.ulid,
                    pointer,
                    place: &plugin.path,
                    source: Source::Spec,
                });
            }
        };
        add(ClaimKind::SpecUlid, &plugin.ulid, "/ulid".into(), &plugin.ulid);
        add(ClaimKind::Key, &plugin.key, "/key".into(), &plugin.key);
        add(ClaimKind::Skeleton, &plugin.skeleton, "/key".into(), &plugin.key);
        for (at, alias) in plugin.aliases.iter().enumerate() {
            add(ClaimKind::Key, alias, format!("/aliases/{at}").into(), alias);
            add(ClaimKind::Skeleton, &skeleton(alias), format!("/aliases/{at}").into(), alias);
        }
    }
    for document in &index.documents {
        let mut add = |kind, text: &str, pointer: Cow<'static, str>, written: &str| {
            if !written.is_empty() {
                let (ulid, place) = (&*document.ulid, &*document.path);
                visit(&RawClaim { kind, text, written, ulid, pointer, place, source: Source::Document });
            }
        };
        let pointer = document.key_pointer();
        add(ClaimKind::SpecUlid, &document.ulid, "/ulid".into(), &document.ulid);
        add(ClaimKind::Key, &document.key, pointer.into(), &document.key);
        add(ClaimKind::Skeleton, &document.skeleton, pointer.into(), &document.key);
        for (at, alias) in document.aliases.iter().enumerate() {
            add(ClaimKind::Key, alias, format!("/aliases/{at}").into(), alias);
            add(ClaimKind::Skeleton, &skeleton(alias), format!("/aliases/{at}").into(), alias);
        }
    }
}
