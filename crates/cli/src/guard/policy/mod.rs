//! `id-guard policy`: what holds and who said so, its pins and tests, and what another policy would change.

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
            Ok((told, false)) => {
                print(&told);
                return ExitCode::from(1);
            }
            other => other.map(|(told, _)| told),
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
