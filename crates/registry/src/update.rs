//! Updating a registry from an earlier one: only changed sources are read, and changed entries are replaced in the bytes.
//!
//! The earlier registry must be generated from its own sources; the caller verifies that. Unusual changes (a key that moves to another identity, an
//! identity that is removed) need a full build. So the result is always the same as that of a full build, or `None`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use artifact::layout::{CARDS, DEFAULT_PARENT};
use artifact::{Claims, Ulid};
use snapshot::{Listing, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};

use super::fold::{RegistryState, fold};
use super::project::{Tree, directory, sources_of};
use super::unrecorded::{self, Specs, Unrecorded};
use super::write::{header, key_line};
use super::{Entry, Registry, Sources};

/// Opens the tree object with an id, if it exists.
pub type Trees<'t> = dyn Fn(ObjectId) -> Option<Box<dyn Snapshot + 't>> + 't;

/// Updates an earlier registry to the state of a tree; `None` if a full build is needed.
///
/// # Errors
/// When a file cannot be read.
pub fn update<'t>(old: &Registry<'_>, trees: &Trees<'t>, tree: &Tree<'t>) -> Result<Option<Vec<u8>>> {
    let Ok(before) = old.sources() else { return Ok(None) };
    let sources = sources_of(tree)?;
    if before == sources {
        return Ok(Some(old.bytes().to_vec()));
    }
    // An empty part has another form, the first ledger lines change every entry, and other layouts name no tree.
    let small = !tree.layout.is_default() || old.entries_span().is_empty() || old.keys_span().is_empty();
    if small
        || sources.ledger_size < before.ledger_size
        || (before.ledger_size == 0) != (sources.ledger_size == 0)
    {
        return Ok(None);
    }
    let mut edits = Edits {
        old,
        entries: BTreeMap::new(),
        keys: BTreeMap::new(),
        created: BTreeSet::new(),
        unusual: false,
    };
    let same_ledger = (before.ledger_size, before.ledger_root) == (sources.ledger_size, sources.ledger_root);
    if !same_ledger && !fold_new_lines(&before, &sources, tree, &mut edits)? {
        return Ok(None);
    }
    let complete = UnrecordedChanges { before: &before, sources: &sources, trees, tree }.edit(&mut edits)?;
    Ok(if complete && !edits.unusual { edits.splice(&sources) } else { None })
}

/// Folds the new lines; returns `false` if the ledger does not extend the earlier one, or a line is unusual.
fn fold_new_lines(
    before: &Sources,
    sources: &Sources,
    tree: &Tree<'_>,
    edits: &mut Edits<'_>,
) -> Result<bool> {
    let (from, to) = (before.ledger_size, sources.ledger_size);
    let roots = ledger::events(tree.ledger, from, to, &mut |event| {
        edits.unusual |= !event.is_ok_and(|event| fold(edits, event));
    })?;
    let extends =
        roots.is_some_and(|roots| roots.before == before.ledger_root && roots.all == sources.ledger_root);
    Ok(extends && !edits.unusual)
}

/// The changes of the registry.
struct Edits<'o> {
    old: &'o Registry<'o>,
    entries: BTreeMap<Ulid, Entry>,
    keys: BTreeMap<String, Ulid>,
    /// The identities that the new lines create.
    created: BTreeSet<Ulid>,
    /// Whether a change is unusual, so that a full build is needed.
    unusual: bool,
}

impl Edits<'_> {
    /// Finds the identity that has a key after the changes so far.
    fn holder_of(&mut self, key: &str) -> Option<Ulid> {
        let old = self.old.holder_of(key);
        self.unusual |= old.is_err();
        self.keys.get(key).copied().or(old.ok().flatten())
    }

    fn old_entry(&mut self, ulid: Ulid) -> Option<Entry> {
        let old = self.old.entry(ulid);
        self.unusual |= old.is_err();
        old.ok().flatten()
    }

    /// Inserts the changes into the bytes.
    fn splice(&self, sources: &Sources) -> Option<Vec<u8>> {
        let bytes = self.old.bytes();
        let mut pieces: Vec<(Range<usize>, String)> = Vec::new();
        for (ulid, entry) in &self.entries {
            let mut text = String::new();
            entry.write(*ulid, &mut text);
            let span = self.old.find_block(*ulid).ok()?;
            pieces.push((span.unwrap_or_else(|at| at..at), text));
        }
        for (key, ulid) in &self.keys {
            let span = self.old.find_key_line(key).ok()?;
            pieces.push((span.unwrap_or_else(|at| at..at), key_line(key, *ulid)));
        }
        let added: usize = pieces.iter().map(|(_, text)| text.len()).sum();
        let mut spliced = Vec::with_capacity(bytes.len() + added + 256);
        spliced.extend_from_slice(header(sources).as_bytes());
        // The line `by_ulid:` is between the header and the first entry.
        let mut at = self.old.entries_span().start - "by_ulid:\n".len();
        for (span, text) in pieces {
            spliced.extend_from_slice(&bytes[at..span.start]);
            spliced.extend_from_slice(text.as_bytes());
            at = span.end;
        }
        spliced.extend_from_slice(&bytes[at..]);
        Some(spliced)
    }
}

impl RegistryState for Edits<'_> {
    fn entry(&mut self, ulid: Ulid) -> Option<&mut Entry> {
        if !self.entries.contains_key(&ulid) {
            let entry = self.old_entry(ulid)?;
            self.unusual |= entry.unrecorded;
            self.entries.insert(ulid, entry);
        }
        self.entries.get_mut(&ulid)
    }

    fn add(&mut self, ulid: Ulid, entry: Entry) {
        self.unusual |= self.old_entry(ulid).is_some_and(|old| !old.unrecorded);
        self.unusual |= !self.created.insert(ulid);
        self.entries.insert(ulid, entry);
    }

    fn reserve_key(&mut self, key: &str, ulid: Ulid) {
        match self.holder_of(key) {
            None => {
                self.keys.insert(key.into(), ulid);
            }
            Some(holder) => self.unusual |= holder != ulid,
        }
    }
}

/// The changes of cards and specs of identities that the ledger does not contain.
struct UnrecordedChanges<'u, 't> {
    before: &'u Sources,
    sources: &'u Sources,
    trees: &'u Trees<'t>,
    tree: &'u Tree<'t>,
}

/// The cards and specs of one of the two trees.
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

    fn unrecorded_change(&self, ulid: Ulid) -> Result<Option<Unrecorded>> {
        let Some(claims) = self.claims(ulid)? else { return Ok(None) };
        Ok(Some(unrecorded::unrecorded_change(&claims, &self.specs.at(&claims.path)?, self.ledger_begun)))
    }
}

impl UnrecordedChanges<'_, '_> {
    /// Applies the differences between the trees; returns `false` if a full build is needed.
    fn edit(&self, edits: &mut Edits<'_>) -> Result<bool> {
        let same = (self.before.cards, self.before.plugins) == (self.sources.cards, self.sources.plugins);
        if same && edits.created.is_empty() {
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
            specs: Specs::of(snapshot, &RepoPath::from(DEFAULT_PARENT))?,
            ledger_begun: self.sources.ledger_size > 0,
        };
        let Some(mut changed) = changed_specs(&old, &new, snapshot)? else { return Ok(false) };
        let listing = |side: &'_ Side<'_>| {
            side.cards.as_ref().map(|(_, _, listing)| listing.clone()).unwrap_or_default()
        };
        for name in changed_names(&listing(&old), &listing(&new)) {
            changed.extend(unrecorded::ulid_of(&name));
        }
        changed.extend(edits.created.iter().copied());
        for ulid in changed {
            if !self.edit_one(edits, &old, &new, ulid)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn edit_one(&self, edits: &mut Edits<'_>, old: &Side<'_>, new: &Side<'_>, ulid: Ulid) -> Result<bool> {
        let entry = edits.old_entry(ulid);
        let has_ledger = self.before.ledger_size > 0;
        let was_recorded = has_ledger && entry.as_ref().is_some_and(|entry| !entry.unrecorded);
        if was_recorded {
            return Ok(true);
        }
        let before = old.unrecorded_change(ulid)?;
        if before.is_some() != entry.is_some() {
            return Ok(false);
        }
        if edits.created.contains(&ulid) {
            // The keys that it reserved before must be keys in its lines as well.
            let keys = before.map(|change| change.keys).unwrap_or_default();
            let now: Vec<String> = match edits.entries.get(&ulid) {
                Some(entry) => std::iter::once(&entry.key).chain(&entry.aliases).cloned().collect(),
                None => return Ok(false),
            };
            return Ok(keys.iter().all(|key| now.contains(key)));
        }
        let after = new.unrecorded_change(ulid)?;
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

/// Returns the names whose objects differ between two directories.
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

/// Returns the identities named by changed specs, before and after; `None` if a plugin name is not UTF-8.
fn changed_specs(old: &Side<'_>, new: &Side<'_>, snapshot: &dyn Snapshot) -> Result<Option<BTreeSet<Ulid>>> {
    let mut plugins = Listing::default();
    for entry in new.specs.plugins().iter() {
        let id = match entry.object.mode {
            Mode::Directory => {
                let path = RepoPath::from(DEFAULT_PARENT).join(entry.name);
                snapshot.tree_id(&Node { path, object: entry.object })?
            }
            _ => entry.object.id,
        };
        // Git does not store empty directories.
        if id.is_some() {
            plugins.push(entry.name, entry.object.mode, id);
        }
    }
    let mut found = BTreeSet::new();
    for name in changed_names(old.specs.plugins(), &plugins.finish()) {
        let Ok(name) = String::from_utf8(name) else { return Ok(None) };
        let path = format!("{DEFAULT_PARENT}/{name}");
        found.extend(unrecorded::ulid_in(&old.specs.at(&path)?));
        found.extend(unrecorded::ulid_in(&new.specs.at(&path)?));
    }
    Ok(Some(found))
}
