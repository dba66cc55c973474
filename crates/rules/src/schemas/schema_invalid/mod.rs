//! A plugin's schemas are JSON Schemas.

use artifact::Value;
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Document, Rule, StateContext};
use snapshot::Result;

/// The dialect of every schema.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// `SCH002` schema-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::SCHEMA_INVALID,
        summary: "a plugin's schemas are JSON Schemas",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

/// Tells of a schema that says it is of another dialect: others would read it otherwise than the gate does.
fn other_dialect(document: &Document, value: &Value) -> Option<Diagnostic> {
    let said = value.pointer("/$schema")?;
    if said.as_str().map(|text| text.trim_end_matches('#')) == Some(DIALECT) {
        return None;
    }
    Some(
        Diagnostic::new(&RULE.info, format!("the schema says that it is of {}", said.show()))
            .at(document.place("/$schema"))
            .help(format!("schemas are of JSON Schema 2020-12: \"$schema\": \"{DIALECT}\"")),
    )
}

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let schemas = plugin.documents.iter().filter(|(inside, _)| inside.starts_with(b"schemas/"));
        for (_, document) in schemas {
            match (&document.value, document.schema()) {
                (Err(error), _) => findings.push(document.unreadable(&RULE.info, error)),
                (Ok(_), Some(Err(problem))) => {
                    findings.push(document.to_diagnostic(&RULE.info, problem.clone()))
                }
                (Ok(value), _) => findings.extend(other_dialect(document, value)),
            }
        }
    }
    Ok(())
}
