//! The schemas of a plugin are valid JSON Schemas.

use std::collections::BTreeSet;

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
        // A problem of a shared file is a problem of every schema that refers to it.
        let mut reported = BTreeSet::new();
        let schemas = plugin.documents.iter().filter(|(inside, _)| inside.starts_with(b"schemas/"));
        for (inside, document) in schemas {
            if let Err(error) = &document.value {
                findings.push(document.unreadable(&RULE.info, error));
                continue;
            }
            let Ok(inside) = std::str::from_utf8(inside) else { continue };
            if let Some(Err(found)) = plugin.schema(inside)
                && reported.insert((&found.path, &found.problem.pointer))
            {
                findings.extend(plugin.schema_problem(&RULE.info, found, ""));
            }
        }
    }
    Ok(())
}
