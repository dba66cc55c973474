//! A plugin's README is derived, but for what people write into it.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use plugin_files::README;
use snapshot::Result;

use super::words::tell_flaws;

/// `GEN008` readme-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::README_STALE,
        summary: "a README is what the spec makes, but for its MANUAL sections",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(derived) = state.derived(plugin)? else { continue };
        findings.extend(tell_flaws(&RULE.info, plugin, derived, README));
        let told = derived.describe_stale(&RULE.info, &plugin.directory, README);
        findings.extend(
            told.map(|told| {
                told.help("words of your own are kept between MANUAL marks: move them there first")
            }),
        );
    }
    Ok(())
}
