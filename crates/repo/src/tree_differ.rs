//! Compares the trees of a parent and a child commit, through the deltas of the pack where possible.

use std::collections::BTreeSet;
use std::sync::Arc;

use snapshot::{Change, Error, Fault, Listing, Mode, Node, Object, ObjectId, RepoPath, Result};

use crate::pack::{Appended, EntryChange, Ropes, TreeComparison};
use crate::{ObjectKind, Objects, adapter, pack, tree};

/// How trees and append-only files are compared. Both ways give the same results.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    /// Uses the deltas of the pack, or whole objects without deltas. Trusts the pack: objects are not hashed again.
    Deltas,
    /// Uses whole objects and hashes each again.
    Whole,
}

/// Selects the parts of a tree that are compared.
pub trait Scope {
    /// Returns whether files in the directory can be relevant.
    fn enter(&self, directory: &RepoPath) -> bool;
    /// Returns whether the file is relevant.
    fn concerns(&self, file: &RepoPath) -> bool;
}

/// The differences between two trees.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TreeChanges {
    /// The differing paths in byte order.
    pub changes: Vec<Change>,
    /// The faults of the child's tree objects that the parent does not have, in byte order of the directories.
    pub faults: Vec<(RepoPath, Fault)>,
}

/// Compares trees along a history, and caches what consecutive commits share.
pub struct TreeDiffer<'r> {
    objects: &'r Objects,
    comparison: Comparison,
    ropes: Ropes,
    buffer: Vec<u8>,
    /// The number of directories that the current comparison entered.
    entered: usize,
    /// Recently listed trees, the newest at the end.
    listings: Vec<(ObjectId, Arc<Listing>)>,
}

impl<'r> TreeDiffer<'r> {
    /// Starts a series of comparisons.
    #[must_use]
    pub fn new(objects: &'r Objects, comparison: Comparison) -> TreeDiffer<'r> {
        TreeDiffer {
            objects,
            comparison,
            ropes: Ropes::default(),
            buffer: Vec::new(),
            entered: 0,
            listings: Vec::new(),
        }
    }

    /// Compares two root trees; without `before`, everything is new.
    ///
    /// # Errors
    /// When an object is missing, corrupt or over a limit.
    pub fn compare(
        &mut self,
        before: Option<ObjectId>,
        after: ObjectId,
        scope: &dyn Scope,
    ) -> Result<TreeChanges> {
        let mut found = TreeChanges::default();
        self.entered = 0;
        if before != Some(after) {
            self.descend(&RepoPath::root(), before, Some(after), scope, &mut found)?;
        }
        found.changes.sort_by(|a, b| a.path.cmp(&b.path));
        found.faults.sort();
        Ok(found)
    }

    fn descend(
        &mut self,
        directory: &RepoPath,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
        scope: &dyn Scope,
        found: &mut TreeChanges,
    ) -> Result<()> {
        adapter::refuse_depth(self.objects, directory)?;
        // A few equal trees nested in each other make an exponential number of paths.
        self.entered += 1;
        let limit = self.objects.limits.paths;
        let size = self.entered.max(found.changes.len());
        if size > limit {
            let (size, limit) = (size as u64, limit as u64);
            return Err(Error::TooLarge { what: "the change (in paths)".into(), size, limit });
        }
        for change in self.compare_directory(directory, before, after, found)? {
            let path = directory.join(&change.name);
            let tree = |side: Option<Object>| {
                side.filter(|object| object.mode == Mode::Directory).and_then(|o| o.id)
            };
            let leaf = |side: Option<Object>| side.filter(|object| object.mode != Mode::Directory);
            let (old, new) = (leaf(change.before), leaf(change.after));
            if old != new && scope.concerns(&path) {
                found.changes.push(Change { path: path.clone(), before: old, after: new });
            }
            let (old, new) = (tree(change.before), tree(change.after));
            if old != new && scope.enter(&path) {
                self.descend(&path, old, new, scope, found)?;
            }
        }
        Ok(())
    }

    fn compare_directory(
        &mut self,
        directory: &RepoPath,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
        found: &mut TreeChanges,
    ) -> Result<Vec<EntryChange>> {
        if let Some(changes) = self.compare_ropes(before, after)? {
            return Ok(changes);
        }
        let old = self.list(directory, before)?;
        let new = self.list(directory, after)?;
        let known: BTreeSet<&Fault> = old.faults.iter().collect();
        let added = new.faults.iter().filter(|fault| !known.contains(fault)).cloned();
        found.faults.extend(added.map(|fault| (directory.clone(), fault)));
        Ok(merge(&old, &new))
    }

    /// Compares through deltas; `None` if whole objects are requested or needed.
    fn compare_ropes(
        &mut self,
        before: Option<ObjectId>,
        after: Option<ObjectId>,
    ) -> Result<Option<Vec<EntryChange>>> {
        let (Comparison::Deltas, Some(before), Some(after)) = (self.comparison, before, after) else {
            return Ok(None);
        };
        let limit = self.objects.limits.tree;
        let packs = &self.objects.packs;
        let (Some(old), Some(new)) = (packs.locate(&before), packs.locate(&after)) else { return Ok(None) };
        let (Some(old), Some(new)) = (self.ropes.get(packs, old, limit)?, self.ropes.get(packs, new, limit)?)
        else {
            return Ok(None);
        };
        match pack::compare_trees(&old, &new, self.objects.id_length()) {
            TreeComparison::Changes(changes) => Ok(Some(changes)),
            TreeComparison::Unsuited => Ok(None),
        }
    }

    fn list(&mut self, directory: &RepoPath, id: Option<ObjectId>) -> Result<Arc<Listing>> {
        let Some(id) = id else { return Ok(Arc::default()) };
        if self.comparison == Comparison::Whole {
            let object = Object { mode: Mode::Directory, id: Some(id) };
            let node = Node { path: directory.clone(), object };
            return adapter::list(self.objects, &node);
        }
        if let Some((_, listing)) = self.listings.iter().find(|(known, _)| *known == id) {
            return Ok(listing.clone());
        }
        self.objects.read(id, ObjectKind::Tree, self.objects.limits.tree, &mut self.buffer)?;
        let listing = Arc::new(tree::parse(id, &self.buffer)?);
        if self.listings.len() >= 8 {
            self.listings.remove(0);
        }
        self.listings.push((id, listing.clone()));
        Ok(listing)
    }

    /// Compares two versions of an append-only file.
    ///
    /// # Errors
    /// When a blob is missing, corrupt or over the limit.
    pub fn appended(&mut self, before: ObjectId, after: ObjectId) -> Result<Appended> {
        let limit = self.objects.limits.blob;
        let packs = &self.objects.packs;
        if self.comparison == Comparison::Deltas
            && let (Some(old), Some(new)) = (packs.locate(&before), packs.locate(&after))
            && let (Some(old), Some(new)) =
                (self.ropes.get(packs, old, limit)?, self.ropes.get(packs, new, limit)?)
        {
            return Ok(pack::compare_appended(&old, &new));
        }
        let old = self.blob(before)?;
        let new = self.blob(after)?;
        Ok(Appended::of(&old, &new))
    }

    /// Reads a whole blob.
    ///
    /// # Errors
    /// When it is missing, corrupt or over the limit.
    pub fn blob(&mut self, id: ObjectId) -> Result<Vec<u8>> {
        let mut buffer = Vec::new();
        let limit = self.objects.limits.blob;
        match self.comparison {
            Comparison::Whole => self.objects.verified(id, ObjectKind::Blob, limit, &mut buffer)?,
            Comparison::Deltas => self.objects.read(id, ObjectKind::Blob, limit, &mut buffer)?,
        }
        Ok(buffer)
    }
}

fn merge(old: &Listing, new: &Listing) -> Vec<EntryChange> {
    let (mut left, mut right) = (old.iter().peekable(), new.iter().peekable());
    let mut changes = Vec::new();
    loop {
        let (before, after) = match (left.peek(), right.peek()) {
            (None, None) => return changes,
            (Some(l), Some(r)) if l.name == r.name => (left.next(), right.next()),
            (Some(l), Some(r)) if l.name < r.name => (left.next(), None),
            (Some(_), None) => (left.next(), None),
            (_, Some(_)) => (None, right.next()),
        };
        let Some(name) = before.or(after).map(|entry| entry.name.to_vec()) else { return changes };
        let (before, after) = (before.map(|entry| entry.object), after.map(|entry| entry.object));
        if before != after {
            changes.push(EntryChange { name, before, after });
        }
    }
}
