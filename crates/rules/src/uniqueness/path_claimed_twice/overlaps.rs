//! Places of artifacts that contain each other.

use std::collections::BTreeMap;

use artifact::ArtifactKind;
use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use engine::StateContext;
use index::{Index, SPEC, file_of_card};
use snapshot::RepoPath;
use snapshot::fold::fold;

/// The place of an artifact: its directory, or the file that it is.
struct Place {
    path: RepoPath,
    ulid: String,
    /// The card or document that declares it.
    declared_in: RepoPath,
    /// Whether this change, or the checked part of the tree, declares it.
    is_checked: bool,
}

/// The places by their case-folded paths.
type Places = BTreeMap<Vec<u8>, Vec<Place>>;

/// Reports each checked place that contains another one, or is inside it.
pub(super) fn check(rule: &'static RuleInfo, state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) {
    let places = places(state);
    for (folded, here) in &places {
        let mut reported: Vec<&str> = Vec::new();
        for here in here.iter().filter(|place| place.is_checked) {
            // A card and its artifact declare one place.
            if reported.contains(&here.ulid.as_str()) {
                continue;
            }
            reported.push(&here.ulid);
            let is_other = |other: &&Place| other.ulid != here.ulid;
            let outer = above(folded).filter_map(|above| places.get(above)?.iter().find(is_other)).next();
            let inside = [folded.as_slice(), b"/"].concat();
            let mut below = places.range(inside.clone()..).take_while(|(path, _)| path.starts_with(&inside));
            // Of two checked places, the inner one is reported.
            let mut inner =
                || below.find_map(|(_, there)| there.iter().filter(|other| !other.is_checked).find(is_other));
            let (other, relation) = match outer {
                Some(outer) => (outer, "inside"),
                // In a check of the whole tree, the inner one reports both.
                None if state.changes.is_none() => continue,
                None => match inner() {
                    Some(inner) => (inner, "above"),
                    None => continue,
                },
            };
            findings.push(report(rule, state, here, (other, relation)));
        }
    }
}

fn report(
    rule: &'static RuleInfo,
    state: &StateContext<'_>,
    here: &Place,
    (other, relation): (&Place, &str),
) -> Diagnostic {
    let show = |path: &RepoPath| engine::quote(path);
    let message =
        format!("{} is {relation} {}, the path of another artifact", show(&here.path), show(&other.path));
    let place = match engine::Document::open(state.head, &here.declared_in) {
        Ok(Some(document)) if document.text_at("/path").is_some() => document.place("/path"),
        _ => Location::of(&here.declared_in),
    };
    Diagnostic::new(rule, message)
        .at(place)
        .related(Related {
            location: Location::of(&other.declared_in),
            commit: None,
            message: format!("{} is declared here", show(&other.path)),
        })
        .help("give the artifact a path of its own: artifacts never contain each other")
}

/// Returns the paths above a path, the nearest first.
fn above(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
    ends.collect::<Vec<_>>().into_iter().rev().map(|end| &path[..end])
}

/// Collects the places of cards and of existing artifacts; empty where nothing checked declares one.
fn places(state: &StateContext<'_>) -> Places {
    let is_new = |path: &RepoPath| state.changes.is_none() || state.is_added(path);
    let mut checked: Vec<RepoPath> =
        state.cards.iter().map(|card| card.path.clone()).filter(|path| is_new(path)).collect();
    checked.extend(state.artifacts().map(|artifact| artifact.document.path.clone()).filter(is_new));
    let mut places = Places::new();
    if checked.is_empty() || !state.has_identities {
        return places;
    }
    checked.sort();
    let indexes = std::iter::once(state.index).chain(state.base_index.filter(|_| state.changes.is_some()));
    for (index, on_base) in indexes.zip([false, true]) {
        for place in places_of(index) {
            // What moved or was removed is not at its old place any more.
            let is_gone = on_base && state.is_touched(&place.declared_in);
            if !is_gone {
                let is_checked = !on_base && checked.binary_search(&place.declared_in).is_ok();
                let folded = fold(place.path.as_bytes()).into_owned();
                places.entry(folded).or_default().push(Place { is_checked, ..place });
            }
        }
    }
    places
}

fn places_of(index: &Index) -> Vec<Place> {
    let place = |path: RepoPath, ulid: &str, declared_in: RepoPath| Place {
        path,
        ulid: ulid.into(),
        declared_in,
        is_checked: false,
    };
    let cards = index.cards.iter().filter(|card| !card.claims.path.is_empty()).map(|card| {
        let claims = &card.claims;
        // A module is the file that describes it, and contains nothing.
        let file =
            file_of_card(&claims.kind, &claims.path).filter(|_| claims.kind == ArtifactKind::Module.name());
        let path = file.unwrap_or_else(|| RepoPath::from(claims.path.as_str()));
        place(path, &claims.ulid, card.path())
    });
    let plugins = index
        .plugins
        .iter()
        .filter(|plugin| !plugin.ulid.is_empty())
        .map(|plugin| place(plugin.directory(), &plugin.ulid, plugin.directory().join(SPEC.as_bytes())));
    let documents = index.documents.iter().map(|document| {
        let is_pack = document.kind == ArtifactKind::PolicyPack;
        let path = if is_pack { document.file().parent() } else { document.file() };
        place(path, &document.ulid, document.file())
    });
    cards.chain(plugins).chain(documents).collect()
}
