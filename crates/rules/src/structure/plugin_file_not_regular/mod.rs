//! A plugin contains only regular files.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::{Mode, Result};

/// `STR008` plugin-file-not-regular.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::PLUGIN_FILE_NOT_REGULAR,
        summary: "a plugin contains only regular files",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for path in state.plugin_entries()? {
        let mode = state.head.find(&path)?.map(|node| node.object.mode);
        let Some(mode) = mode.filter(|mode| matches!(mode, Mode::Link | Mode::Submodule)) else { continue };
        findings.push(
            Diagnostic::new(
                &RULE.info,
                format!("{} in place of a plugin, expected a directory", mode.kind()),
            )
            .at(Location::of(&path))
            .help("replace it with the directory of the plugin"),
        );
    }
    for plugin in &state.plugins {
        for node in
            plugin.files.values().filter(|node| !matches!(node.object.mode, Mode::File | Mode::Executable))
        {
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("{} in a plugin, expected a regular file", node.object.mode.kind()),
                )
                .at(Location::of(&node.path))
                .help("replace it with a regular file"),
            );
        }
    }
    Ok(())
}
