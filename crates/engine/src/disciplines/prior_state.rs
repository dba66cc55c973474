//! The state before a change: which paths existed, the values they were first set to, and which names were removed.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use policy::{Collection, Discipline};
use serde::{Deserialize, Serialize};
use snapshot::fold::fold;
use snapshot::{Change, Listing, Mode, Node, Object, ObjectId, RepoPath, Result, Snapshot};

/// The elements of a collection that earlier versions of a file had: the last value of each key, as a digest.
pub(crate) type PastElements = BTreeMap<String, String>;

/// A path that some file system takes for another one.
pub(crate) struct Twin {
    /// The part of the added path.
    pub(crate) part: RepoPath,
    /// What it is taken for.
    pub(crate) of: RepoPath,
}

/// A name that was removed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Removal {
    /// The object, where it was a file.
    pub(crate) object: Option<Object>,
    /// The commit that removed it.
    pub(crate) by: Option<ObjectId>,
}

/// Answers questions about the state before a change.
pub(crate) trait PriorState {
    /// Returns whether a file or directory existed at the path before the change.
    fn existed(&mut self, path: &[u8]) -> Result<bool>;
    /// Finds the path that some file system takes for an added one.
    fn twin(&mut self, added: &RepoPath) -> Result<Option<Twin>>;
    /// Returns the value a path was first given, where it is known.
    fn original(&mut self, path: &RepoPath) -> Result<Option<Object>>;
    /// Returns the removal of a name, where it was removed earlier.
    fn removed(&mut self, identity: &[u8]) -> Result<Option<Removal>>;
    /// Returns the elements of a collection that earlier versions of a file had.
    fn past_elements(
        &mut self,
        path: &RepoPath,
        discipline: &Discipline,
        collection: &Collection,
    ) -> Result<PastElements>;
    /// Notes that a change removes an element, for the changes after it.
    fn note_removed_element(&mut self, path: &RepoPath, at: &str, key: &str, digest: &str);
}

/// Finds the elements of a collection that the history of a file had.
pub(crate) type FindPastElements<'s> =
    dyn Fn(&RepoPath, &Discipline, &Collection) -> Result<PastElements> + 's;

/// The names that fold to one, each with how many files lie there.
type Spellings = Vec<(Box<[u8]>, u32)>;

/// The past of an audit: everything governed that the walk has met.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct History {
    /// The existing files, each with the commit that first set it and its value.
    files: HashMap<Box<[u8]>, Fixed>,
    /// The names that were removed, files and directories, as a system that folds names would have them: one that comes back in another case is back.
    removed: HashMap<Box<[u8]>, Removal>,
    /// Every name at every level by its folded form, with how many files lie there.
    names: HashMap<Box<[u8]>, Spellings>,
    /// The commits that `Fixed::by` counts.
    commits: Vec<ObjectId>,
    /// The elements that were removed from collections with burned keys, by file and place of the collection.
    elements: RefCell<BTreeMap<(RepoPath, String), PastElements>>,
}

/// Who gave a file its value.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Fixed {
    object: Object,
    by: u32,
}

impl History {
    /// Begins a commit: what is learned next is its doing.
    pub(crate) fn begin(&mut self, commit: ObjectId) {
        if self.commits.last() != Some(&commit) {
            self.commits.push(commit);
        }
    }

    /// Returns the commit that gave a standing file its value.
    pub(crate) fn first_set_in(&self, path: &RepoPath) -> Option<ObjectId> {
        let fixed = self.files.get(path.as_bytes())?;
        self.commits.get(fixed.by as usize).copied()
    }

    /// Returns whether a discipline governs a file of the past.
    pub(crate) fn governed(&self, discipline: &Discipline) -> bool {
        let exists = |path: &[u8]| discipline.governs(&RepoPath::new(path));
        let removed = self.removed.iter().filter(|(_, removal)| removal.object.is_some());
        let spellings = removed.filter_map(|(name, _)| self.names.get(name)).flatten();
        self.files.keys().any(|path| exists(path)) || spellings.into_iter().any(|(path, _)| exists(path))
    }

    /// Adds the additions of a comparison, so that collisions within it are found; call it before the check.
    pub(crate) fn learn_additions(&mut self, changes: &[Change]) {
        let by = self.commits.len().saturating_sub(1) as u32;
        for change in changes {
            if let (None, Some(object)) = (change.before, change.after)
                && !self.files.contains_key(change.path.as_bytes())
            {
                self.files.insert(change.path.as_bytes().into(), Fixed { object, by });
                for prefix in change.path.prefixes() {
                    self.count(prefix, 1);
                }
            }
        }
    }

    /// Removes the removals of a comparison; call it after the check.
    pub(crate) fn learn_removals(&mut self, changes: &[Change]) {
        let by = self.commits.last().copied();
        for change in changes {
            if change.after.is_some() {
                // A path that exists again is no longer removed; the check has reported that it came back.
                if change.before.is_none() {
                    for prefix in change.path.prefixes() {
                        self.removed.remove(&*fold(prefix));
                    }
                }
                continue;
            }
            let Some(fixed) = self.files.remove(change.path.as_bytes()) else { continue };
            let name = fold(change.path.as_bytes()).into();
            self.removed.insert(name, Removal { object: Some(fixed.object), by });
            for prefix in change.path.prefixes() {
                if self.count(prefix, -1) == 0 && prefix != change.path.as_bytes() {
                    self.removed.insert(fold(prefix).into(), Removal { object: None, by });
                }
            }
        }
    }

    /// Counts a file in or out of a name; returns how many are left there.
    fn count(&mut self, name: &[u8], by: i32) -> u32 {
        let key: Cow<'_, [u8]> = fold(name);
        let twins = match self.names.get_mut(key.as_ref()) {
            Some(twins) => twins,
            None => self.names.entry(key.as_ref().into()).or_default(),
        };
        match twins.iter_mut().find(|(known, _)| known.as_ref() == name) {
            Some((_, count)) => {
                *count = count.saturating_add_signed(by);
                *count
            }
            None => {
                twins.push((name.into(), by.max(0) as u32));
                by.max(0) as u32
            }
        }
    }

    /// Returns whether the path existed before the current commit, whose additions are known already and do not count.
    fn existed_before(&self, path: &[u8], added: &AddedNow<'_>) -> bool {
        let now = added.below(path);
        let key = fold(path);
        let twins = self.names.get(key.as_ref()).into_iter().flatten();
        twins.filter(|(name, _)| name.as_ref() == path).any(|(_, count)| *count > now)
    }
}

/// The additions of the current comparison.
pub(crate) struct AddedNow<'c> {
    changes: &'c [Change],
}

impl AddedNow<'_> {
    fn below(&self, directory: &[u8]) -> u32 {
        let inside = |path: &[u8]| {
            path == directory || path.starts_with(directory) && path.get(directory.len()) == Some(&b'/')
        };
        let from = self.changes.partition_point(|change| change.path.as_bytes() < directory);
        self.changes[from..]
            .iter()
            .take_while(|change| change.path.as_bytes().starts_with(directory))
            .filter(|change| {
                change.before.is_none() && change.after.is_some() && inside(change.path.as_bytes())
            })
            .count() as u32
    }
}

/// The past as one edge of a first-parent walk sees it.
pub(crate) struct HistoryPriorState<'p> {
    past: &'p History,
    added: AddedNow<'p>,
    /// The parent's own tree, where branches are followed: files of another branch did not exist there.
    parent: Option<&'p dyn Snapshot>,
    /// Where branches are followed, the commits of the first parents: a value that only a branch fixed is not the original one.
    mainline: Option<&'p BTreeSet<ObjectId>>,
}

impl<'p> HistoryPriorState<'p> {
    /// `changes` are the edge's, sorted by path; its additions are in `past` already.
    pub(crate) fn new(
        past: &'p History,
        changes: &'p [Change],
        parent: Option<&'p dyn Snapshot>,
        mainline: Option<&'p BTreeSet<ObjectId>>,
    ) -> HistoryPriorState<'p> {
        HistoryPriorState { past, added: AddedNow { changes }, parent, mainline }
    }
}

impl PriorState for HistoryPriorState<'_> {
    fn existed(&mut self, path: &[u8]) -> Result<bool> {
        match self.parent {
            Some(tree) => Ok(tree.find(&RepoPath::new(path))?.is_some()),
            None => Ok(self.past.existed_before(path, &self.added)),
        }
    }

    fn twin(&mut self, added: &RepoPath) -> Result<Option<Twin>> {
        for prefix in added.prefixes() {
            let key = fold(prefix);
            let twins = self.past.names.get(key.as_ref()).into_iter().flatten();
            if let Some((other, _)) =
                twins.filter(|(name, count)| *count > 0 && name.as_ref() != prefix).min()
            {
                return Ok(Some(Twin { part: RepoPath::new(prefix), of: RepoPath::new(other) }));
            }
        }
        Ok(None)
    }

    fn original(&mut self, path: &RepoPath) -> Result<Option<Object>> {
        let fixed = self.past.files.get(path.as_bytes());
        let counts = |fixed: &&Fixed| {
            let by = self.past.commits.get(fixed.by as usize);
            self.mainline.is_none_or(|mainline| by.is_some_and(|by| mainline.contains(by)))
        };
        Ok(fixed.filter(counts).map(|fixed| fixed.object))
    }

    fn removed(&mut self, identity: &[u8]) -> Result<Option<Removal>> {
        Ok(self.past.removed.get(&*fold(identity)).cloned())
    }

    fn past_elements(
        &mut self,
        path: &RepoPath,
        _discipline: &Discipline,
        collection: &Collection,
    ) -> Result<PastElements> {
        let place = (path.clone(), collection.at.clone());
        Ok(self.past.elements.borrow().get(&place).cloned().unwrap_or_default())
    }

    fn note_removed_element(&mut self, path: &RepoPath, at: &str, key: &str, digest: &str) {
        let mut elements = self.past.elements.borrow_mut();
        elements.entry((path.clone(), at.into())).or_default().insert(key.into(), digest.into());
    }
}

/// From so many questions on, a directory's names are indexed instead of scanned.
const MAX_SCANS: u32 = 4;

/// What was asked of a directory so far.
#[derive(Default)]
pub(crate) struct LookupCache {
    scans: u32,
    /// The names by their folded form, once they are indexed.
    folded: HashMap<Vec<u8>, Vec<Vec<u8>>>,
}

/// The prior state from whole trees, for a change that is checked on its own.
pub(crate) struct TreePriorState<'s> {
    /// The trees before: the parent or merge base, and the tip of the base branch.
    pub(crate) before: Vec<&'s dyn Snapshot>,
    /// The tree after.
    pub(crate) after: &'s dyn Snapshot,
    /// The tree whose values are the fixed ones.
    pub(crate) origin: &'s dyn Snapshot,
    /// The removed names in the history of the base branch, case-folded.
    pub(crate) removed: BTreeMap<Vec<u8>, Removal>,
    /// The directories looked into, per tree: an edge asks for the same few.
    pub(crate) lookups: HashMap<(usize, RepoPath), LookupCache>,
    /// Finds the elements that the history of the base branch had.
    pub(crate) past_elements: &'s FindPastElements<'s>,
}

impl TreePriorState<'_> {
    /// Finds a name in `directory` of a tree that folds to the same as `name` and is another one.
    fn twin_in(&mut self, tree: usize, directory: &RepoPath, name: &[u8]) -> Result<Option<Vec<u8>>> {
        let snapshot = if tree == 0 { self.after } else { self.before[tree - 1] };
        let asked = self.lookups.entry((tree, directory.clone())).or_default();
        asked.scans += 1;
        if asked.scans <= MAX_SCANS {
            let key = fold(name);
            let twin = |other: &[u8]| {
                other.len() == name.len() && other.eq_ignore_ascii_case(name)
                    || !(other.is_ascii() && name.is_ascii()) && fold(other) == key
            };
            let listing = list(snapshot, directory)?;
            return Ok(listing
                .iter()
                .map(|entry| entry.name)
                .find(|other| *other != name && twin(other))
                .map(<[u8]>::to_vec));
        }
        if asked.folded.is_empty() {
            for entry in list(snapshot, directory)?.iter() {
                asked.folded.entry(fold(entry.name).into_owned()).or_default().push(entry.name.to_vec());
            }
        }
        let twins = asked.folded.get(fold(name).as_ref());
        Ok(twins.into_iter().flatten().find(|other| other.as_slice() != name).cloned())
    }
}

/// Lists a directory; one that is not there is empty.
fn list(snapshot: &dyn Snapshot, directory: &RepoPath) -> Result<Listing> {
    let node = snapshot.find(directory)?.filter(|node: &Node| node.object.mode == Mode::Directory);
    node.map_or_else(|| Ok(Listing::default()), |node| snapshot.list(&node))
}

impl PriorState for TreePriorState<'_> {
    fn existed(&mut self, path: &[u8]) -> Result<bool> {
        for tree in &self.before {
            if tree.find(&RepoPath::new(path))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn twin(&mut self, added: &RepoPath) -> Result<Option<Twin>> {
        for prefix in added.prefixes() {
            let prefix = RepoPath::new(prefix);
            // The tree after, then the tips before: two pull requests may each bring one of the twins.
            // The first tree before is the parent or merge base: a name that the change itself removes from it does not collide.
            for tree in (0..=self.before.len()).filter(|tree| *tree != 1) {
                if let Some(other) = self.twin_in(tree, &prefix.parent(), prefix.name())? {
                    return Ok(Some(Twin { of: prefix.parent().join(&other), part: prefix }));
                }
            }
        }
        Ok(None)
    }

    fn original(&mut self, path: &RepoPath) -> Result<Option<Object>> {
        Ok(self.origin.find(path)?.map(|node| node.object))
    }

    fn removed(&mut self, identity: &[u8]) -> Result<Option<Removal>> {
        Ok(self.removed.get(&*fold(identity)).cloned())
    }

    fn past_elements(
        &mut self,
        path: &RepoPath,
        discipline: &Discipline,
        collection: &Collection,
    ) -> Result<PastElements> {
        (self.past_elements)(path, discipline, collection)
    }

    fn note_removed_element(&mut self, _path: &RepoPath, _at: &str, _key: &str, _digest: &str) {}
}
