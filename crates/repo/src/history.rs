//! The commit graph: merge bases, ranges and the order in which an audit visits commits.

use std::collections::{BTreeMap, BinaryHeap, HashMap};

use snapshot::{Error, ObjectId, Result};

use crate::{CommitHeader, Objects};

/// Which parents an audit follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    /// Only first parents: the states of the branch itself.
    FirstParent,
    /// All parents: every reachable commit.
    AllParents,
}

/// Returns `head` and its ancestors, parents before children, in the same order on every machine.
///
/// The walk stops at commits for which `since` is true (already checked); these are not returned.
///
/// # Errors
/// [`Error::Missing`] at a shallow boundary; [`Error::TooLarge`] over the limit on commits.
pub fn walk(
    objects: &Objects,
    head: ObjectId,
    since: &mut dyn FnMut(ObjectId) -> bool,
    walk: Walk,
) -> Result<Vec<CommitHeader>> {
    match walk {
        Walk::FirstParent => first_parent(objects, head, since),
        Walk::AllParents => all_parents(objects, head, since),
    }
}

fn first_parent(
    objects: &Objects,
    head: ObjectId,
    since: &mut dyn FnMut(ObjectId) -> bool,
) -> Result<Vec<CommitHeader>> {
    let mut commits = Vec::new();
    let mut next = Some(head);
    while let Some(id) = next.filter(|&id| !since(id)) {
        let commit = objects.commit(id)?;
        next = commit.parents.first().copied();
        commits.push(commit);
        check_count(objects, commits.len())?;
    }
    commits.reverse();
    Ok(commits)
}

fn all_parents(
    objects: &Objects,
    head: ObjectId,
    since: &mut dyn FnMut(ObjectId) -> bool,
) -> Result<Vec<CommitHeader>> {
    let mut found: HashMap<ObjectId, CommitHeader> = HashMap::new();
    let mut pending = vec![head];
    while let Some(id) = pending.pop() {
        if found.contains_key(&id) || since(id) {
            continue;
        }
        let commit = objects.commit(id)?;
        pending.extend(&commit.parents);
        found.insert(id, commit);
        check_count(objects, found.len())?;
    }
    Ok(parents_first(found))
}

/// Kahn's algorithm; among the ready commits the oldest comes first, then the smallest id.
fn parents_first(mut commits: HashMap<ObjectId, CommitHeader>) -> Vec<CommitHeader> {
    let mut children: BTreeMap<ObjectId, Vec<ObjectId>> = BTreeMap::new();
    let mut waiting: BTreeMap<ObjectId, usize> = BTreeMap::new();
    let mut ready = BinaryHeap::new();
    let ids: std::collections::BTreeSet<ObjectId> = commits.keys().copied().collect();
    for &id in &ids {
        let commit = &commits[&id];
        let mut parents: Vec<_> =
            commit.parents.iter().copied().filter(|parent| ids.contains(parent)).collect();
        parents.sort();
        parents.dedup();
        for parent in &parents {
            children.entry(*parent).or_default().push(id);
        }
        match parents.len() {
            0 => ready.push(std::cmp::Reverse((commit.time, id))),
            count => drop(waiting.insert(id, count)),
        }
    }
    let mut ordered = Vec::with_capacity(commits.len());
    while let Some(std::cmp::Reverse((_, id))) = ready.pop() {
        for child in children.remove(&id).unwrap_or_default() {
            let Some(count) = waiting.get_mut(&child) else { continue };
            *count -= 1;
            if *count == 0 {
                ready.push(std::cmp::Reverse((commits[&child].time, child)));
            }
        }
        ordered.extend(commits.remove(&id));
    }
    ordered
}

fn check_count(objects: &Objects, count: usize) -> Result<()> {
    let limit = objects.limits.commits;
    if count <= limit {
        return Ok(());
    }
    Err(Error::TooLarge { what: "the history (in commits)".into(), size: count as u64, limit: limit as u64 })
}

const FROM_BASE: u8 = 1;
const FROM_HEAD: u8 = 2;
const BOTH: u8 = FROM_BASE | FROM_HEAD;
/// An ancestor of a common ancestor: visited only to exclude redundant merge bases.
const STALE: u8 = 4;

/// A walk that marks the ancestors of two tips to find their merge bases.
struct MergeBaseWalk<'o> {
    objects: &'o Objects,
    commits: HashMap<ObjectId, (u8, CommitHeader)>,
    queue: BinaryHeap<(i64, ObjectId)>,
}

impl<'o> MergeBaseWalk<'o> {
    /// Marks the ancestors of both tips, newest first, until only stale ones are left (git `commit-reach.c`, `paint_down_to_common`).
    ///
    /// Committer times can be false. A false one costs time, and can add a redundant common ancestor, which
    /// [`MergeBaseWalk::remove_redundant`] removes.
    fn run(objects: &'o Objects, base: ObjectId, head: ObjectId) -> Result<MergeBaseWalk<'o>> {
        let mut walk = MergeBaseWalk { objects, commits: HashMap::new(), queue: BinaryHeap::new() };
        walk.mark(base, FROM_BASE)?;
        walk.mark(head, FROM_HEAD)?;
        // The newest commits come first, and those that are not stale are among them: the search ends early.
        while walk.queue.iter().any(|(_, id)| walk.commits[id].0 & STALE == 0) {
            let Some((_, id)) = walk.queue.pop() else { break };
            walk.pass_on(id)?;
        }
        Ok(walk)
    }

    /// Passes the marks of a commit on to its parents.
    fn pass_on(&mut self, id: ObjectId) -> Result<()> {
        let (flags, commit) = &self.commits[&id];
        let mut flags = *flags;
        let parents = commit.parents.clone();
        if flags & BOTH == BOTH {
            flags |= STALE;
        }
        for parent in parents {
            self.mark(parent, flags)?;
        }
        Ok(())
    }

    /// Returns the common ancestors that are not known to be redundant, newest first.
    fn common(&self) -> Vec<(i64, ObjectId)> {
        let is_common = |flags: u8| flags & BOTH == BOTH && flags & STALE == 0;
        let found = self.commits.iter().filter(|(_, (flags, _))| is_common(*flags));
        let mut found: Vec<_> = found.map(|(id, (_, commit))| (commit.time, *id)).collect();
        found.sort_by(|a, b| b.cmp(a));
        found
    }

    /// Finds common ancestors that are ancestors of others: commit times can be false, and commits of the same second are visited in any order.
    /// Several merge bases are rare; for them, the rest of the history is visited.
    fn remove_redundant(&mut self) -> Result<()> {
        if self.common().len() > 1 {
            while let Some((_, id)) = self.queue.pop() {
                self.pass_on(id)?;
            }
        }
        Ok(())
    }

    /// Finds commits marked only by the head that the base reaches as well, while unvisited commits are new enough to reach them.
    fn separate(&mut self) -> Result<()> {
        let alone = self.commits.values().filter(|(flags, _)| *flags == FROM_HEAD);
        let Some(oldest) = alone.map(|(_, commit)| commit.time).min() else { return Ok(()) };
        while let Some((_, id)) = self.queue.pop().filter(|(time, _)| *time >= oldest) {
            self.pass_on(id)?;
        }
        Ok(())
    }

    fn mark(&mut self, id: ObjectId, add: u8) -> Result<()> {
        if !self.commits.contains_key(&id) {
            let commit = match self.objects.commit(id) {
                // Commits before a common ancestor are not needed: a shallow clone can end there.
                Err(Error::Missing { .. }) if add & STALE != 0 => return Ok(()),
                other => other?,
            };
            check_count(self.objects, self.commits.len())?;
            self.commits.insert(id, (0, commit));
        }
        let Some((flags, commit)) = self.commits.get_mut(&id) else { return Ok(()) };
        if *flags | add != *flags {
            *flags |= add;
            self.queue.push((commit.time, id));
        }
        Ok(())
    }
}

/// Returns the merge bases of two commits, newest first; none if the histories are unrelated.
///
/// # Errors
/// When a commit on the way is missing (a shallow clone) or unreadable.
pub fn merge_bases(objects: &Objects, base: ObjectId, head: ObjectId) -> Result<Vec<ObjectId>> {
    if base == head {
        return Ok(vec![base]);
    }
    let mut walk = MergeBaseWalk::run(objects, base, head)?;
    walk.remove_redundant()?;
    Ok(walk.common().into_iter().map(|(_, id)| id).collect())
}

/// Returns whether `ancestor` is `descendant` itself or one of its ancestors (`git merge-base --is-ancestor`).
///
/// # Errors
/// When a commit on the way is missing (a shallow clone) or unreadable.
pub fn is_ancestor(objects: &Objects, ancestor: ObjectId, descendant: ObjectId) -> Result<bool> {
    Ok(merge_bases(objects, descendant, ancestor)? == [ancestor])
}

/// Returns the commits reachable from `head` and not from `base`, parents before children (`git rev-list base..head`).
///
/// # Errors
/// When a commit on the way is missing (a shallow clone) or unreadable.
pub fn range(objects: &Objects, base: ObjectId, head: ObjectId) -> Result<Vec<CommitHeader>> {
    let mut walk = MergeBaseWalk::run(objects, base, head)?;
    walk.separate()?;
    let own = walk.commits.into_iter().filter(|(_, (flags, _))| *flags == FROM_HEAD);
    Ok(parents_first(own.map(|(id, (_, commit))| (id, commit)).collect()))
}
