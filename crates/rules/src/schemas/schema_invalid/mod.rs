//! The schemas of a plugin are valid JSON Schemas.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `SCH002` schema-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SCHEMA_INVALID,
        summary: "the schemas of a plugin are valid JSON Schemas",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let schemas = plugin.documents.iter().filter(|(inside, _)| inside.starts_with(b"schemas/"));
        for (_, document) in schemas {
            match (&document.value, document.schema()) {
                (Err(error), _) => findings.push(document.unreadable(&RULE.info, error)),
                (Ok(_), Some(Err(problem))) => {
                    findings.push(document.to_diagnostic(&RULE.info, problem.clone()))
                }
                _ => {}
            }
        }
    }
    Ok(())
}
