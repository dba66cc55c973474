//! Recorded results are valid.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `DOC010` results-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::RESULTS_INVALID,
        summary: "recorded results are valid",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        if let Some(results) = &state.texts(plugin)?.results {
            findings
                .extend(results.problems.iter().map(|problem| results.to_diagnostic(&RULE.info, problem)));
        }
    }
    Ok(())
}
