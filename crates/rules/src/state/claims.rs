//! Who claims what: the identities, keys and places that the judged artifacts claim, with everyone else who claims the same.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::{BuildHasher as _, RandomState};
use std::sync::OnceLock;

use snapshot::RepoPath;
use snapshot::fold::fold;

use super::index::skeleton;
use super::{Index, IndexedPlugin, Wanted};

/// What can be claimed only once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ClaimKind {
    /// A ULID, by a card.
    CardUlid,
    /// A ULID, by a plugin's spec.
    SpecUlid,
    /// A key or an alias.
    Key,
    /// A place of birth, folded.
    Path,
    /// What a key can be taken for.
    Skeleton,
}

/// Something that is claimed.
pub(crate) type Claim = (ClaimKind, String);

/// Someone who claims it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claimant {
    /// The card or spec that says so.
    pub(crate) path: RepoPath,
    /// Where in it.
    pub(crate) pointer: String,
    /// The identity it speaks of.
    pub(crate) ulid: String,
    /// The text as it is written there.
    pub(crate) written: String,
}

/// The claims of the judged artifacts that someone else makes, too, each with everyone who does.
#[derive(Default)]
pub(crate) struct Claims {
    by_claim: BTreeMap<Claim, Vec<(Claimant, bool)>>,
    /// The ULIDs that plugins' specs carry after the change.
    specs: HashSet<String>,
    /// The plugins by their keys and aliases, once a rule asks for one: where each stands in the index.
    by_key: OnceLock<HashMap<String, usize>>,
}

impl Claims {
    /// Gathers them; `judges` tells whether a card or spec is judged: a conflict between two others is not this change's.
    pub(crate) fn gather(wanted: &Wanted<'_>, judges: &dyn Fn(&RepoPath) -> bool) -> Claims {
        // Two pull requests may each bring one: the tip of base counts as well as what the change leaves.
        let indexes =
            || std::iter::once((wanted.index, false)).chain(wanted.standing.map(|index| (index, true)));
        // But what moves does not stand where it leaves.
        let left: HashSet<&RepoPath> = wanted
            .changes
            .unwrap_or_default()
            .iter()
            .filter(|change| change.after.is_none())
            .map(|change| &change.path)
            .collect();
        let has_left =
            |standing: bool, told: &Told<'_>| standing && !left.is_empty() && left.contains(&told.path());
        // First by hash alone, keyed afresh each run: nearly every claim is made once, or by a card and its own spec.
        let hasher = RandomState::new();
        let mut judged: HashSet<u64> = HashSet::new();
        let mut met: HashMap<u64, (u64, bool)> = HashMap::new();
        for (index, standing) in indexes() {
            each(index, &mut |told| {
                if has_left(standing, told) {
                    return;
                }
                let hash = hasher.hash_one((told.kind, told.text));
                if judges(&told.path()) {
                    judged.insert(hash);
                }
                let who = match told.kind {
                    ClaimKind::CardUlid | ClaimKind::SpecUlid => hasher.hash_one(told.name),
                    ClaimKind::Key | ClaimKind::Path | ClaimKind::Skeleton => hasher.hash_one(told.ulid),
                };
                let (first, several) = met.entry(hash).or_insert((who, false));
                *several |= *first != who;
            });
        }
        let mut by_claim: BTreeMap<Claim, Vec<(Claimant, bool)>> = BTreeMap::new();
        for (index, standing) in indexes() {
            each(index, &mut |told| {
                let hash = hasher.hash_one((told.kind, told.text));
                if !has_left(standing, told)
                    && judged.contains(&hash)
                    && met.get(&hash).is_some_and(|(_, several)| *several)
                {
                    let path = told.path();
                    let claimant = (
                        Claimant {
                            pointer: told.pointer.to_string(),
                            ulid: told.ulid.into(),
                            written: told.written.into(),
                            path: path.clone(),
                        },
                        judges(&path),
                    );
                    let claimants = by_claim.entry((told.kind, told.text.to_string())).or_default();
                    if !claimants.contains(&claimant) {
                        claimants.push(claimant);
                    }
                }
            });
        }
        by_claim.values_mut().for_each(|claimants| claimants.sort());
        let specs = wanted.index.plugins.iter().map(|plugin| plugin.ulid.clone()).collect();
        Claims { by_claim, specs, by_key: OnceLock::new() }
    }

    /// Finds the plugin that has a key, or had it.
    pub(crate) fn plugin_of_key<'i>(&self, index: &'i Index, key: &str) -> Option<&'i IndexedPlugin> {
        let gather = || {
            let mut by_key = HashMap::new();
            for (at, plugin) in index.plugins.iter().enumerate() {
                by_key.entry(plugin.key.clone()).or_insert(at);
            }
            // What is a key of today is no alias.
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

    /// Tells whether a plugin's spec carries a ULID.
    pub(crate) fn has_spec(&self, ulid: &str) -> bool {
        self.specs.contains(ulid)
    }

    /// Returns the claims of a kind that more than one identity makes: a judged claimant, and the first other one.
    pub(crate) fn conflicts(&self, kind: ClaimKind) -> impl Iterator<Item = (&Claimant, &Claimant)> {
        let range = (kind, String::new())..;
        let of_kind = self.by_claim.range(range).take_while(move |((found, _), _)| *found == kind);
        of_kind.filter_map(move |(_, claimants)| {
            // Of two judged ones the later is told, so that a conflict is told once.
            let conflicts = |one: &Claimant| claimants.iter().any(|(other, _)| differ(kind, one, other));
            let (here, _) =
                claimants.iter().rev().find(|(claimant, judged)| *judged && conflicts(claimant))?;
            let (other, _) = claimants.iter().find(|(other, _)| differ(kind, here, other))?;
            Some((here, other))
        })
    }
}

/// Whether two claimants of one thing cannot both be right.
fn differ(kind: ClaimKind, a: &Claimant, b: &Claimant) -> bool {
    match kind {
        ClaimKind::CardUlid | ClaimKind::SpecUlid => a.path != b.path,
        ClaimKind::Key | ClaimKind::Path => a.ulid != b.ulid,
        ClaimKind::Skeleton => a.ulid != b.ulid && a.written != b.written,
    }
}

/// A claim as an index tells it.
struct Told<'t> {
    kind: ClaimKind,
    /// What is claimed.
    text: &'t str,
    /// As it is written there.
    written: &'t str,
    ulid: &'t str,
    pointer: Cow<'static, str>,
    /// The card's file or the plugin's directory.
    name: &'t [u8],
    is_card: bool,
}

impl Told<'_> {
    fn path(&self) -> RepoPath {
        match self.is_card {
            true => RepoPath::from(super::CARDS).join(self.name),
            false => RepoPath::from(super::PLUGINS).join(self.name).join(super::SPEC.as_bytes()),
        }
    }
}

/// Names every claim of an index.
fn each(index: &Index, tell: &mut dyn FnMut(&Told<'_>)) {
    for card in &index.cards {
        let claims = &card.claims;
        let mut say = |kind, text: &str, pointer: Cow<'static, str>, written: &str| {
            if !written.is_empty() {
                tell(&Told {
                    kind,
                    text,
                    written,
                    ulid: &claims.ulid,
                    pointer,
                    name: &card.name,
                    is_card: true,
                });
            }
        };
        say(ClaimKind::CardUlid, &claims.ulid, "/ulid".into(), &claims.ulid);
        say(ClaimKind::Key, &claims.key, "/key".into(), &claims.key);
        say(ClaimKind::Skeleton, &card.skeleton, "/key".into(), &claims.key);
        let folded = fold(claims.path.as_bytes());
        say(ClaimKind::Path, &String::from_utf8_lossy(&folded), "/path".into(), &claims.path);
        for (at, alias) in claims.aliases.iter().enumerate() {
            say(ClaimKind::Key, alias, format!("/aliases/{at}").into(), alias);
        }
    }
    for plugin in &index.plugins {
        let mut say = |kind, text: &str, pointer: Cow<'static, str>, written: &str| {
            if !written.is_empty() {
                tell(&Told {
                    kind,
                    text,
                    written,
                    ulid: &plugin.ulid,
                    pointer,
                    name: &plugin.name,
                    is_card: false,
                });
            }
        };
        say(ClaimKind::SpecUlid, &plugin.ulid, "/ulid".into(), &plugin.ulid);
        say(ClaimKind::Key, &plugin.key, "/key".into(), &plugin.key);
        say(ClaimKind::Skeleton, &plugin.skeleton, "/key".into(), &plugin.key);
        for (at, alias) in plugin.aliases.iter().enumerate() {
            say(ClaimKind::Key, alias, format!("/aliases/{at}").into(), alias);
            say(ClaimKind::Skeleton, &skeleton(alias), format!("/aliases/{at}").into(), alias);
        }
    }
}
