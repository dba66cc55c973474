//! `id-guard post-merge`: catch up on what was merged, record it, rebuild the registry, one commit, tags, one atomic push.
//!
//! Nothing is visible before the push: objects without a name, made again to the same bytes by whoever comes next. So a run may end anywhere, and
//! another one, here or elsewhere, goes on.

mod made;
mod publish;

use std::process::ExitCode;

use ledger::derive::LeftOut;
use repo::Repository;
use serde_json::json;
use snapshot::ObjectId;

use crate::arguments::{PostMergeArguments, WriterArgument};
use crate::ledger::complain_of;
use crate::output::{complain, print};
use crate::refusal::{Refusal, finish};
use crate::run::open;
use made::{Made, Making};

/// How often a push that was overtaken is made again.
const ATTEMPTS: usize = 3;
/// Where the remote's branches are noted, apart from those that the user works with.
const NOTED: &str = "refs/id-guard/remote";

pub(crate) fn run(arguments: &PostMergeArguments) -> ExitCode {
    match work(arguments) {
        Err(refusal) => finish(Err(refusal)),
        Ok(done) => {
            let status = print(&if arguments.json { done.json() } else { done.told.clone() });
            complain_of(&done.left_out);
            done.incidents.iter().for_each(|incident| complain(incident));
            // What should have been recorded or tagged and was not is no success, though the rest stands.
            if done.left_out.is_empty() && done.incidents.is_empty() { status } else { ExitCode::from(1) }
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
            "head": self.head.map(|id| id.to_string()),
            "commit": self.commit.map(|id| id.to_string()),
            "branch": self.branch,
            "events": self.events,
            "tags": self.tags,
            "left_out": left_out,
            "incidents": self.incidents,
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
        let made = Making { repository: &repository, arguments, tips }.make()?;
        if arguments.dry_run {
            return preview(&repository, arguments, &made);
        }
        match publish::publish(&repository, arguments, &branch, &made)? {
            Ok(done) => return Ok(done),
            Err(refusal) => overtaken = Some((refusal, tips)),
        }
    }
    let why = overtaken.map(|(refusal, _)| match refusal {
        Refusal::Gate { message, .. } | Refusal::Failed { message, .. } => format!(": {message}"),
    });
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
    let short = |name: String, prefix: &str| name.strip_prefix(prefix).map(String::from);
    let default = || {
        let remote = format!("refs/remotes/{}/", arguments.remote);
        short(repository.symbolic_target(&format!("{remote}HEAD"))?, &remote)
    };
    let checked_out = || short(repository.head_branch()?, "refs/heads/");
    let found = arguments.branch.clone();
    let found = if arguments.local {
        found.or_else(checked_out)
    } else {
        found.or_else(default).or_else(checked_out)
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

/// Fetches the branches, whole, to where this program notes them.
fn fetch(repository: &Repository, arguments: &PostMergeArguments, branch: &str) -> Result<(), Refusal> {
    let remote = arguments.remote.as_str();
    let mut refspecs = vec![format!("+refs/heads/{branch}:{NOTED}/{branch}")];
    if arguments.writer == WriterArgument::Branch {
        let ledger = &arguments.ledger_branch;
        let said = repository.git(
            &["ls-remote", "--heads", "--", remote, &format!("refs/heads/{ledger}")],
            &[],
            &[],
        )?;
        let there = said.or_refused(&format!("the branches of {remote} cannot be asked for"))?;
        if !there.is_empty() {
            refspecs.push(format!("+refs/heads/{ledger}:{NOTED}/{ledger}"));
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
    let place = if arguments.local { "refs/heads" } else { NOTED };
    let head = repository.reference(&format!("{place}/{branch}"))?.ok_or_else(|| {
        Refusal::failed_with(
            format!("there is no branch {branch} here"),
            "name one that is there: --branch main",
        )
    })?;
    let ledger = match arguments.writer {
        WriterArgument::Branch => repository.reference(&format!("{place}/{}", arguments.ledger_branch))?,
        WriterArgument::Push | WriterArgument::PullRequest => None,
    };
    Ok(Tips { head, ledger })
}

/// Says what would be published.
fn preview(repository: &Repository, arguments: &PostMergeArguments, made: &Made) -> Result<Done, Refusal> {
    let mut told: String =
        made.lines.iter().map(|line| format!("{}\n", diagnostic::sanitise::text(line))).collect();
    told += &made.differences;
    let due = publish::due(repository, arguments, made)?;
    due.missing.iter().for_each(|tag| told += &format!("would make the tag {}\n", tag.name));
    if made.files.is_empty() && due.missing.is_empty() {
        told = format!("nothing to do: {} is recorded\n", made.tips.head.short());
    }
    Ok(Done {
        told,
        head: Some(made.tips.head),
        events: made.lines.len(),
        tags: due.missing.iter().map(|tag| tag.name.clone()).collect(),
        left_out: made.left_out.clone(),
        incidents: due.incidents,
        ..Done::default()
    })
}
