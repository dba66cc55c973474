//! What an export contains: the registry without private identities, and what ID cards and specs state beside it.

use std::collections::{BTreeMap, BTreeSet};

use artifact::id_card::MAX_CARD_BYTES;
use artifact::layout::CARDS;
use artifact::{CardDetails, Limits, Syntax, Ulid, Value, parse};
use rayon::prelude::*;
use snapshot::{Error, Kind, Node, RepoPath, Result, Snapshot};

use super::project::Tree;
use super::unrecorded::{Specs, card_name};
use super::{Contents, Entry};

/// What the ID card and the spec of an identity state and the registry does not contain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Details {
    /// What the card states. An identity without a card counts as private.
    pub card: CardDetails,
    /// The reason of its deprecation in the spec.
    pub deprecated_reason: Option<String>,
    /// The date of its deprecation in the spec.
    pub deprecated_since: Option<String>,
}

/// The content of an export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// The registry of the identities that are exported.
    pub contents: Contents,
    /// The number of private identities that were left out.
    pub left_out: usize,
    details: BTreeMap<Ulid, Details>,
    /// The ULIDs, keys and paths of the private identities that were left out.
    hidden: BTreeSet<String>,
}

impl Exported {
    /// Selects what an export of a registry contains; the cards and specs are those of the same tree.
    ///
    /// # Errors
    /// When a card or a spec cannot be read.
    pub fn new(mut contents: Contents, tree: &Tree<'_>, include_private: bool) -> Result<Exported> {
        let details = details(&contents.by_ulid, tree)?;
        let is_hidden = |ulid: &Ulid| {
            !include_private && !details.get(ulid).is_some_and(|details| details.card.is_public)
        };
        let mut hidden = BTreeSet::new();
        let mut left_out = 0;
        for (ulid, entry) in contents.by_ulid.iter().filter(|(ulid, _)| is_hidden(ulid)) {
            left_out += 1;
            hidden.extend([ulid.to_string(), entry.path.clone()]);
        }
        hidden.extend(contents.by_key.iter().filter(|(_, ulid)| is_hidden(ulid)).map(|(key, _)| key.clone()));
        contents.by_ulid.retain(|ulid, _| !is_hidden(ulid));
        contents.by_key.retain(|_, ulid| !is_hidden(ulid));
        // What others state about a private identity names it as well.
        for entry in contents.by_ulid.values_mut() {
            entry.merged_into = entry.merged_into.filter(|target| !hidden.contains(&target.to_string()));
            entry.replaced_by = entry.replaced_by.take().filter(|other| !hidden.contains(other));
        }
        Ok(Exported { contents, left_out, details, hidden })
    }

    /// Returns what the card and the spec of an identity state.
    #[must_use]
    pub fn details(&self, ulid: Ulid) -> Details {
        self.details.get(&ulid).cloned().unwrap_or_default()
    }

    /// Returns `public` or `private`.
    #[must_use]
    pub fn visibility(&self, ulid: Ulid) -> &'static str {
        self.details.get(&ulid).map_or("private", |details| details.card.visibility())
    }

    /// Returns whether a ULID, a key or a path belongs to an identity that was left out.
    #[must_use]
    pub fn hides(&self, name: &str) -> bool {
        self.hidden.contains(name)
    }

    /// Returns whether a string names an identity that was left out: by its ULID or key, or by a path that is or lies below that of one.
    #[must_use]
    pub fn is_revealed_by(&self, text: &str) -> bool {
        let mut words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        words.any(|word| self.hides(word)) || paths_in(text).any(|path| self.hides(path))
    }
}

/// Returns the paths that a string may contain, each followed by the directories above it.
pub fn paths_in(text: &str) -> impl Iterator<Item = &str> {
    let is_quote =
        |c: char| matches!(c, '`' | '"' | '\'' | '(' | ')' | '<' | '>' | '[' | ']' | ',' | ';' | ':');
    let words = text.split(move |c: char| c.is_whitespace() || is_quote(c));
    words.chain([text]).flat_map(|word| {
        let word = word.strip_prefix("./").unwrap_or(word);
        let word = word.trim_end_matches(['.', '/', '!', '?']);
        let above = word.match_indices('/').map(move |(at, _)| &word[..at]);
        std::iter::once(word).chain(above).filter(|path| !path.is_empty())
    })
}

/// Returns the visibility of identities by their cards in a tree: `public` or `private`.
///
/// # Errors
/// When a card cannot be read.
pub fn visibility(snapshot: &dyn Snapshot, ulids: &[Ulid]) -> Result<Vec<&'static str>> {
    ulids.par_iter().map(|ulid| Ok(card(snapshot, *ulid)?.visibility())).collect()
}

fn details(by_ulid: &BTreeMap<Ulid, Entry>, tree: &Tree<'_>) -> Result<BTreeMap<Ulid, Details>> {
    let specs = Specs::in_layout(tree.snapshot, tree.layout)?;
    let entries: Vec<(&Ulid, &Entry)> = by_ulid.iter().collect();
    entries
        .par_iter()
        .map(|(ulid, entry)| {
            let mut details = Details { card: card(tree.snapshot, **ulid)?, ..Details::default() };
            if entry.kind == "plugin" && !matches!(entry.status.as_str(), "active" | "draft") {
                let spec = parse(Syntax::Json, &specs.at(&entry.path)?, &Limits::default()).ok();
                let text = |pointer: &str| spec.as_ref()?.pointer(pointer).and_then(Value::as_str);
                // A spec with another ULID is ignored.
                let is_own = text("/ulid") == Some(ulid.to_string().as_str());
                let own = |pointer: &str| text(pointer).filter(|_| is_own).map(String::from);
                details.deprecated_reason = own("/deprecation/reason");
                details.deprecated_since = own("/deprecation/since");
            }
            Ok((**ulid, details))
        })
        .collect()
}

/// Reads the card of an identity; without a card, or with one that is too large, nothing is declared.
fn card(snapshot: &dyn Snapshot, ulid: Ulid) -> Result<CardDetails> {
    let path = RepoPath::from(CARDS).join(card_name(ulid).as_bytes());
    let is_file = |node: &Node| node.object.mode.kind() == Kind::File;
    let Some(node) = snapshot.find(&path)?.filter(is_file) else { return Ok(CardDetails::default()) };
    match snapshot.read(&node, MAX_CARD_BYTES as u64) {
        Err(Error::TooLarge { .. }) => Ok(CardDetails::default()),
        read => Ok(CardDetails::read(&read?)),
    }
}
