//! The schemas of an operation exist.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `STR002` operation-schema-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::OPERATION_SCHEMA_MISSING,
        summary: "the schemas of an operation exist",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(spec) = &plugin.spec else { continue };
        for operation in plugin.operations() {
            for (field, path) in [("input", &operation.input), ("output", &operation.output)] {
                if !path.is_empty() && !plugin.has(path) {
                    findings.push(
                        Diagnostic::new(
                            &RULE.info,
                            format!("operation {}: {path} is missing", operation.name),
                        )
                        .at(spec.place(&format!("{}/{field}", operation.pointer)))
                        .help("add the schema, or correct the path in the spec"),
                    );
                }
            }
        }
    }
    Ok(())
}
