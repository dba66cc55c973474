//! One executable for all tools: the file name of `argv[0]`, or else the first argument, names the tool.

use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;

use crate::output::{complain, print};
use crate::plugin::PluginDatabase;
use crate::registry::Sqlite;
use crate::tool::{self, Arguments, is_worker};

/// Runs a tool with the arguments behind its name.
type Entry = fn(Arguments, Databases) -> ExitCode;

/// What the tools that write databases need.
#[derive(Debug, Clone, Copy)]
pub struct Databases {
    /// Writes a registry.
    pub registry: Sqlite,
    /// Writes and compares the index of plugins.
    pub plugins: PluginDatabase,
}

/// The tools and their entry functions.
const TOOLS: [(&str, Entry); 9] = [
    ("id-guard", |arguments, _| tool::guard(arguments)),
    ("id-immutability", |arguments, _| tool::immutability(arguments)),
    ("id-structure", |arguments, _| tool::structure(arguments)),
    ("id-mint", |arguments, _| tool::mint(arguments)),
    ("id-plugin", |arguments, databases| tool::plugin(arguments, databases.plugins)),
    ("id-ledger", |arguments, _| tool::ledger(arguments)),
    ("id-registry", |arguments, databases| tool::registry(arguments, databases.registry)),
    ("id-tag", |arguments, _| tool::tag(arguments)),
    ("id-release", |arguments, _| tool::release(arguments)),
];

/// Runs the tool that the name of this process or its first argument names; `databases` are written by the tools that need them.
#[must_use]
pub fn multicall(databases: Databases) -> ExitCode {
    let mut arguments = tool::arguments();
    // The worker is this executable, started under its own name where links are resolved.
    if is_worker(&arguments) {
        return rego::worker();
    }
    let find = |name: &OsStr| {
        let name = tool_name(name)?;
        TOOLS.iter().find(|(tool, _)| *tool == name).map(|(_, run)| run)
    };
    if let Some(run) = arguments.first().and_then(|name| find(name)) {
        return run(arguments, databases);
    }
    if let Some(run) = arguments.get(1).and_then(|name| find(name)) {
        arguments.remove(0);
        return run(arguments, databases);
    }
    let names = TOOLS.map(|(name, _)| format!("  {name}\n")).concat();
    let usage = format!(
        "Usage: id-tools TOOL [ARGUMENTS]\n\nTools, by the first argument or by the name of a link to this executable:\n{names}"
    );
    if arguments.get(1).is_some_and(|first| first == "--help" || first == "-h") {
        return print(&usage);
    }
    match arguments.get(1) {
        Some(unknown) => {
            complain(&format!("unknown tool `{}`; id-tools --help lists them", unknown.display()))
        }
        None => complain("no tool is named; id-tools --help lists them"),
    }
    ExitCode::from(2)
}

/// Returns the file name of a program in lower case on Windows, without `.exe`.
fn tool_name(program: &OsStr) -> Option<String> {
    let name = Path::new(program).file_name()?.to_str()?;
    if cfg!(windows) {
        let name = name.to_ascii_lowercase();
        return Some(name.strip_suffix(".exe").unwrap_or(&name).to_string());
    }
    Some(name.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tool_is_one_of_the_reference_and_the_other_way_round() {
        let mut tools: Vec<String> = TOOLS.iter().map(|(name, _)| (*name).to_string()).collect();
        let commands = crate::reference::commands();
        let mut named: Vec<String> = commands.iter().map(|command| command.get_name().to_string()).collect();
        tools.sort();
        named.sort();
        assert_eq!(tools, named);
    }

    #[test]
    fn the_name_of_a_tool_is_the_file_name_alone() {
        assert_eq!(tool_name(OsStr::new("/usr/bin/id-tag")).as_deref(), Some("id-tag"));
        assert_eq!(tool_name(OsStr::new("id-tag")).as_deref(), Some("id-tag"));
        assert_eq!(tool_name(OsStr::new("id-tags")).as_deref(), Some("id-tags"));
        assert_eq!(tool_name(OsStr::new("/")), None);
    }
}
