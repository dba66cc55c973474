//! The generated README of a plugin is up to date.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use plugin_files::README;
use snapshot::Result;

use super::problems::report_problems;

/// `GEN008` readme-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::README_STALE,
        summary: "the generated README of a plugin is up to date",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(derived) = state.derived(plugin)? else { continue };
        findings.extend(report_problems(&RULE.info, plugin, derived, README));
        let finding = derived.describe_stale(&RULE.info, &plugin.directory, README);
        findings.extend(
            finding.map(|finding| finding.help("move your own text into a MANUAL section first; it is kept")),
        );
    }
    Ok(())
}
