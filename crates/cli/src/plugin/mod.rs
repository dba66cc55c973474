//! `id-plugin`: makes plugins, derives their generated files, and takes the steps of their life.

mod create;
mod doctor;
pub(crate) mod editor;
mod gate;
pub(crate) mod generate;
mod lifecycle;
mod list;
mod status;
mod sync;

use std::process::ExitCode;

use crate::arguments::{Plugin, PluginCommand};
use crate::error;

pub use sync::PluginDatabase;

pub(crate) fn run(arguments: &Plugin, database: PluginDatabase) -> ExitCode {
    match &arguments.command {
        PluginCommand::New(arguments) => error::finish(create::new(arguments)),
        PluginCommand::AddOperation(arguments) => error::finish(create::add_operation(arguments)),
        PluginCommand::Generate(arguments) => generate::generate(arguments),
        PluginCommand::Bump(arguments) => error::finish(lifecycle::bump(arguments)),
        PluginCommand::Publish(arguments) => error::finish(lifecycle::publish(arguments)),
        PluginCommand::Deprecate(arguments) => error::finish(lifecycle::deprecate(arguments)),
        PluginCommand::Move(arguments) => error::finish(lifecycle::relocate(arguments)),
        PluginCommand::Rekey(arguments) => error::finish(lifecycle::rekey(arguments)),
        PluginCommand::Consolidate(arguments) => error::finish(lifecycle::consolidate(arguments)),
        PluginCommand::Doctor(arguments) => doctor::run(arguments),
        PluginCommand::Sync(arguments) => error::finish(sync::run(arguments, database)),
        PluginCommand::List(arguments) => error::finish(list::run(arguments)),
        PluginCommand::Status(arguments) => status::run(arguments),
    }
}
