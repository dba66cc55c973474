//! A plugin stays within its counts.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `STR010` too-many.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::TOO_MANY,
        summary: "a plugin stays within its counts",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let (files, limit) = (plugin.files.len(), state.policy.structure.plugin_files);
        if files > limit {
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("the plugin {} has {files} files, and the limit is {limit}", plugin.name()),
                )
                .at(Location::of(&plugin.directory))
                .help("part the plugin, or raise structure.plugin_files in the policy"),
            );
        }
        let (operations, limit) = (plugin.operation_count(), state.policy.structure.operations);
        if let Some(spec) = plugin.spec.as_ref().filter(|_| operations > limit) {
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("the plugin lists {operations} operations, and the limit is {limit}"),
                )
                .at(spec.place("/operations"))
                .help("part the plugin, or raise structure.operations in the policy"),
            );
        }
    }
    Ok(())
}
