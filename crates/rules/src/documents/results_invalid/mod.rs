//! Recorded results are valid, and of the version and content of the plugin.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

use super::findings::binding_problems;

/// `DOC010` results-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::RESULTS_INVALID,
        summary: "recorded results are valid, and of this version and content",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        if let Some(results) = &state.texts(plugin)?.results {
            findings
                .extend(results.problems.iter().map(|problem| results.to_diagnostic(&RULE.info, problem)));
            let unbound = binding_problems(state, plugin, &results.read)?;
            findings.extend(unbound.iter().map(|problem| results.to_diagnostic(&RULE.info, problem)));
        }
    }
    Ok(())
}
