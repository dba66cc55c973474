//! The commit graph: merge bases, ranges and the order in which an audit visits commits.

use std::collections::{BTreeMap, BinaryHeap, HashMap};

use snapshot::{Error, ObjectId, Result};

use crate::{CommitHeader, Objects};

/// Which edges of the graph an audit follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Walk {
    /// The mainline: what each merge made of the branch it merged into.
    FirstParent,
    /// Every commit that led here.
    AllParents,
}

/// Returns the commits that lead to `head`, parents before children, in one order on every machine.
///
/// The walk ends before `since` (a commit already judged), which must then be met; it is not part of the answer.
///
/// # Errors
/// [`Error::Missing`] at a shallow boundary; [`Error::Refused`] when `since` is no ancestor; [`Error::TooLarge`] past the limit on commits.
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
        too_many(objects, commits.len())?;
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
        too_many(objects, found.len())?;
    }
    Ok(parents_first(found))
}

/// Kahn's order; among the ready ones the oldest first, then by id.
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

fn too_many(objects: &Objects, count: usize) -> Result<()> {
    let limit = objects.limits.commits;
    if count <= limit {
        return Ok(());
    }
    Err(Error::TooLarge { what: "the history (in commits)".into(), size: count as u64, limit: limit as u64 })
}

const FROM_BASE: u8 = 1;
const FROM_HEAD: u8 = 2;
const BOTH: u8 = FROM_BASE | FROM_HEAD;
/// An ancestor of a common ancestor: walked only to tell better merge bases from worse.
const STALE: u8 = 4;

/// The graph, painted from two tips.
struct Painting<'o> {
    objects: &'o Objects,
    commits: HashMap<ObjectId, (u8, CommitHeader)>,
    queue: BinaryHeap<(i64, ObjectId)>,
}

impl<'o> Painting<'o> {
    /// Paints the ancestors of both tips, newest first, until only stale ones are left (git `commit-reach.c`, `paint_down_to_common`).
    ///
    /// Committer times are claims. A false one costs time, and may yield a further common ancestor, which [`Painting::settle`] finds out.
    fn paint(objects: &'o Objects, base: ObjectId, head: ObjectId) -> Result<Painting<'o>> {
        let mut painting = Painting { objects, commits: HashMap::new(), queue: BinaryHeap::new() };
        painting.mark(base, FROM_BASE)?;
        painting.mark(head, FROM_HEAD)?;
        // The newest are at the front, and the fresh ones among them: the search ends early.
        while painting.queue.iter().any(|(_, id)| painting.commits[id].0 & STALE == 0) {
            let Some((_, id)) = painting.queue.pop() else { break };
            painting.pass_on(id)?;
        }
        Ok(painting)
    }

    /// Marks the parents of a commit with what it is marked with.
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

    /// The common ancestors that no other one is known to come from, newest first.
    fn common(&self) -> Vec<(i64, ObjectId)> {
        let is_common = |flags: u8| flags & BOTH == BOTH && flags & STALE == 0;
        let found = self.commits.iter().filter(|(_, (flags, _))| is_common(*flags));
        let mut found: Vec<_> = found.map(|(id, (_, commit))| (commit.time, *id)).collect();
        found.sort_by(|a, b| b.cmp(a));
        found
    }

    /// Of several common ancestors, finds out which come from others: times are claims, commits of one second are met in any order, and a parent
    /// may have come first. Histories that cross are rare; for them, all of it is walked.
    fn settle(&mut self) -> Result<()> {
        if self.common().len() > 1 {
            while let Some((_, id)) = self.queue.pop() {
                self.pass_on(id)?;
            }
        }
        Ok(())
    }

    /// Finds out which commits of the head alone are the base's after all, as long as anything that is as new may still say so.
    fn part(&mut self) -> Result<()> {
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
                // Behind a common ancestor nothing is needed: a shallow clone may end there.
                Err(Error::Missing { .. }) if add & STALE != 0 => return Ok(()),
                other => other?,
            };
            too_many(self.objects, self.commits.len())?;
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

/// Returns the best common ancestors of two commits, newest first; none where the histories are unrelated.
///
/// # Errors
/// When a commit on the way is missing (a shallow clone) or unreadable.
pub fn merge_bases(objects: &Objects, base: ObjectId, head: ObjectId) -> Result<Vec<ObjectId>> {
    if base == head {
        return Ok(vec![base]);
    }
    let mut painting = Painting::paint(objects, base, head)?;
    painting.settle()?;
    Ok(painting.common().into_iter().map(|(_, id)| id).collect())
}

/// Tells whether a commit is another one, or an ancestor of it.
///
/// # Errors
/// When a commit on the way is missing (a shallow clone) or unreadable.
pub fn is_ancestor(objects: &Objects, commit: ObjectId, of: ObjectId) -> Result<bool> {
    Ok(merge_bases(objects, of, commit)? == [commit])
}

/// Returns the commits that lead to `head` and not to `base`, parents before children.
///
/// # Errors
/// When a commit on the way is missing (a shallow clone) or unreadable.
pub fn range(objects: &Objects, base: ObjectId, head: ObjectId) -> Result<Vec<CommitHeader>> {
    let mut painting = Painting::paint(objects, base, head)?;
    painting.part()?;
    let mine = painting.commits.into_iter().filter(|(_, (flags, _))| *flags == FROM_HEAD);
    Ok(parents_first(mine.map(|(id, (_, commit))| (id, commit)).collect()))
}
