//! A plugin stays within its limits for files and operations.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `STR010` too-many.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TOO_MANY,
        summary: "a plugin stays within its limits for files and operations",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let (files, limit) = (plugin.files.len(), state.policy.structure.plugin_files);
        if files > limit {
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("plugin {} has {files} files (limit {limit})", plugin.name()),
                )
                .at(Location::of(&plugin.directory))
                .help("split the plugin, or raise structure.plugin_files in the policy"),
            );
        }
        let (operations, limit) = (plugin.operation_count(), state.policy.structure.operations);
        if let Some(spec) = plugin.spec.as_ref().filter(|_| operations > limit) {
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("plugin {} has {operations} operations (limit {limit})", plugin.name()),
                )
                .at(spec.place("/operations"))
                .help("split the plugin, or raise structure.operations in the policy"),
            );
        }
    }
    Ok(())
}
