//! `id-guard policy`: the effective policy with its origins, pins, tests, and a preview of another policy.

pub(crate) mod coverage;
mod pin;
mod preview;
mod show;
mod test;

use std::process::ExitCode;

use repo::Repository;
use snapshot::Snapshot;

use crate::arguments::PolicyCommand;
use crate::base;
use crate::error::{self, CommandError};
use crate::output::print;

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

/// Opens the tree of a commit, or the working tree.
fn tree_at<'r>(
    repository: &'r Repository,
    rev: Option<&str>,
) -> Result<Box<dyn Snapshot + 'r>, CommandError> {
    Ok(match rev {
        Some(name) => Box::new(repository.commit(base::commit(repository, name)?)?),
        None => Box::new(repository.worktree()?),
    })
}
