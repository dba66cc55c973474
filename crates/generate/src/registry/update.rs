//! Making a registry from an earlier one: only what changed between the sources is read, and spliced in where it stands.
//!
//! The earlier registry must be what its own sources make: whoever calls knows that it is genuine. What is out of the ordinary (a key that changes
//! hands, an identity that vanishes) is left to a full build: this never makes other bytes, it only may make none.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use artifact::layout::{CARDS, PLUGINS};
use artifact::{Claims, Ulid};
use snapshot::{Listing, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};

use super::fold::{Book, fold};
use super::project::{Tree, directory, sources_of};
use super::unrecorded::{self, Specs, Unrecorded};
use super::write::{header, key_line};
use super::{Entry, Registry, Sources};

/// Opens the tree object of an id, where it is there.
pub type Trees<'t> = dyn Fn(ObjectId) -> Option<Box<dyn Snapshot + 't>> + 't;

/// Makes the registry of a tree from an earlier, genuine one; `None` where it takes a full build.
///
/// # Errors
/// When something cannot be read.
pub fn update<'t>(old: &Registry<'_>, trees: &Trees<'t>, tree: &Tree<'t>) -> Result<Option<Vec<u8>>> {
    let Ok(before) = old.sources() else { return Ok(None) };
    let sources = sources_of(tree)?;
    if before == sources {
        return Ok(Some(old.bytes().to_vec()));
    }
    // An empty part is written otherwise, and a ledger that begins changes every entry.
    let small = old.entries_span().is_empty() || old.keys_span().is_empty();
    if small
        || sources.ledger_size < before.ledger_size
        || (before.ledger_size == 0) != (sources.ledger_size == 0)
    {
        return Ok(None);
    }
    let mut edits =
        Edits { old, entries: BTreeMap::new(), keys: BTreeMap::new(), begun: BTreeSet::new(), odd: false };
    let same_ledger = (before.ledger_size, before.ledger_root) == (sources.ledger_size, sources.ledger_root);
    if !same_ledger && !fold_news(&before, &sources, tree, &mut edits)? {
        return Ok(None);
    }
    let done = Unledgered { before: &before, sources: &sources, trees, tree }.edit(&mut edits)?;
    Ok(if done && !edits.odd { edits.splice(&sources) } else { None })
}

/// Folds the lines that came since; `false` where the ledger does not continue the earlier one, or a line is out of the ordinary.
fn fold_news(before: &Sources, sources: &Sources, tree: &Tree<'_>, edits: &mut Edits<'_>) -> Result<bool> {
    let (from, to) = (before.ledger_size, sources.ledger_size);
    let roots = ledger::events(tree.ledger, from, to, &mut |event| {
        edits.odd |= !event.is_ok_and(|event| fold(edits, event));
    })?;
    let continues =
        roots.is_some_and(|roots| roots.before == before.ledger_root && roots.all == sources.ledger_root);
    Ok(continues && !edits.odd)
}

/// What changes in the registry.
struct Edits<'o> {
    old: &'o Registry<'o>,
    entries: BTreeMap<Ulid, Entry>,
    keys: BTreeMap<String, Ulid>,
    /// The identities that were created since.
    begun: BTreeSet<Ulid>,
    /// That something is out of the ordinary.
    odd: bool,
}

impl Edits<'_> {
    /// Finds who holds a key by now.
    fn holder_of(&mut self, key: &str) -> Option<Ulid> {
        let old = self.old.holder_of(key);
        self.odd |= old.is_err();
        self.keys.get(key).copied().or(old.ok().flatten())
    }

    fn old_entry(&mut self, ulid: Ulid) -> Option<Entry> {
        let old = self.old.entry(ulid);
        self.odd |= old.is_err();
        old.ok().flatten()
    }

    /// Puts the edits where they belong.
    fn splice(&self, sources: &Sources) -> Option<Vec<u8>> {
        let bytes = self.old.bytes();
        let mut pieces: Vec<(Range<usize>, String)> = Vec::new();
        for (ulid, entry) in &self.entries {
            let mut text = String::new();
            entry.write(*ulid, &mut text);
            let place = self.old.find_block(*ulid).ok()?;
            pieces.push((place.unwrap_or_else(|at| at..at), text));
        }
        for (key, ulid) in &self.keys {
            let place = self.old.find_key_line(key).ok()?;
            pieces.push((place.unwrap_or_else(|at| at..at), key_line(key, *ulid)));
        }
        let added: usize = pieces.iter().map(|(_, text)| text.len()).sum();
        let mut spliced = Vec::with_capacity(bytes.len() + added + 256);
        spliced.extend_from_slice(header(sources).as_bytes());
        // The line that begins the identities stands between the header and the first of them.
        let mut at = self.old.entries_span().start - "by_ulid:\n".len();
        for (place, text) in pieces {
            spliced.extend_from_slice(&bytes[at..place.start]);
            spliced.extend_from_slice(text.as_bytes());
            at = place.end;
        }
        spliced.extend_from_slice(&bytes[at..]);
        Some(spliced)
    }
}

impl Book for Edits<'_> {
    fn entry(&mut self, ulid: Ulid) -> Option<&mut Entry> {
        if !self.entries.contains_key(&ulid) {
            let entry = self.old_entry(ulid)?;
            self.odd |= entry.unrecorded;
            self.entries.insert(ulid, entry);
        }
        self.entries.get_mut(&ulid)
    }

    fn begin(&mut self, ulid: Ulid, entry: Entry) {
        self.odd |= self.old_entry(ulid).is_some_and(|old| !old.unrecorded);
        self.odd |= !self.begun.insert(ulid);
        self.entries.insert(ulid, entry);
    }

    fn hold(&mut self, key: &str, ulid: Ulid) {
        match self.holder_of(key) {
            None => {
                self.keys.insert(key.into(), ulid);
            }
            Some(holder) => self.odd |= holder != ulid,
        }
    }
}

/// What cards and specs say of identities that the ledger does not know.
struct Unledgered<'u, 't> {
    before: &'u Sources,
    sources: &'u Sources,
    trees: &'u Trees<'t>,
    tree: &'u Tree<'t>,
}

/// Cards and specs of one of the two trees.
struct Side<'s> {
    cards: Option<(&'s dyn Snapshot, RepoPath, Listing)>,
    specs: Specs<'s>,
    ledger_begun: bool,
}

impl Side<'_> {
    fn card(&self, ulid: Ulid) -> Option<Object> {
        let (_, _, listing) = self.cards.as_ref()?;
        let object = listing.get(unrecorded::card_name(ulid).as_bytes())?.object;
        matches!(object.mode, Mode::File | Mode::Executable).then_some(object)
    }

    fn claims(&self, ulid: Ulid) -> Result<Option<Claims>> {
        match (self.card(ulid), &self.cards) {
            (Some(object), Some((snapshot, folder, _))) => unrecorded::card(*snapshot, folder, ulid, object),
            _ => Ok(None),
        }
    }

    fn tell(&self, ulid: Ulid) -> Result<Option<Unrecorded>> {
        let Some(claims) = self.claims(ulid)? else { return Ok(None) };
        Ok(Some(unrecorded::tell(&claims, &self.specs.at(&claims.path)?, self.ledger_begun)))
    }
}

impl Unledgered<'_, '_> {
    /// Edits what changed between the trees; `false` where it takes a full build.
    fn edit(&self, edits: &mut Edits<'_>) -> Result<bool> {
        let same = (self.before.cards, self.before.plugins) == (self.sources.cards, self.sources.plugins);
        if same && edits.begun.is_empty() {
            return Ok(true);
        }
        let open = |id: Option<ObjectId>| match id {
            None => Some(None),
            Some(id) => (self.trees)(id).map(Some),
        };
        let (Some(cards), Some(plugins)) = (open(self.before.cards), open(self.before.plugins)) else {
            return Ok(false);
        };
        let nothing = snapshot::Memory::new();
        let plugins: &dyn Snapshot = plugins.as_deref().unwrap_or(&nothing);
        let old = Side {
            cards: match &cards {
                None => None,
                Some(cards) => Some((&**cards, RepoPath::root(), cards.list(&cards.root()?)?)),
            },
            specs: Specs::of(plugins, &RepoPath::root())?,
            ledger_begun: self.before.ledger_size > 0,
        };
        let snapshot = self.tree.snapshot;
        let new = Side {
            cards: match directory(snapshot, CARDS)? {
                None => None,
                Some(node) => Some((snapshot, node.path.clone(), snapshot.list(&node)?)),
            },
            specs: Specs::of(snapshot, &RepoPath::from(PLUGINS))?,
            ledger_begun: self.sources.ledger_size > 0,
        };
        let Some(mut changed) = changed_specs(&old, &new, snapshot)? else { return Ok(false) };
        let listing = |side: &'_ Side<'_>| {
            side.cards.as_ref().map(|(_, _, listing)| listing.clone()).unwrap_or_default()
        };
        for name in changed_names(&listing(&old), &listing(&new)) {
            changed.extend(unrecorded::ulid_of(&name));
        }
        changed.extend(edits.begun.iter().copied());
        for ulid in changed {
            if !self.edit_one(edits, &old, &new, ulid)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn edit_one(&self, edits: &mut Edits<'_>, old: &Side<'_>, new: &Side<'_>, ulid: Ulid) -> Result<bool> {
        let entry = edits.old_entry(ulid);
        let begun = self.before.ledger_size > 0;
        let was_recorded = begun && entry.as_ref().is_some_and(|entry| !entry.unrecorded);
        if was_recorded {
            return Ok(true);
        }
        let before = old.tell(ulid)?;
        if before.is_some() != entry.is_some() {
            return Ok(false);
        }
        if edits.begun.contains(&ulid) {
            // What it held without lines, its lines must hold, too.
            let keys = before.map(|told| told.keys).unwrap_or_default();
            let now: Vec<String> = match edits.entries.get(&ulid) {
                Some(entry) => std::iter::once(&entry.key).chain(&entry.aliases).cloned().collect(),
                None => return Ok(false),
            };
            return Ok(keys.iter().all(|key| now.contains(key)));
        }
        let after = new.tell(ulid)?;
        match (before, after) {
            (None, None) => Ok(true),
            (None, Some(after)) => {
                for key in &after.keys {
                    if edits.holder_of(key).is_some() {
                        return Ok(false);
                    }
                    edits.keys.insert(key.clone(), ulid);
                }
                edits.entries.insert(ulid, after.entry);
                Ok(true)
            }
            (Some(before), Some(after)) => {
                edits.entries.insert(ulid, after.entry);
                Ok(before.keys == after.keys)
            }
            (Some(_), None) => Ok(false),
        }
    }
}

/// The names under which two folders hold something else.
fn changed_names(old: &Listing, new: &Listing) -> Vec<Vec<u8>> {
    let mut changed = Vec::new();
    let (mut left, mut right) = (old.iter().peekable(), new.iter().peekable());
    loop {
        let step = match (left.peek(), right.peek()) {
            (None, None) => return changed,
            (Some(a), Some(b)) => a.name.cmp(b.name),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
        };
        let one = if step.is_le() { left.next() } else { None };
        let other = if step.is_ge() { right.next() } else { None };
        if one.map(|entry| entry.object) != other.map(|entry| entry.object) {
            changed.extend(one.or(other).map(|entry| entry.name.to_vec()));
        }
    }
}

/// The identities that the changed specs name, before and after; `None` where the new side's directories have no ids to compare by.
fn changed_specs(old: &Side<'_>, new: &Side<'_>, snapshot: &dyn Snapshot) -> Result<Option<BTreeSet<Ulid>>> {
    let mut plugins = Listing::default();
    for entry in new.specs.plugins().iter() {
        let id = match entry.object.mode {
            Mode::Directory => {
                let path = RepoPath::from(PLUGINS).join(entry.name);
                snapshot.tree_id(&Node { path, object: entry.object })?
            }
            _ => entry.object.id,
        };
        // A directory without files is none to git.
        if id.is_some() {
            plugins.push(entry.name, entry.object.mode, id);
        }
    }
    let mut found = BTreeSet::new();
    for name in changed_names(old.specs.plugins(), &plugins.finish()) {
        let Ok(name) = String::from_utf8(name) else { return Ok(None) };
        let place = format!("{PLUGINS}/{name}");
        found.extend(unrecorded::ulid_in(&old.specs.at(&place)?));
        found.extend(unrecorded::ulid_in(&new.specs.at(&place)?));
    }
    Ok(Some(found))
}
