//! The lines of git's pre-push hook: each pushed ref, and the base branch that it is or will be merged into.

use repo::{Repository, is_ancestor, merge_bases};
use snapshot::ObjectId;

use super::{Resolution, find, shown};
use crate::error::CommandError;

/// The input of git's pre-push hook.
#[derive(Clone, Copy)]
pub(crate) struct Pushed<'w> {
    pub(crate) lines: &'w str,
    /// The remote's name, or its address if it has no name.
    pub(crate) remote: Option<&'w str>,
}

/// Where base branches are searched: at the usual remotes, and in this clone.
pub(super) const PLACES: [&str; 3] = ["refs/remotes/origin/", "refs/remotes/upstream/", "refs/heads/"];
/// The usual names of a base branch.
pub(super) const USUAL: [&str; 2] = ["main", "master"];

/// A line of git's pre-push hook (githooks(5)).
struct PushedRef<'l> {
    here: &'l str,
    local: ObjectId,
    there: &'l str,
    remote: ObjectId,
}

impl PushedRef<'_> {
    /// Reads `<local ref> <local id> <remote ref> <remote id>`.
    fn read(line: &str) -> Result<PushedRef<'_>, CommandError> {
        let words: Vec<&str> = line.split(' ').collect();
        let read = match words.as_slice() {
            [here, local, there, remote] => ObjectId::from_hex(local.as_bytes())
                .zip(ObjectId::from_hex(remote.as_bytes()))
                .map(|(local, remote)| PushedRef { here, local, there, remote }),
            _ => None,
        };
        read.ok_or_else(|| {
            CommandError::failed_with(
                format!("invalid pre-push line: {line}"),
                "a line is `<local ref> <local id> <remote ref> <remote id>`",
            )
        })
    }

    fn branch(&self) -> Option<&str> {
        self.there.strip_prefix("refs/heads/")
    }
}

pub(super) fn of_pre_push(
    repository: &Repository,
    pushed: Pushed<'_>,
    resolution: &mut Resolution,
) -> Result<(), CommandError> {
    if pushed.lines.trim().is_empty() {
        resolution.trace("no ref is pushed: nothing to check");
    }
    let lines = pushed.lines.lines().filter(|line| !line.trim().is_empty());
    let mut refs = lines.map(PushedRef::read).collect::<Result<Vec<_>, _>>()?;
    // A tag usually points into a branch of the same push.
    refs.sort_by_key(|pushed| pushed.branch().is_none());
    let at_remote = pushed.remote.map(|remote| format!("refs/remotes/{remote}/"));
    let places: Vec<&str> = at_remote.as_deref().into_iter().chain(PLACES[..2].iter().copied()).collect();
    let called = places
        .iter()
        .find_map(|place| Some(mainline_at(repository, place)?.strip_prefix(place)?.to_string()));
    for pushed in refs {
        let name = pushed.branch().unwrap_or(pushed.there);
        if pushed.local.is_zero() {
            resolution.trace(format!("{name} is deleted: nothing to check"));
            continue;
        }
        if pushed.there.starts_with("refs/notes/") {
            resolution.trace(format!("{name} contains notes: nothing to check"));
            continue;
        }
        let head = repository.objects().peel_to_commit(pushed.local)?;
        let is_known_in = |base| is_ancestor(repository.objects(), head, base).unwrap_or(false);
        // A branch other than the base branch publishes nothing yet.
        let is_mainline =
            pushed.branch().is_some_and(|branch| called.as_deref().is_none_or(|called| called == branch));
        let mainline = mainline(repository, &places, head);
        if let Some((base, mainline)) = mainline.as_ref().filter(|_| !is_mainline)
            && is_known_in(*base)
        {
            resolution.trace(format!("{name} is already part of {mainline}: nothing to check"));
            continue;
        }
        // The former target of a tag is not a base of its new target.
        let is_known = !pushed.remote.is_zero() && repository.objects().contains(pushed.remote);
        let (base, base_name) = if pushed.branch().is_some() && is_known {
            let base = repository.objects().peel_to_commit(pushed.remote)?;
            resolution.trace(format!("base {name} is {}, from the remote", base.short()));
            (base, name.to_string())
        } else {
            resolution
                .trace(format!("{name} is new, or its commit at the remote does not exist in this clone"));
            // The pushed copy of the branch is not the branch it will be merged into.
            let own = [pushed.here, pushed.there].map(|name| name.replacen("refs/heads", "", 1));
            let upstream = repository.upstream(pushed.here);
            let upstream = upstream.filter(|upstream| !own.iter().any(|own| upstream.ends_with(own)));
            let upstream = upstream.and_then(|name| Some((find(repository, &name).ok()??, shown(&name))));
            match upstream.or_else(|| mainline.clone()) {
                Some((base, name)) => {
                    resolution
                        .trace(format!("base {name} is {}, the branch it will be merged into", base.short()));
                    (base, name)
                }
                None => {
                    if !resolution.without_base.iter().any(|other| is_known_in(*other)) {
                        resolution.trace("no base branch is known: the full history is audited");
                        resolution.without_base.push(head);
                    }
                    continue;
                }
            }
        };
        if base == head || !is_mainline && is_known_in(base) {
            resolution.trace(format!("{name} is already part of {base_name}: nothing to check"));
            continue;
        }
        resolution.add(base, &base_name, head);
        resolution.targets.iter_mut().rev().take(1).for_each(|target| target.pushed = is_mainline);
        resolution.set_mainline(mainline.filter(|_| !is_mainline));
    }
    Ok(())
}

/// Returns the base branch nearest to a commit, at any of these places; never the branch that is checked out.
pub(super) fn mainline(
    repository: &Repository,
    places: &[&str],
    head: ObjectId,
) -> Option<(ObjectId, String)> {
    let best = |one, other| merge_bases(repository.objects(), one, other).unwrap_or_default();
    let here = repository.head_branch();
    let names = places.iter().filter_map(|place| mainline_at(repository, place));
    let mut nearest: Option<(ObjectId, String, ObjectId)> = None;
    for name in names.filter(|name| here.as_ref() != Some(name)) {
        // A branch that is unreadable or shares no history with the commit is not its base.
        let Ok(Some(base)) = find(repository, &name) else { continue };
        let Some(&shared) = best(base, head).first() else { continue };
        let is_nearer = nearest
            .as_ref()
            .is_none_or(|(_, _, before)| *before != shared && best(*before, shared) == [*before]);
        if is_nearer {
            nearest = Some((base, shown(&name), shared));
        }
    }
    nearest.map(|(base, name, _)| (base, name))
}

/// Returns the full name of the base branch at a place: the target of its `HEAD`, else a branch with a usual name.
pub(crate) fn mainline_at(repository: &Repository, place: &str) -> Option<String> {
    let head = repository.symbolic_target(&format!("{place}HEAD"));
    let usual = USUAL.iter().map(|name| format!("{place}{name}"));
    head.into_iter().chain(usual).find(|name| repository.reference(name).is_ok_and(|found| found.is_some()))
}
