//! `id-guard post-merge`: catch up on what was merged, record it, rebuild the registry, one commit, tags, one atomic push.
//!
//! Nothing is visible before the push: objects without a name, made again to the same bytes by whoever comes next. So a run may end anywhere, and
//! another one, here or elsewhere, goes on.

mod commit;
mod made;
mod over;
mod publish;
mod told;

use std::process::ExitCode;

use ledger::derive::LeftOut;
use ledger::files::InSnapshot;
use repo::Repository;
use serde_json::json;
use snapshot::ObjectId;

use crate::arguments::{PostMergeArguments, WriterArgument};
use crate::ledger::{complain_of, counted};
use crate::output::{complain, print};
use crate::refusal::{Refusal, finish};
use crate::run::open;
use crate::tag::complain_of_tags;
use made::{Made, Making};

/// How often a push that was overtaken is made again.
const ATTEMPTS: usize = 3;
/// Where the remote's branches are noted, apart from those that the user works with.
const NOTED: &str = "refs/id-guard/remote";

pub(crate) fn run(arguments: &PostMergeArguments) -> ExitCode {
    match work(arguments) {
        Err(refusal) => {
            if arguments.json {
                print(&format!("{:#}\n", json!({"schema_version": 1, "error": refusal.message()})));
            }
            finish(Err(refusal))
        }
        Ok(done) => {
            let status = print(&if arguments.json { done.json() } else { done.told.clone() });
            complain_of(&done.left_out);
            complain_of_tags(&done.incidents);
            done.standing.iter().for_each(|what| complain(what));
            // What should have been recorded or tagged and was not is no success, though the rest stands.
            let well = done.left_out.is_empty() && done.incidents.is_empty() && done.standing.is_empty();
            if well { status } else { ExitCode::from(1) }
        }
    }
}

/// What was done.
#[derive(Default)]
struct Done {
    told: String,
    head: Option<ObjectId>,
    commit: Option<ObjectId>,
    branch: Option<String>,
    events: usize,
    tags: Vec<String>,
    left_out: Vec<LeftOut>,
    incidents: Vec<String>,
    /// What stands on the mainline and is not what was published or recorded.
    standing: Vec<String>,
    dry_run: bool,
}

impl Done {
    fn json(&self) -> String {
        let left_out: Vec<_> = self
            .left_out
            .iter()
            .map(|left| json!({"commit": left.commit.to_string(), "path": String::from_utf8_lossy(left.path.as_bytes()), "message": left.message}))
            .collect();
        let document = json!({
            "schema_version": 1,
            "dry_run": self.dry_run,
            "head": self.head.map(|id| id.to_string()),
            "commit": self.commit.map(|id| id.to_string()),
            "branch": self.branch,
            "events": self.events,
            "tags": self.tags,
            "left_out": left_out,
            "incidents": self.incidents,
            "standing": self.standing,
        });
        format!("{document:#}\n")
    }
}

fn work(arguments: &PostMergeArguments) -> Result<Done, Refusal> {
    let repository = open(&arguments.place.repo)?;
    // One writer at a time here; elsewhere the remote decides.
    let _lock = repo::disk::lock(&repository.common_dir().join("id-guard-ledger.lock"))?;
    let branch = branch(&repository, arguments)?;
    let mut overtaken: Option<(Refusal, Tips)> = None;
    for _ in 0..ATTEMPTS {
        if !arguments.local {
            fetch(&repository, arguments, &branch)?;
        }
        // What was fetched lies in packs that were not there when the repository was opened.
        let repository = open(&arguments.place.repo)?;
        let tips = tips(&repository, arguments, &branch)?;
        if let Some((refusal, before)) = overtaken.take()
            && before == tips
        {
            // Nobody was faster: the remote says no for a reason of its own.
            return Err(refusal);
        }
        refuse_second_log(&repository, arguments, tips)?;
        let made = Making { repository: &repository, arguments, tips }.make()?;
        if arguments.dry_run {
            return preview(&repository, arguments, &branch, &made);
        }
        match publish::publish(&repository, arguments, &branch, &made)? {
            Ok(done) => return Ok(done),
            Err(refusal) => overtaken = Some((refusal, tips)),
        }
    }
    let why = overtaken.map(|(refusal, _)| format!(": {}", refusal.message()));
    Err(Refusal::failed_with(
        format!("others pushed {ATTEMPTS} times while this was made{}", why.unwrap_or_default()),
        "run it again; nothing was published",
    ))
}

/// What a run starts from.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Tips {
    /// The branch that is recorded.
    head: ObjectId,
    /// The branch that holds the ledger, where it is another one.
    ledger: Option<ObjectId>,
}

/// Finds the branch that is recorded.
fn branch(repository: &Repository, arguments: &PostMergeArguments) -> Result<String, Refusal> {
    let checked_out = || short(&repository.head_branch()?, "refs/heads/");
    let remote = format!("refs/remotes/{}/", arguments.remote);
    let noted = short(&repository.symbolic_target(&format!("{remote}HEAD")).unwrap_or_default(), &remote);
    let found = match (&arguments.branch, arguments.local) {
        (Some(name), _) => Some(name.clone()),
        // What is on a branch beside the mainline was not merged yet.
        (None, true) => match (noted, checked_out()) {
            (Some(mainline), Some(branch)) if mainline != branch => {
                return Err(Refusal::failed_with(
                    format!("{branch} is checked out, and the mainline is {mainline}"),
                    format!("name the branch that is recorded: --branch {mainline}"),
                ));
            }
            (_, branch) => branch,
        },
        (None, false) => match noted {
            Some(noted) => Some(noted),
            None => default_branch(repository, &arguments.remote)?.or_else(checked_out),
        },
    };
    let branch = found.ok_or_else(|| {
        Refusal::failed_with("it is not known which branch is recorded", "name it: --branch main")
    })?;
    for name in [&branch, &arguments.ledger_branch] {
        if !artifact::tag::is_tag_name(name) {
            return Err(Refusal::failed(format!("no branch can be called {name}")));
        }
    }
    Ok(branch)
}

fn short(name: &str, prefix: &str) -> Option<String> {
    name.strip_prefix(prefix).map(String::from)
}

/// Asks a remote for its default branch.
fn default_branch(repository: &Repository, remote: &str) -> Result<Option<String>, Refusal> {
    let said = repository.git(&["ls-remote", "--symref", "--", remote, "HEAD"], &[], &[])?;
    let out = said.or_refused(&format!("{remote} cannot be asked for its default branch"))?;
    let out = String::from_utf8_lossy(&out);
    let line = out.lines().find_map(|line| line.strip_prefix("ref: refs/heads/"));
    Ok(line.and_then(|line| line.split('\t').next()).map(String::from))
}

/// Tells whether a remote has a branch.
fn has_branch(repository: &Repository, remote: &str, branch: &str) -> Result<bool, Refusal> {
    let name = format!("refs/heads/{branch}");
    let said = repository.git(&["ls-remote", "--heads", "--", remote, &name], &[], &[])?;
    let out = said.or_refused(&format!("the branches of {remote} cannot be asked for"))?;
    Ok(!out.is_empty())
}

/// Where a branch of the remote is noted: flat, so that no branch is in the way of another.
fn noted(branch: &str) -> String {
    format!("{NOTED}/{}", branch.replace('/', "%"))
}

/// Fetches the branches, whole, to where this program notes them.
fn fetch(repository: &Repository, arguments: &PostMergeArguments, branch: &str) -> Result<(), Refusal> {
    let remote = arguments.remote.as_str();
    let mut refspecs = vec![format!("+refs/heads/{branch}:{}", noted(branch))];
    if arguments.writer == WriterArgument::Branch {
        let ledger = &arguments.ledger_branch;
        if has_branch(repository, remote, ledger)? {
            refspecs.push(format!("+refs/heads/{ledger}:{}", noted(ledger)));
        }
    }
    let mut command =
        vec!["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];
    // The mainline is walked back to the last recorded commit, and tags name old ones.
    if !repository.shallow_boundary()?.is_empty() {
        command.push("--unshallow");
    }
    command.extend(["--", remote]);
    command.extend(refspecs.iter().map(String::as_str));
    repository.git(&command, &[], &[])?.or_refused(&format!("{branch} cannot be fetched from {remote}"))?;
    Ok(())
}

fn tips(repository: &Repository, arguments: &PostMergeArguments, branch: &str) -> Result<Tips, Refusal> {
    let place = |name: &str| if arguments.local { format!("refs/heads/{name}") } else { noted(name) };
    let head = repository.reference(&place(branch))?.ok_or_else(|| {
        Refusal::failed_with(
            format!("there is no branch {branch} here"),
            "commit something first, or name another one: --branch NAME",
        )
    })?;
    let ledger = match arguments.writer {
        WriterArgument::Branch => repository.reference(&place(&arguments.ledger_branch))?,
        WriterArgument::Push | WriterArgument::PullRequest => None,
    };
    Ok(Tips { head, ledger })
}

/// Refuses to begin a second log where one stands beside the branch, or the other way round.
fn refuse_second_log(
    repository: &Repository,
    arguments: &PostMergeArguments,
    tips: Tips,
) -> Result<(), Refusal> {
    let begun = |id: ObjectId| -> Result<bool, Refusal> {
        Ok(ledger::files::checkpoint(&InSnapshot(&repository.commit(id)?))?.is_some())
    };
    let beside = &arguments.ledger_branch;
    match arguments.writer {
        WriterArgument::Branch if tips.ledger.is_none() && begun(tips.head)? => Err(Refusal::failed_with(
            "the ledger stands on the branch itself, and a second one would be begun beside it",
            "leave --writer branch away",
        )),
        WriterArgument::Push | WriterArgument::PullRequest if !begun(tips.head)? => {
            let there = match arguments.local {
                true => repository.reference(&format!("refs/heads/{beside}"))?.is_some(),
                false => has_branch(repository, &arguments.remote, beside)?,
            };
            match there {
                false => Ok(()),
                true => Err(Refusal::failed_with(
                    format!("the ledger stands on the branch {beside}, and a second one would be begun here"),
                    "go on there: --writer branch",
                )),
            }
        }
        _ => Ok(()),
    }
}

/// Says what would be published.
fn preview(
    repository: &Repository,
    arguments: &PostMergeArguments,
    branch: &str,
    made: &Made,
) -> Result<Done, Refusal> {
    let due = publish::due(repository, arguments, made)?;
    let mut told = String::new();
    if !made.files.is_empty() {
        let what = match made.lines.len() {
            0 => "would rebuild the registry".to_string(),
            count => format!("would record {}", counted(count, "event")),
        };
        told += &format!("{what}, up to {}\n{}{}", made.tips.head.short(), made.summary(), made.told);
        let target = match arguments.writer {
            WriterArgument::Push => branch.to_string(),
            WriterArgument::PullRequest => "a branch id-guard/record-… of its own".into(),
            WriterArgument::Branch => arguments.ledger_branch.clone(),
        };
        told += &match arguments.local {
            true => format!("would move {target} here\n"),
            false => format!("would push {target} to {}\n", diagnostic::sanitise::text(&arguments.remote)),
        };
    }
    due.missing.iter().for_each(|tag| told += &format!("would make the tag {}\n", tag.name));
    if told.is_empty() {
        told = format!("nothing to do: {} is recorded\n", made.tips.head.short());
    }
    Ok(Done {
        told,
        head: Some(made.tips.head),
        events: made.lines.len(),
        tags: due.missing.iter().map(|tag| tag.name.clone()).collect(),
        left_out: made.left_out.clone(),
        incidents: due.incidents,
        standing: made.standing.clone(),
        dry_run: true,
        ..Done::default()
    })
}
