//! Every feature file is valid Gherkin.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `DOC005` scenario-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SCENARIO_INVALID,
        summary: "every feature file is valid Gherkin",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        for feature in &state.texts(plugin)?.features {
            findings
                .extend(feature.problems.iter().map(|problem| feature.to_diagnostic(&RULE.info, problem)));
        }
    }
    Ok(())
}
