//! The branches of a run: the recorded one and the one with the ledger, and how both are fetched.

use ledger::files::InSnapshot;
use repo::Repository;
use snapshot::ObjectId;

use crate::arguments::{PostMergeArguments, WriterArgument};
use crate::error::CommandError;
use crate::remote::{FETCH, default_branch, has_branch};

/// Where the remote's branches are noted, apart from those that the user works with.
const NOTED: &str = "refs/id-guard/remote";

/// What a run starts from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Tips {
    /// The branch that is recorded.
    pub(super) head: ObjectId,
    /// The branch with the ledger, if it is another one.
    pub(super) ledger: Option<ObjectId>,
}

/// Finds the branch that is recorded.
pub(super) fn branch(
    repository: &Repository,
    arguments: &PostMergeArguments,
) -> Result<String, CommandError> {
    let checked_out = || short(&repository.head_branch()?, "refs/heads/");
    let remote = format!("refs/remotes/{}/", arguments.remote);
    let noted = short(&repository.symbolic_target(&format!("{remote}HEAD")).unwrap_or_default(), &remote);
    let found = match (&arguments.branch, arguments.local) {
        (Some(name), _) => Some(name.clone()),
        // What is on a branch beside the mainline was not merged yet.
        (None, true) => match (noted, checked_out()) {
            (Some(mainline), Some(branch)) if mainline != branch => {
                return Err(CommandError::failed_with(
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
        CommandError::failed_with("it is not known which branch is recorded", "name it: --branch main")
    })?;
    for name in [&branch, &arguments.ledger_branch] {
        if !artifact::tag::is_tag_name(name) {
            return Err(CommandError::failed(format!("no branch can be called {name}")));
        }
    }
    Ok(branch)
}

fn short(name: &str, prefix: &str) -> Option<String> {
    name.strip_prefix(prefix).map(String::from)
}

/// Where a branch of the remote is noted: flat, so that no branch is in the way of another; each has a name of its own.
pub(super) fn noted(branch: &str) -> String {
    format!("{NOTED}/{}", branch.replace('%', "%25").replace('/', "%2F"))
}

/// Fetches the branches, whole, to where this program notes them.
pub(super) fn fetch(
    repository: &Repository,
    arguments: &PostMergeArguments,
    branch: &str,
) -> Result<(), CommandError> {
    let remote = arguments.remote.as_str();
    let mut refspecs = vec![format!("+refs/heads/{branch}:{}", noted(branch))];
    if arguments.writer == WriterArgument::Branch {
        let ledger = &arguments.ledger_branch;
        if has_branch(repository, remote, ledger)? {
            refspecs.push(format!("+refs/heads/{ledger}:{}", noted(ledger)));
        }
    }
    let mut command = FETCH.to_vec();
    // The mainline is walked back to the last recorded commit, and tags name old ones.
    if !repository.shallow_boundary()?.is_empty() {
        command.push("--unshallow");
    }
    command.extend(["--", remote]);
    command.extend(refspecs.iter().map(String::as_str));
    repository.git(&command, &[], &[])?.or_refused(&format!("{branch} cannot be fetched from {remote}"))?;
    Ok(())
}

pub(super) fn tips(
    repository: &Repository,
    arguments: &PostMergeArguments,
    branch: &str,
) -> Result<Tips, CommandError> {
    let place = |name: &str| if arguments.local { format!("refs/heads/{name}") } else { noted(name) };
    let head = repository.reference(&place(branch))?.ok_or_else(|| {
        CommandError::failed_with(
            format!("branch {branch} not found in this clone"),
            "commit something first, or name another one with the option --branch",
        )
    })?;
    let ledger = match arguments.writer {
        WriterArgument::Branch => repository.reference(&place(&arguments.ledger_branch))?,
        WriterArgument::Push | WriterArgument::PullRequest => None,
    };
    Ok(Tips { head, ledger })
}

/// Refuses to start a second log if the other branch contains one.
pub(super) fn refuse_second_log(
    repository: &Repository,
    arguments: &PostMergeArguments,
    tips: Tips,
) -> Result<(), CommandError> {
    let begun = |id: ObjectId| -> Result<bool, CommandError> {
        Ok(ledger::files::checkpoint(&InSnapshot(&repository.commit(id)?))?.is_some())
    };
    let beside = &arguments.ledger_branch;
    match arguments.writer {
        WriterArgument::Branch if tips.ledger.is_none() && begun(tips.head)? => {
            Err(CommandError::failed_with(
                "the recorded branch contains the ledger; --writer branch would start a second one",
                "omit --writer branch",
            ))
        }
        WriterArgument::Push | WriterArgument::PullRequest if !begun(tips.head)? => {
            let there = match arguments.local {
                true => repository.reference(&format!("refs/heads/{beside}"))?.is_some(),
                false => has_branch(repository, &arguments.remote, beside)?,
            };
            match there {
                false => crate::ledger::refuse_lost(repository, tips.head),
                true => Err(CommandError::failed_with(
                    format!("the branch {beside} contains the ledger; this would start a second one"),
                    "continue it: --writer branch",
                )),
            }
        }
        _ => Ok(()),
    }
}
