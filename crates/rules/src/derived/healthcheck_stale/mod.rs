//! A plugin's health check is derived, but for what people write into it.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use plugin_files::{HEALTH, SNAPSHOT};
use snapshot::Result;

use super::words::tell_flaws;

/// `GEN009` healthcheck-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::HEALTHCHECK_STALE,
        summary: "a health check is what the spec and the policy snapshot make, but for its MANUAL sections",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(derived) = state.derived(plugin)? else { continue };
        // Of a snapshot that is none nothing follows: that is told by its own rule.
        if derived.derivation.problems.iter().any(|flaw| flaw.path == SNAPSHOT) {
            continue;
        }
        findings.extend(tell_flaws(&RULE.info, plugin, derived, HEALTH));
        let told = derived.describe_stale(&RULE.info, &plugin.directory, HEALTH);
        findings.extend(
            told.map(|told| {
                told.help("words of your own are kept between MANUAL marks: move them there first")
            }),
        );
    }
    Ok(())
}
