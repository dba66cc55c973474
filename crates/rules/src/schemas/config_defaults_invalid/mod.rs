//! The default configuration of a plugin matches its schema.

use artifact::layout::SPEC;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use schema::Bundle;
use snapshot::Result;

/// `SCH004` config-defaults-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CONFIG_DEFAULTS_INVALID,
        summary: "the default configuration of a plugin matches its schema",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(spec) = &plugin.spec else { continue };
        let Ok(value) = &spec.value else { continue };
        let Some(contract) = value.pointer("/config/schema") else { continue };
        let within = |pointer: &str, mut problem: artifact::Problem| {
            problem.pointer = format!("{pointer}{}", problem.pointer);
            spec.to_diagnostic(&RULE.info, problem)
        };
        let bundle = Bundle::new(SPEC, contract, &plugin.schema_files());
        match (bundle.and_then(|bundle| bundle.compile()), value.pointer("/config/defaults")) {
            (Err(found), _) => {
                findings.extend(plugin.schema_problem(&RULE.info, &found, "/config/schema"));
            }
            (Ok(contract), Some(defaults)) => {
                findings.extend(
                    contract.check(defaults).into_iter().map(|problem| within("/config/defaults", problem)),
                );
            }
            (Ok(_), None) => {}
        }
    }
    Ok(())
}
