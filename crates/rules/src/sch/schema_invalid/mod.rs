//! A plugin's schemas are JSON Schemas.

use diagnostic::{Diagnostic, Level, RuleInfo};
use snapshot::Result;

use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `SCH002` schema-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        code: "SCH002",
        name: "schema-invalid",
        family: super::FAMILY,
        level: Level::Deny,
        summary: "a plugin's schemas are JSON Schemas",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let schemas = plugin.documents.iter().filter(|(inside, _)| inside.starts_with(b"schemas/"));
        for (_, document) in schemas {
            match (&document.value, document.schema()) {
                (Err(error), _) => findings.push(document.tell_unreadable(&RULE.info, error)),
                (Ok(_), Some(Err(problem))) => findings.push(document.tell(&RULE.info, problem.clone())),
                (Ok(_), _) => {}
            }
        }
    }
    Ok(())
}
