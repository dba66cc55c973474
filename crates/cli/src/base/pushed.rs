//! What git's pre-push hook tells: each ref that is pushed, and the mainline that it is, or is to be merged into.

use diagnostic::CheckError;
use repo::{Repository, is_ancestor, merge_bases};
use snapshot::ObjectId;

use super::{Resolution, find, shown, unread};

/// What git's pre-push hook is told.
#[derive(Clone, Copy)]
pub(crate) struct Pushed<'w> {
    pub(crate) lines: &'w str,
    /// The remote's name, or its address where it has none.
    pub(crate) remote: Option<&'w str>,
}

/// Where mainlines are looked for: at the usual remotes, and here.
pub(super) const PLACES: [&str; 3] = ["refs/remotes/origin/", "refs/remotes/upstream/", "refs/heads/"];
/// What a mainline is usually called.
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
    fn read(line: &str) -> Result<PushedRef<'_>, CheckError> {
        let words: Vec<&str> = line.split(' ').collect();
        let read = match words.as_slice() {
            [here, local, there, remote] => ObjectId::from_hex(local.as_bytes())
                .zip(ObjectId::from_hex(remote.as_bytes()))
                .map(|(local, remote)| PushedRef { here, local, there, remote }),
            _ => None,
        };
        read.ok_or_else(|| CheckError {
            message: format!("this is no pre-push line: {line}"),
            help: Some("a line is `<local ref> <local id> <remote ref> <remote id>`".into()),
            location: None,
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
) -> Result<(), CheckError> {
    if pushed.lines.trim().is_empty() {
        resolution.say("nothing is pushed: nothing to judge");
    }
    let lines = pushed.lines.lines().filter(|line| !line.trim().is_empty());
    let mut refs = lines.map(PushedRef::read).collect::<Result<Vec<_>, _>>()?;
    // A tag is mostly part of a branch that is pushed with it.
    refs.sort_by_key(|pushed| pushed.branch().is_none());
    let at_remote = pushed.remote.map(|remote| format!("refs/remotes/{remote}/"));
    let places: Vec<&str> = at_remote.as_deref().into_iter().chain(PLACES[..2].iter().copied()).collect();
    let called = places
        .iter()
        .find_map(|place| Some(mainline_at(repository, place)?.strip_prefix(place)?.to_string()));
    for pushed in refs {
        let name = pushed.branch().unwrap_or(pushed.there);
        if pushed.local.is_zero() {
            resolution.say(format!("{name} is deleted: nothing to judge"));
            continue;
        }
        if pushed.there.starts_with("refs/notes/") {
            resolution.say(format!("{name} are notes: nothing to judge"));
            continue;
        }
        let head = repository.objects().peel_to_commit(pushed.local).map_err(unread)?;
        let is_known_in = |base| is_ancestor(repository.objects(), head, base).unwrap_or(false);
        // Of a branch beside the mainline, nothing is published yet.
        let is_mainline =
            pushed.branch().is_some_and(|branch| called.as_deref().is_none_or(|called| called == branch));
        let mainline = mainline(repository, &places, head);
        if let Some((base, mainline)) = mainline.as_ref().filter(|_| !is_mainline)
            && is_known_in(*base)
        {
            resolution.say(format!("{name} is part of {mainline} already: nothing to judge"));
            continue;
        }
        // What a tag named before says nothing of what it names now.
        let is_known = !pushed.remote.is_zero() && repository.objects().contains(pushed.remote);
        let (base, base_name) = if pushed.branch().is_some() && is_known {
            let base = repository.objects().peel_to_commit(pushed.remote).map_err(unread)?;
            resolution.say(format!("base {name} is {}, from the remote", base.short()));
            (base, name.to_string())
        } else {
            resolution.say(format!("{name} is new, or its state at the remote is not here"));
            // Where the branch itself was pushed is not where it is to be merged.
            let own = [pushed.here, pushed.there].map(|name| name.replacen("refs/heads", "", 1));
            let upstream = repository.upstream(pushed.here);
            let upstream = upstream.filter(|upstream| !own.iter().any(|own| upstream.ends_with(own)));
            let upstream = upstream.and_then(|name| Some((find(repository, &name).ok()??, shown(&name))));
            match upstream.or_else(|| mainline.clone()) {
                Some((base, name)) => {
                    resolution.say(format!("base {name} is {}, where it is to be merged", base.short()));
                    (base, name)
                }
                None => {
                    if !resolution.anew.iter().any(|other| is_known_in(*other)) {
                        resolution.say("no mainline is known here: its whole history is judged");
                        resolution.anew.push(head);
                    }
                    continue;
                }
            }
        };
        if base == head || !is_mainline && is_known_in(base) {
            resolution.say(format!("{name} is part of {base_name} already: nothing to judge"));
            continue;
        }
        resolution.judge(base, &base_name, head);
        resolution.targets.iter_mut().rev().take(1).for_each(|target| target.pushed = is_mainline);
        resolution.beside(mainline.filter(|_| !is_mainline));
    }
    Ok(())
}

/// The mainline that lies nearest to a commit, at any of these places; never the branch that is checked out.
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
        // What cannot be read, or has nothing in common with it, is not where it is to be merged.
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

/// The whole name of the mainline at a place: what its `HEAD` says, else what is usually called so.
pub(crate) fn mainline_at(repository: &Repository, place: &str) -> Option<String> {
    let said = repository.symbolic_target(&format!("{place}HEAD"));
    let usual = USUAL.iter().map(|name| format!("{place}{name}"));
    said.into_iter().chain(usual).find(|name| repository.reference(name).is_ok_and(|found| found.is_some()))
}
