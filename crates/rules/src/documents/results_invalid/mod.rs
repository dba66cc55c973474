//! Recorded results can be read.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `DOC010` results-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::RESULTS_INVALID,
        summary: "recorded results can be read",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        if let Some(results) = &state.texts(plugin)?.results {
            findings
                .extend(results.problems.iter().map(|problem| results.to_diagnostic(&RULE.info, problem)));
        }
    }
    Ok(())
}
