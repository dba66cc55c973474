//! Which base a change is judged against, and why: flags, the event, the pre-push lines, the upstream, `origin/HEAD`, in this order.

mod pushed;

use diagnostic::CheckError;
use repo::Repository;
use snapshot::ObjectId;

pub(crate) use pushed::{Pushed, mainline_at};

use crate::event::Event;
use crate::remote::tracking;
use pushed::{PLACES, USUAL, mainline, of_pre_push};

/// A range to judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    pub(crate) base: ObjectId,
    pub(crate) base_name: String,
    pub(crate) head: ObjectId,
    /// Whether the mainline itself is pushed as it is, and not a change that is still to be merged.
    pub(crate) pushed: bool,
    /// The mainline, where base is something else: what passes against it passes the gate, and may be committed and pushed.
    pub(crate) mainline: Option<(ObjectId, String)>,
}

/// The ranges, and the steps that led to them.
#[derive(Debug, Default)]
pub(crate) struct Resolution {
    pub(crate) targets: Vec<Target>,
    /// Heads that stand against nothing, as in a first push: their whole history is judged.
    pub(crate) anew: Vec<ObjectId>,
    pub(crate) steps: Vec<String>,
}

/// What the command line and the surroundings say.
pub(crate) struct Wanted<'w> {
    pub(crate) base: Option<&'w str>,
    pub(crate) head: &'w str,
    pub(crate) event: Option<Event>,
    pub(crate) pre_push: Option<Pushed<'w>>,
    /// What is judged is the next commit on `HEAD`.
    pub(crate) next_commit: bool,
    /// The remote whose branches are bases.
    pub(crate) remote: &'w str,
}

/// Finds the ranges to judge.
pub(crate) fn resolve(repository: &Repository, wanted: &Wanted<'_>) -> Result<Resolution, CheckError> {
    let mut resolution = Resolution::default();
    if let Some(name) = wanted.base {
        let base = commit(repository, name)?;
        let head = commit(repository, wanted.head)?;
        resolution.say(format!("base {} is {}, from --base", name, base.short()));
        resolution.judge(base, name, head);
        return Ok(resolution);
    }
    resolution.say("no --base was given");
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
    resolution.say("no event file was given, and no pre-push lines");
    let head = commit(repository, wanted.head)?;
    if wanted.next_commit {
        resolution.say("what is judged is the next commit, so its base is HEAD");
        resolution.judge(head, "HEAD", head);
        resolution.beside(mainline(repository, &PLACES, head));
        return Ok(resolution);
    }
    let (base, name) = standing(repository, None, wanted.remote, &mut resolution)?;
    resolution.judge(base, &name, head);
    Ok(resolution)
}

impl Resolution {
    fn say(&mut self, step: impl Into<String>) {
        self.steps.push(step.into());
    }

    fn judge(&mut self, base: ObjectId, name: &str, head: ObjectId) {
        self.say(format!("judging {} against {} ({name})", head.short(), base.short()));
        self.targets.push(Target { base, base_name: name.into(), head, pushed: false, mainline: None });
    }

    /// Notes the mainline of the last target.
    fn beside(&mut self, mainline: Option<(ObjectId, String)>) {
        let Some(target) = self.targets.last_mut() else { return };
        target.mainline = mainline.filter(|(base, _)| *base != target.base);
    }
}

fn of_event(
    repository: &Repository,
    event: &Event,
    remote: &str,
    resolution: &mut Resolution,
) -> Result<(), CheckError> {
    resolution.say(format!("the event is `{}`", event.name));
    let head = present(repository, event.head)?;
    let Some(base) = event.base else {
        resolution.say("the branch is new: nothing was there before");
        let (base, name) = standing(repository, event.default_branch.as_deref(), remote, resolution)?;
        resolution.judge(base, &name, head);
        return Ok(());
    };
    if let Some(branch) = &event.base_branch {
        let tracking = tracking(remote, branch);
        if let Some(fresh) = find(repository, &tracking)? {
            let note = if fresh == base { "as the event says" } else { "fresher than the event" };
            resolution.say(format!("base {branch} is {}, from {tracking}, {note}", fresh.short()));
            resolution.judge(fresh, branch, head);
            return Ok(());
        }
    }
    if event.forced && !repository.objects().contains(base) {
        resolution.say(format!("the branch was rewritten and {} is gone", base.short()));
        let (base, name) = standing(repository, event.default_branch.as_deref(), remote, resolution)?;
        resolution.judge(base, &name, head);
        return Ok(());
    }
    let base = present(repository, base)?;
    resolution.say(format!("base is {}, from the event", base.short()));
    let name = event.base_branch.clone().unwrap_or_else(|| base.short());
    resolution.judge(base, &name, head);
    Ok(())
}

/// A ref's name as people say it.
fn shown(name: &str) -> String {
    name.trim_start_matches("refs/remotes/").trim_start_matches("refs/heads/").into()
}

/// Tells whether an upstream is only where the branch itself was pushed to, and the remote's mainline is another one.
fn is_own_place(repository: &Repository, branch: &str, upstream: &str) -> bool {
    let Some(own) = branch.strip_prefix("refs/heads/") else { return false };
    let Some(place) = upstream.strip_suffix(own).filter(|place| place.starts_with("refs/remotes/")) else {
        return false;
    };
    mainline_at(repository, place).is_some_and(|mainline| mainline != upstream)
}

/// The base that stands whatever is pushed: the upstream of the branch, else the remote's default branch, else the one that is called so.
fn standing(
    repository: &Repository,
    default_branch: Option<&str>,
    remote: &str,
    resolution: &mut Resolution,
) -> Result<(ObjectId, String), CheckError> {
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
    // A repository that was not cloned, or was when nothing was there, does not know its remote's default branch.
    for usual in USUAL {
        candidates.push((tracking(remote, usual), "what a mainline is usually called"));
    }
    for (name, why) in candidates {
        let short = shown(&name);
        match find(repository, &name)? {
            Some(base) => {
                resolution.say(format!("base {short} is {}, {why}", base.short()));
                return Ok((base, short));
            }
            None => resolution.say(format!("{why} would be {short}, which is not here")),
        }
    }
    Err(CheckError {
        message: "no base is known for this change".into(),
        help: Some("name it: --base main; or judge the whole history: id-guard audit".into()),
        location: None,
    })
}

/// Finds a commit that must be there.
pub(crate) fn commit(repository: &Repository, name: &str) -> Result<ObjectId, CheckError> {
    find(repository, name)?.ok_or_else(|| CheckError {
        message: format!("{name} names no commit here"),
        // What is counted from another name is fetched by that one.
        help: (!name.contains(['~', '^', '@', ':', '/']) && name != "HEAD")
            .then(|| format!("fetch it: git fetch origin {name}")),
        location: None,
    })
}

fn find(repository: &Repository, name: &str) -> Result<Option<ObjectId>, CheckError> {
    repository.resolve(name).map_err(unread)
}

fn present(repository: &Repository, id: ObjectId) -> Result<ObjectId, CheckError> {
    match repository.objects().contains(id) {
        true => repository.objects().peel_to_commit(id).map_err(unread),
        false => Err(CheckError {
            message: format!("the commit {id} of the event is not here"),
            help: Some(format!("fetch it: git fetch --no-tags origin {id}")),
            location: None,
        }),
    }
}

pub(crate) fn unread(error: snapshot::Error) -> CheckError {
    CheckError { help: error.help().map(String::from), message: error.to_string(), location: None }
}
