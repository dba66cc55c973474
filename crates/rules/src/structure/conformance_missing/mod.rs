//! A plugin has a conformance folder.

use diagnostic::{Diagnostic, Location, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `STR005` conformance-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CONFORMANCE_MISSING,
        summary: "a plugin has a conformance folder",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        if !plugin.files.keys().any(|inside| inside.starts_with(b"conformance/")) {
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("the plugin {} has nothing in conformance/", plugin.name()),
                )
                .at(Location::of(&plugin.directory))
                .help("add conformance/ with its schemas, behavior and perf"),
            );
        }
    }
    Ok(())
}
