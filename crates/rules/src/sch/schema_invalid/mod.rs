//! A plugin's schemas are JSON Schemas.

use diagnostic::{Diagnostic, Level, RuleInfo};
use schema::Schema;
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
        for (inside, document) in
            plugin.documents.iter().filter(|(inside, _)| inside.starts_with(b"schemas/"))
        {
            let _ = inside;
            match &document.value {
                Err(error) => findings.push(document.tell_unreadable(&RULE.info, error)),
                Ok(value) => {
                    if let Err(problem) = Schema::compile(value) {
                        findings.push(document.tell(&RULE.info, problem));
                    }
                }
            }
        }
    }
    Ok(())
}
