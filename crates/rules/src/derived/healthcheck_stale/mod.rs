//! A health check is up to date.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use plugin_files::{HEALTH, SNAPSHOT};
use snapshot::Result;

use super::problems::report_problems;

/// `GEN009` healthcheck-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::HEALTHCHECK_STALE,
        summary: "a health check is up to date",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(derived) = state.derived(plugin)? else { continue };
        // Nothing can be derived from an invalid snapshot, which its own rule reports.
        if derived.derivation.problems.iter().any(|flaw| flaw.path == SNAPSHOT) {
            continue;
        }
        findings.extend(report_problems(&RULE.info, plugin, derived, HEALTH));
        let finding = derived.describe_stale(&RULE.info, &plugin.directory, HEALTH);
        findings.extend(
            finding.map(|finding| finding.help("move your own text into a MANUAL section first; it is kept")),
        );
    }
    Ok(())
}
