//! The schemas of a plugin are valid JSON Schemas.

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
        summary: "the schemas of a plugin are valid JSON Schemas",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

/// Reports a schema that declares another dialect: other validators would read it differently than this one.
fn other_dialect(document: &Document, value: &Value) -> Option<Diagnostic> {
    let declared = value.pointer("/$schema")?;
    if declared.as_str().map(|text| text.trim_end_matches('#')) == Some(DIALECT) {
        return None;
    }
    Some(
        Diagnostic::new(&RULE.info, format!("unsupported JSON Schema dialect {}", declared.show()))
            .at(document.place("/$schema"))
            .help(format!("use JSON Schema 2020-12: \"$schema\": \"{DIALECT}\"")),
    )
}

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
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
