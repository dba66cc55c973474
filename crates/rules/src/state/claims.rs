//! Who claims what: the identities, keys and places that the judged artifacts claim, with everyone else who claims the same.

use std::collections::{BTreeMap, HashSet};

use snapshot::RepoPath;
use snapshot::fold::fold;

use super::index::skeleton;
use super::{Document, Index, Plugin, Wanted};

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

/// The claims of the judged artifacts, each with everyone who makes it.
#[derive(Default)]
pub(crate) struct Claims {
    by_claim: BTreeMap<Claim, Vec<Claimant>>,
    /// The judged documents: a conflict between two others is not this change's.
    judged: HashSet<RepoPath>,
}

impl Claims {
    pub(crate) fn gather(wanted: &Wanted<'_>, cards: &[Document], plugins: &[Plugin]) -> Claims {
        let judged: HashSet<RepoPath> = cards
            .iter()
            .map(|card| card.path.clone())
            .chain(plugins.iter().filter_map(|plugin| plugin.spec.as_ref()).map(|spec| spec.path.clone()))
            .collect();
        let mut interesting: HashSet<Claim> = HashSet::new();
        each(wanted.index, &mut |claim, claimant| {
            if judged.contains(&claimant.path) {
                interesting.insert(claim);
            }
        });
        let mut by_claim: BTreeMap<Claim, Vec<Claimant>> = BTreeMap::new();
        // Two pull requests may each bring one: the tip of base counts as well as what the change leaves.
        for index in std::iter::once(wanted.index).chain(wanted.standing) {
            if interesting.is_empty() {
                break;
            }
            each(index, &mut |claim, claimant| {
                if interesting.contains(&claim) {
                    let claimants = by_claim.entry(claim).or_default();
                    if !claimants.contains(&claimant) {
                        claimants.push(claimant);
                    }
                }
            });
        }
        by_claim.values_mut().for_each(|claimants| claimants.sort());
        Claims { by_claim, judged }
    }

    /// Returns the claims of a kind that more than one identity makes: a judged claimant, and the first other one.
    pub(crate) fn conflicts(&self, kind: ClaimKind) -> impl Iterator<Item = (&Claimant, &Claimant)> {
        let range = (kind, String::new())..;
        let of_kind = self.by_claim.range(range).take_while(move |((found, _), _)| *found == kind);
        of_kind.filter_map(move |(_, claimants)| {
            // Of two judged ones the later is told, so that a conflict is told once.
            let judged = claimants.iter().rev().find(|claimant| {
                self.judged.contains(&claimant.path)
                    && claimants.iter().any(|other| differ(kind, claimant, other))
            })?;
            let other = claimants.iter().find(|other| differ(kind, judged, other))?;
            Some((judged, other))
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

/// Names every claim of an index.
fn each(index: &Index, tell: &mut dyn FnMut(Claim, Claimant)) {
    for card in &index.cards {
        let claims = &card.claims;
        let mut say = |kind: ClaimKind, text: String, pointer: &str, written: &str| {
            if !written.is_empty() {
                let claimant = Claimant {
                    path: card.path(),
                    pointer: pointer.into(),
                    ulid: claims.ulid.clone(),
                    written: written.into(),
                };
                tell((kind, text), claimant);
            }
        };
        say(ClaimKind::CardUlid, claims.ulid.clone(), "/ulid", &claims.ulid);
        say(ClaimKind::Key, claims.key.clone(), "/key", &claims.key);
        say(ClaimKind::Skeleton, card.skeleton.clone(), "/key", &claims.key);
        let folded = String::from_utf8_lossy(&fold(claims.path.as_bytes())).into_owned();
        say(ClaimKind::Path, folded, "/path", &claims.path);
        for (at, alias) in claims.aliases.iter().enumerate() {
            say(ClaimKind::Key, alias.clone(), &format!("/aliases/{at}"), alias);
        }
    }
    for plugin in &index.plugins {
        let spec = plugin.directory().join(super::SPEC.as_bytes());
        let mut say = |kind: ClaimKind, text: String, pointer: &str, written: &str| {
            if !written.is_empty() {
                let claimant = Claimant {
                    path: spec.clone(),
                    pointer: pointer.into(),
                    ulid: plugin.ulid.clone(),
                    written: written.into(),
                };
                tell((kind, text), claimant);
            }
        };
        say(ClaimKind::SpecUlid, plugin.ulid.clone(), "/ulid", &plugin.ulid);
        say(ClaimKind::Key, plugin.key.clone(), "/key", &plugin.key);
        say(ClaimKind::Skeleton, plugin.skeleton.clone(), "/key", &plugin.key);
        for (at, alias) in plugin.aliases.iter().enumerate() {
            say(ClaimKind::Key, alias.clone(), &format!("/aliases/{at}"), alias);
            say(ClaimKind::Skeleton, skeleton(alias), &format!("/aliases/{at}"), alias);
        }
    }
}
