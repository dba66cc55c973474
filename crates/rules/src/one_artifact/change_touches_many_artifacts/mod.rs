//! A pull request modifies one artifact.

use std::collections::BTreeMap;

use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use engine::{Check, Rule, StateContext};
use index::CARDS;
use snapshot::{RepoPath, Result};

/// `ONE004` change-touches-many-artifacts.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CHANGE_TOUCHES_MANY_ARTIFACTS,
        summary: "a pull request modifies one artifact",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    let Some(changes) = state.changes else { return Ok(()) };
    let mut touched: BTreeMap<String, &RepoPath> = BTreeMap::new();
    for change in changes {
        if let Some(artifact) = artifact_of(state, &change.path) {
            touched.entry(artifact).or_insert(&change.path);
        }
    }
    // The plugins that a touched plugin absorbs are part of the consolidation.
    for plugin in &state.plugins {
        let spec = plugin.spec.as_ref().and_then(|spec| spec.value.as_ref().ok());
        let absorbed = spec.and_then(|spec| spec.pointer("/links/absorbs")?.as_list());
        for ulid in absorbed.unwrap_or_default().iter().filter_map(|ulid| ulid.as_str()) {
            touched.remove(ulid);
        }
    }
    let mut others = touched.iter();
    if let (Some((first, at)), Some((second, there))) = (others.next(), others.next()) {
        let more = match touched.len() - 2 {
            0 => String::new(),
            more => format!(", and {more} more"),
        };
        findings.push(
            Diagnostic::new(
                &RULE.info,
                format!("this change modifies {} and {}{more}", key_of(state, first), key_of(state, second)),
            )
            .at(Location::of(at))
            .related(Related {
                location: Location::of(there),
                commit: None,
                message: format!("{} is modified here", key_of(state, second)),
            })
            .help("split it into one pull request per artifact"),
        );
    }
    Ok(())
}

/// Returns the current key of an artifact, or that of its card, or what [`artifact_of`] returned if no card has it.
fn key_of(state: &StateContext<'_>, artifact: &str) -> String {
    let mut indexes = std::iter::once(state.index).chain(state.base_index);
    let current = indexes.clone().find_map(|index| index.key_of(artifact)).filter(|key| !key.is_empty());
    if let Some(key) = current {
        return key.to_string();
    }
    let card = indexes.find_map(|index| index.card_of(artifact));
    card.map(|card| card.claims.key.clone()).filter(|key| !key.is_empty()).unwrap_or_else(|| artifact.into())
}

/// Returns the identity that a path belongs to: a ULID, or the directory of an artifact without one.
fn artifact_of(state: &StateContext<'_>, path: &RepoPath) -> Option<String> {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if path.parent() == RepoPath::from(CARDS) {
        return Some(text(path.name()).trim_end_matches(".yaml").to_string());
    }
    if let Some(directory) = state.policy.layout.plugin_directory(path) {
        // The spec of a checked plugin names its identity, whether or not an index was built.
        let own = state.plugins.iter().find(|plugin| plugin.directory == directory);
        if let Some(ulid) =
            own.and_then(|plugin| plugin.spec.as_ref()?.text_at("/ulid")).filter(|ulid| !ulid.is_empty())
        {
            return Some(ulid.to_string());
        }
        let indexes = || std::iter::once(state.index).chain(state.base_index);
        let by_spec =
            indexes().filter_map(|index| index.plugin(&directory)).map(|plugin| plugin.ulid.clone());
        // If the spec cannot be read, the card with this path names the identity.
        let by_card = indexes()
            .flat_map(|index| &index.cards)
            .filter(|card| card.claims.path.as_bytes() == directory.as_bytes());
        let mut ulids = by_spec.chain(by_card.map(|card| card.claims.ulid.clone()));
        return ulids.find(|ulid| !ulid.is_empty()).or_else(|| Some(text(directory.as_bytes())));
    }
    if let Some(document) = state.documents.iter().find(|document| document.path == *path) {
        return document.text_at("/ulid").map(String::from);
    }
    // A document that this change deletes, or that loses its identity.
    if let Some(document) = state.base_index.and_then(|base| base.document(path)) {
        return Some(document.ulid.clone());
    }
    let mut parts = path.components();
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
    if first == policy::PACKS.as_bytes() && third.is_some() {
        let directory = RepoPath::from(policy::PACKS).join(second);
        let pack = state.packs.iter().find(|pack| pack.path.parent() == directory);
        return pack
            .and_then(|pack| pack.text_at("/ulid"))
            .map(String::from)
            .or_else(|| Some(text(directory.as_bytes())));
    }
    None
}
