//! A plugin's ledger contract is derived.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use plugin_files::{CONTRACT, SNAPSHOT};
use snapshot::Result;

/// `GEN006` contract-stale.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CONTRACT_STALE,
        summary: "a ledger contract is what the spec makes",
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
        findings.extend(derived.describe_stale(&RULE.info, &plugin.directory, CONTRACT));
    }
    Ok(())
}
