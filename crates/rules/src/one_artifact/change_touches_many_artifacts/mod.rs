//! A pull request modifies one artifact.

use std::collections::{BTreeMap, HashMap};

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
    let mut owners = Owners { state, by_path: None };
    for change in changes {
        if let Some(artifact) = owners.artifact_of(&change.path) {
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

/// Finds the artifacts that paths belong to.
struct Owners<'s, 'c> {
    state: &'s StateContext<'c>,
    /// The identities of the cards by the path that they declare, listed on first use.
    by_path: Option<HashMap<&'s [u8], &'s str>>,
}

impl Owners<'_, '_> {
    /// Returns the identity that a path belongs to: a ULID, or the directory of an artifact without one.
    fn artifact_of(&mut self, path: &RepoPath) -> Option<String> {
        let state = self.state;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if path.parent() == RepoPath::from(CARDS) {
            return Some(text(path.name()).trim_end_matches(".yaml").to_string());
        }
        if let Some(directory) = state.policy.layout.plugin_directory(path) {
            return Some(self.plugin_of(&directory).unwrap_or_else(|| text(directory.as_bytes())));
        }
        // Documents and packs are opened in the order of their paths.
        if let Ok(at) = state.documents.binary_search_by(|document| document.path.cmp(path)) {
            return state.documents[at].text_at("/ulid").map(String::from);
        }
        // A document that this change deletes, or that loses its identity.
        if let Some(document) = state.base_index.and_then(|base| base.document(path)) {
            return Some(document.ulid.clone());
        }
        let mut parts = path.components();
        let (first, second, third) = (parts.next()?, parts.next()?, parts.next());
        if first == policy::PACKS.as_bytes() && third.is_some() {
            let directory = RepoPath::from(policy::PACKS).join(second);
            let manifest = directory.join(b"pack.yaml");
            let pack = state.packs.binary_search_by(|pack| pack.path.cmp(&manifest)).ok();
            let ulid = pack.and_then(|at| state.packs[at].text_at("/ulid"));
            return Some(ulid.map_or_else(|| text(directory.as_bytes()), String::from));
        }
        None
    }

    /// Returns the ULID of the plugin in a directory.
    fn plugin_of(&mut self, directory: &RepoPath) -> Option<String> {
        let state = self.state;
        let some = |ulid: &str| (!ulid.is_empty()).then(|| ulid.to_string());
        // The spec of a checked plugin names its identity, whether or not an index was built.
        let own = state.plugins.binary_search_by(|plugin| plugin.directory.cmp(directory)).ok();
        let own = own.and_then(|at| some(state.plugins[at].spec.as_ref()?.text_at("/ulid")?));
        let indexes = || std::iter::once(state.index).chain(state.base_index);
        let by_spec = || indexes().find_map(|index| some(&index.plugin(directory)?.ulid));
        // If the spec cannot be read, the card with this path names the identity.
        own.or_else(by_spec).or_else(|| {
            let by_path = self.by_path.get_or_insert_with(|| {
                let mut by_path = HashMap::new();
                for card in indexes().flat_map(|index| &index.cards) {
                    by_path.entry(card.claims.path.as_bytes()).or_insert(card.claims.ulid.as_str());
                }
                by_path
            });
            by_path.get(directory.as_bytes()).copied().and_then(some)
        })
    }
}
