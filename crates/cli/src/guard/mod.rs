//! `id-guard`: one module a verb, and the dispatcher above them.

pub(crate) mod audit;
pub(crate) mod check;
pub(crate) mod ci;
pub(crate) mod doctor;
pub(crate) mod fix;
pub(crate) mod hook;
pub(crate) mod init;
mod known;
mod manual;
mod markdown;
pub(crate) mod policy;
pub(crate) mod post_merge;
mod prefetch;
pub(crate) mod show;
mod workflow_files;

use std::process::ExitCode;

use crate::arguments::{Guard, GuardCommand};

pub(crate) fn run(arguments: Guard) -> ExitCode {
    match arguments.command {
        GuardCommand::Check(arguments) => check::run_check("id-guard", &arguments, rules::ALL),
        GuardCommand::Audit(arguments) => audit::run_audit("id-guard", &arguments, rules::ALL),
        GuardCommand::Ci(arguments) => ci::run(&arguments),
        GuardCommand::Hook(command) => hook::run(&command),
        GuardCommand::Policy(command) => policy::run(&command),
        GuardCommand::Fix(arguments) => fix::run(&arguments),
        GuardCommand::PostMerge(arguments) => post_merge::run(&arguments),
        GuardCommand::Explain(arguments) => show::explain(&arguments.rule),
        GuardCommand::Rules(arguments) => show::rules(arguments.json),
        GuardCommand::Schema(arguments) => show::schema(arguments.name.as_deref()),
        GuardCommand::Doctor(arguments) => doctor::run(&arguments),
        GuardCommand::Init(arguments) => init::run(&arguments),
        GuardCommand::Completions(arguments) => manual::completions(&arguments),
        GuardCommand::Man(arguments) => manual::man(&arguments),
    }
}
