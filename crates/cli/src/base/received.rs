//! The lines of git's pre-receive hook, on a server: each ref, its old and its new value (githooks(5)).

use repo::{Repository, is_ancestor};
use snapshot::{Error, ObjectId};

use super::{Resolution, shown};
use crate::error::CommandError;

/// A line of git's pre-receive hook.
struct ReceivedRef<'l> {
    old: ObjectId,
    new: ObjectId,
    name: &'l str,
}

impl ReceivedRef<'_> {
    /// Reads `<old id> <new id> <ref>`.
    fn read(line: &str) -> Result<ReceivedRef<'_>, CommandError> {
        let words: Vec<&str> = line.split(' ').collect();
        let read = match words.as_slice() {
            [old, new, name] => ObjectId::from_hex(old.as_bytes())
                .zip(ObjectId::from_hex(new.as_bytes()))
                .map(|(old, new)| ReceivedRef { old, new, name }),
            _ => None,
        };
        read.ok_or_else(|| {
            CommandError::failed_with(
                format!("invalid pre-receive line: {line}"),
                "a line is `<old id> <new id> <ref>`",
            )
        })
    }
}

/// Finds the ranges of a push: a ref is compared with its old value, a new one with the default branch.
pub(super) fn of_pre_receive(
    repository: &Repository,
    lines: &str,
    resolution: &mut Resolution,
) -> Result<(), CommandError> {
    let default = repository.head_branch().unwrap_or_default();
    let tip = repository.reference(&default)?;
    for line in lines.lines().filter(|line| !line.trim().is_empty()) {
        let received = ReceivedRef::read(line)?;
        let name = shown(received.name);
        let Some(head) = head(repository, &received)? else {
            resolution.trace(format!("{name} names no commit: nothing to check"));
            continue;
        };
        if received.name == default {
            match tip {
                Some(old) => {
                    resolution.add(old, &name, head);
                    resolution.targets.iter_mut().rev().take(1).for_each(|target| target.pushed = true);
                }
                None => without_base(repository, resolution, &name, head),
            }
            continue;
        }
        let is_part_of = |base| is_ancestor(repository.objects(), head, base);
        if let Some(tip) = tip
            && is_part_of(tip)?
        {
            resolution.trace(format!("{name} is already part of {}: nothing to check", shown(&default)));
            continue;
        }
        // The former target of a tag is not a base of its new target.
        let old = Some(received.old).filter(|old| !old.is_zero() && !received.name.starts_with("refs/tags/"));
        let mainline = tip.map(|tip| (tip, shown(&default)));
        match (old, mainline) {
            (Some(old), _) if is_part_of(old)? => {
                resolution.trace(format!("{name} goes back to an earlier commit: nothing to check"));
            }
            (Some(old), mainline) => {
                resolution.add(old, &name, head);
                // What the branch merged from the default branch passes against that.
                resolution.set_mainline(mainline);
                resolution.targets.iter_mut().rev().take(1).for_each(|target| target.policy_of_base = true);
            }
            (None, Some((tip, default))) => resolution.add(tip, &default, head),
            (None, None) => without_base(repository, resolution, &name, head),
        }
    }
    if resolution.targets.is_empty() && resolution.without_base.is_empty() && resolution.steps.is_empty() {
        resolution.trace("no ref is pushed: nothing to check");
    }
    Ok(())
}

/// Returns the commit that a ref will name; `None` if it is deleted, contains notes, or is a tag of something else.
fn head(repository: &Repository, received: &ReceivedRef<'_>) -> Result<Option<ObjectId>, CommandError> {
    if received.new.is_zero() || received.name.starts_with("refs/notes/") {
        return Ok(None);
    }
    match repository.objects().peel_to_commit(received.new) {
        Err(Error::Corrupt { .. }) if received.name.starts_with("refs/tags/") => Ok(None),
        other => Ok(Some(other?)),
    }
}

/// Audits the full history of a first push, once for refs that share it.
fn without_base(repository: &Repository, resolution: &mut Resolution, name: &str, head: ObjectId) {
    let is_known = |other: &ObjectId| is_ancestor(repository.objects(), head, *other).unwrap_or(false);
    if !resolution.without_base.iter().any(is_known) {
        resolution.trace(format!("{name} is the first branch: its full history is audited"));
        resolution.without_base.push(head);
    }
}
