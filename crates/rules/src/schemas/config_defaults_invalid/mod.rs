//! The default configuration of a plugin matches its schema.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use schema::Schema;
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
    for spec in state.plugins.iter().filter_map(|plugin| plugin.spec.as_ref()) {
        let Ok(value) = &spec.value else { continue };
        let Some(contract) = value.pointer("/config/schema") else { continue };
        let within = |pointer: &str, mut problem: artifact::Problem| {
            problem.pointer = format!("{pointer}{}", problem.pointer);
            spec.to_diagnostic(&RULE.info, problem)
        };
        match (Schema::compile(contract), value.pointer("/config/defaults")) {
            (Err(problem), _) => findings.push(within("/config/schema", problem)),
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
