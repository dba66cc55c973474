//! `id-guard policy`: the effective policy with its origins, pins, tests, and a preview of another policy.

mod pin;
mod preview;
mod show;
mod test;

use std::process::ExitCode;

use policy::Policy;
use snapshot::Snapshot;

use crate::arguments::{PolicyAt, PolicyCommand};
use crate::error::{self, CommandError};
use crate::output::print;
use crate::{base, session};

pub(crate) fn run(command: &PolicyCommand) -> ExitCode {
    error::finish(match command {
        PolicyCommand::Show(arguments) => show::run(arguments),
        PolicyCommand::Pin(arguments) => pin::run(arguments),
        PolicyCommand::Preview(arguments) => preview::run(arguments),
        PolicyCommand::Test(arguments) => match test::run(arguments) {
            Ok((printed, false)) => {
                print(&printed);
                return ExitCode::from(1);
            }
            other => other.map(|(printed, _)| printed),
        },
    })
}

/// Reads a policy: a commit's, or the working tree's.
fn policy_at(at: &PolicyAt, pinned: bool) -> Result<Policy, CommandError> {
    let repository = session::open(&at.place.repo)?;
    let tree: Box<dyn Snapshot> = match &at.rev {
        Some(name) => Box::new(repository.commit(base::commit(&repository, name)?)?),
        None => Box::new(repository.worktree()?),
    };
    Ok(match pinned {
        true => Policy::load(tree.as_ref())?,
        false => Policy::load_unpinned(tree.as_ref())?,
    })
}
