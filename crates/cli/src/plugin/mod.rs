//! `id-plugin`: makes plugins, derives their generated files, and takes the steps of their life.

mod create;
pub(crate) mod derive;
mod life;
mod list;
pub(crate) mod workbench;

use std::process::ExitCode;

use crate::arguments::{Plugin, PluginCommand};
use crate::refusal;

pub(crate) fn run(arguments: &Plugin) -> ExitCode {
    match &arguments.command {
        PluginCommand::New(arguments) => refusal::finish(create::new(arguments)),
        PluginCommand::AddOperation(arguments) => refusal::finish(create::add_operation(arguments)),
        PluginCommand::Generate(arguments) => derive::generate(arguments),
        PluginCommand::Bump(arguments) => refusal::finish(life::bump(arguments)),
        PluginCommand::Deprecate(arguments) => refusal::finish(life::deprecate(arguments)),
        PluginCommand::Move(arguments) => refusal::finish(life::relocate(arguments)),
        PluginCommand::Rekey(arguments) => refusal::finish(life::rekey(arguments)),
        PluginCommand::Consolidate(arguments) => refusal::finish(life::consolidate(arguments)),
        PluginCommand::List(arguments) => refusal::finish(list::run(arguments)),
    }
}
