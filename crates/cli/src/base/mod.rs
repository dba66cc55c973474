//! Chooses the base that a change is compared with: options, the event, the pre-push lines, the upstream, `origin/HEAD`, in this order.

mod pushed;
mod received;

use repo::{Repository, is_ancestor};
use snapshot::ObjectId;

pub(crate) use pushed::{Pushed, mainline_at};

use crate::error::CommandError;
use crate::event::Event;
use crate::remote::tracking;
use pushed::{PLACES, USUAL, mainline, of_pre_push};
use received::of_pre_receive;

/// A range to check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) base: ObjectId,
    pub(crate) base_name: String,
    pub(crate) head: ObjectId,
    /// Whether the base branch itself is pushed, not a change that will be merged.
    pub(crate) pushed: bool,
    /// The base branch, if `base` is another commit: a change that passes against it passes the gate, and may be committed and pushed.
    pub(crate) mainline: Option<(ObjectId, String)>,
    /// Whether the policy is that of the commit to compare with, even if the base branch is another one: on a server, the pushed ref's own.
    pub(crate) policy_of_base: bool,
    /// The commit that an entry of a merge queue follows: the rules of one change are about the entry alone.
    pub(crate) queued_on: Option<ObjectId>,
}

/// The ranges to check, and the steps that led to them.
#[derive(Debug, Default)]
pub(crate) struct Resolution {
    pub(crate) targets: Vec<Target>,
    /// Heads without a base, as in a first push: their full history is audited.
    pub(crate) without_base: Vec<ObjectId>,
    pub(crate) steps: Vec<String>,
}

/// The options and the environment that determine the base.
pub(crate) struct BaseRequest<'w> {
    pub(crate) base: Option<&'w str>,
    pub(crate) head: &'w str,
    pub(crate) event: Option<Event>,
    pub(crate) pre_push: Option<Pushed<'w>>,
    /// The lines of git's pre-receive hook.
    pub(crate) pre_receive: Option<&'w str>,
    /// Whether the next commit on `HEAD` is checked.
    pub(crate) next_commit: bool,
    /// The remote whose branches are bases.
    pub(crate) remote: &'w str,
}

/// Finds the ranges to check.
pub(crate) fn resolve(repository: &Repository, wanted: &BaseRequest<'_>) -> Result<Resolution, CommandError> {
    let mut resolution = Resolution::default();
    if let Some(name) = wanted.base {
        let base = commit(repository, name)?;
        let head = commit(repository, wanted.head)?;
        resolution.trace(format!("base {} is {}, from --base", name, base.short()));
        resolution.add(base, name, head);
        return Ok(resolution);
    }
    resolution.trace("no --base was given");
    if let Some(event) = &wanted.event {
        of_event(repository, event, wanted.remote, &mut resolution)?;
        resolution
            .targets
            .iter_mut()
            .for_each(|target| target.pushed = event.mainline && event.base.is_some());
        return Ok(resolution);
    }
    if let Some(pushed) = wanted.pre_push {
        of_pre_push(repository, pushed, &mut resolution)?;
        return Ok(resolution);
    }
    if let Some(lines) = wanted.pre_receive {
        of_pre_receive(repository, lines, &mut resolution)?;
        return Ok(resolution);
    }
    resolution.trace("no event file was given, and no pre-push lines");
    let head = commit(repository, wanted.head)?;
    if wanted.next_commit {
        resolution.trace("the next commit is checked, so its base is HEAD");
        resolution.add(head, "HEAD", head);
        resolution.set_mainline(mainline(repository, &PLACES, head));
        return Ok(resolution);
    }
    let (base, name) = stable_base(repository, None, wanted.remote, &mut resolution)?;
    resolution.add(base, &name, head);
    Ok(resolution)
}

impl Resolution {
    fn trace(&mut self, step: impl Into<String>) {
        self.steps.push(step.into());
    }

    /// Adds the change of an event, unless the base branch already contains it.
    fn add_unmerged(
        &mut self,
        repository: &Repository,
        base: ObjectId,
        name: &str,
        head: ObjectId,
    ) -> Result<(), CommandError> {
        if is_ancestor(repository.objects(), head, base)? {
            self.trace(format!("nothing to check: {} is already merged into {name}", head.short()));
        } else {
            self.add(base, name, head);
        }
        Ok(())
    }

    fn add(&mut self, base: ObjectId, name: &str, head: ObjectId) {
        self.trace(format!("comparing {} with {} ({name})", head.short(), base.short()));
        self.targets.push(Target {
            base,
            base_name: name.into(),
            head,
            pushed: false,
            mainline: None,
            policy_of_base: false,
            queued_on: None,
        });
    }

    /// Sets the base branch of the last target.
    fn set_mainline(&mut self, mainline: Option<(ObjectId, String)>) {
        let Some(target) = self.targets.last_mut() else { return };
        target.mainline = mainline.filter(|(base, _)| *base != target.base);
    }
}

fn of_event(
    repository: &Repository,
    event: &Event,
    remote: &str,
    resolution: &mut Resolution,
) -> Result<(), CommandError> {
    resolution.trace(format!("the event is `{}`", event.name));
    let head = present(repository, event.head)?;
    let Some(base) = event.base else {
        resolution.trace("the branch is new, without a previous commit");
        let (base, name) = stable_base(repository, event.default_branch.as_deref(), remote, resolution)?;
        return resolution.add_unmerged(repository, base, &name, head);
    };
    let queued_on = event.queued_on.map(|id| present(repository, id)).transpose()?;
    if let Some(branch) = &event.base_branch {
        let tracking = tracking(remote, branch);
        if let Some(fresh) = find(repository, &tracking)? {
            let note = if fresh == base { "the same as in the event" } else { "newer than in the event" };
            resolution.trace(format!("base {branch} is {}, from {tracking}, {note}", fresh.short()));
            resolution.add_unmerged(repository, fresh, branch, head)?;
            resolution.targets.iter_mut().for_each(|target| target.queued_on = queued_on);
            return Ok(());
        }
    }
    if event.forced && !repository.objects().contains(base) {
        resolution.trace(format!("the branch was rewritten and {} no longer exists", base.short()));
        let (base, name) = stable_base(repository, event.default_branch.as_deref(), remote, resolution)?;
        return resolution.add_unmerged(repository, base, &name, head);
    }
    let base = present(repository, base)?;
    resolution.trace(format!("base is {}, from the event", base.short()));
    let name = event.base_branch.clone().unwrap_or_else(|| base.short());
    resolution.add(base, &name, head);
    Ok(())
}

/// Returns the short name of a ref.
fn shown(name: &str) -> String {
    name.trim_start_matches("refs/remotes/").trim_start_matches("refs/heads/").into()
}

/// Returns whether an upstream is only the pushed copy of the branch itself, while the remote's base branch is another one.
fn is_own_place(repository: &Repository, branch: &str, upstream: &str) -> bool {
    let Some(own) = branch.strip_prefix("refs/heads/") else { return false };
    let Some(place) = upstream.strip_suffix(own).filter(|place| place.starts_with("refs/remotes/")) else {
        return false;
    };
    mainline_at(repository, place).is_some_and(|mainline| mainline != upstream)
}

/// Returns the base that does not depend on what is pushed: the upstream of the branch, else the default branch of the remote, else a branch with a usual name.
fn stable_base(
    repository: &Repository,
    default_branch: Option<&str>,
    remote: &str,
    resolution: &mut Resolution,
) -> Result<(ObjectId, String), CommandError> {
    let mut candidates: Vec<(String, &str)> = Vec::new();
    if let Some(branch) = default_branch {
        candidates.push((tracking(remote, branch), "the default branch"));
    } else if let Some(branch) = repository.head_branch()
        && let Some(upstream) = repository.upstream(&branch)
        && !is_own_place(repository, &branch, &upstream)
    {
        candidates.push((upstream, "the upstream of this branch"));
    }
    if let Some(target) = repository.symbolic_target(&tracking(remote, "HEAD")) {
        candidates.push((target, "origin/HEAD"));
    }
    // A repository that was not cloned, or cloned while empty, does not know the default branch of its remote.
    for usual in USUAL {
        candidates.push((tracking(remote, usual), "the usual name of a base branch"));
    }
    for (name, why) in candidates {
        let short = shown(&name);
        match find(repository, &name)? {
            Some(base) => {
                resolution.trace(format!("base {short} is {}, {why}", base.short()));
                return Ok((base, short));
            }
            None => resolution.trace(format!("{why} would be {short}, which does not exist")),
        }
    }
    Err(CommandError::failed_with(
        "no base branch found for this change",
        "pass one: --base main; or audit the full history: id-guard audit",
    ))
}

/// Returns the tip of the base branch of the branch that is checked out, with its name; `None` where no base branch is known.
pub(crate) fn default_base(repository: &Repository) -> Result<Option<(ObjectId, String)>, CommandError> {
    let Some(head) = find(repository, "HEAD")? else { return Ok(None) };
    let found = stable_base(repository, None, "origin", &mut Resolution::default());
    Ok(found.ok().or_else(|| mainline(repository, &PLACES, head)))
}

/// Finds a commit that must exist.
pub(crate) fn commit(repository: &Repository, name: &str) -> Result<ObjectId, CommandError> {
    find(repository, name)?.ok_or_else(|| {
        let message = format!("commit not found: {name}");
        if name == "HEAD" {
            let help = "create the first commit: git add --all && git commit";
            return CommandError::failed_with("the repository has no commits yet", help);
        }
        match how_to_find(repository, name) {
            Some(help) => CommandError::failed_with(message, help),
            None => CommandError::failed(message),
        }
    })
}

/// Returns how to get a base that this clone does not contain, in terms of the remotes and branches that it has.
fn how_to_find(repository: &Repository, name: &str) -> Option<String> {
    let word = |text: &str| snapshot::shell::word(text);
    let remotes = repository.remotes();
    for remote in &remotes {
        if repository.reference(&tracking(remote, name)).is_ok_and(|found| found.is_some()) {
            return Some(format!("it is a branch of {remote}: --base {}", word(&format!("{remote}/{name}"))));
        }
    }
    // An expression such as `main~2` cannot be fetched.
    let branch = remotes.iter().find_map(|remote| name.strip_prefix(&format!("{remote}/"))).unwrap_or(name);
    if let Some(remote) = repository.default_remote()
        && artifact::tag::is_tag_name(branch)
        && !branch.contains(['~', '^', '@', ':'])
    {
        let (remote, base) = (word(&remote), word(&format!("{remote}/{branch}")));
        let fetch = format!("git fetch {remote} {}", word(branch));
        return Some(format!("if {remote} has this branch, fetch it: {fetch}; then pass --base {base}"));
    }
    let branches = repository.branches().ok().filter(|branches| !branches.is_empty())?;
    Some(format!("pass a branch of this repository, such as --base {}", word(&branches[0])))
}

fn find(repository: &Repository, name: &str) -> Result<Option<ObjectId>, CommandError> {
    Ok(repository.resolve(name)?)
}

fn present(repository: &Repository, id: ObjectId) -> Result<ObjectId, CommandError> {
    if !repository.objects().contains(id) {
        let message = format!("the commit {id} of the event does not exist in this clone");
        return Err(match repository.default_remote() {
            Some(remote) => {
                let remote = snapshot::shell::word(remote);
                CommandError::failed_with(message, format!("fetch it: git fetch --no-tags {remote} {id}"))
            }
            None => CommandError::failed(message),
        });
    }
    Ok(repository.objects().peel_to_commit(id)?)
}
