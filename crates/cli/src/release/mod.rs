//! `id-release`: packs released versions.

mod evidence;
pub(crate) mod pack;

use std::process::ExitCode;

use crate::arguments::{Release, ReleaseCommand};
use crate::error::finish;

pub(crate) fn run(arguments: &Release) -> ExitCode {
    match &arguments.command {
        ReleaseCommand::Pack(arguments) => finish(pack::run(arguments)),
    }
}
