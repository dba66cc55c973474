//! A ledger contract is up to date.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use plugin_files::{CONTRACT, SNAPSHOT};
use snapshot::Result;

/// `GEN006` contract-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CONTRACT_STALE,
        summary: "a ledger contract is up to date",
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
        findings.extend(derived.describe_stale(&RULE.info, &plugin.directory, CONTRACT));
    }
    Ok(())
}
