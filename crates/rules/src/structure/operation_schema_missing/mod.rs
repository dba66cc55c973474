//! An operation has its schemas.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `STR002` operation-schema-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::OPERATION_SCHEMA_MISSING,
        summary: "an operation has its schemas",
        page: include_str!("README.md"),
    },
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(spec) = &plugin.spec else { continue };
        for operation in plugin.operations() {
            for (field, path) in [("input", &operation.input), ("output", &operation.output)] {
                if !path.is_empty() && !plugin.has(path) {
                    findings.push(
                        Diagnostic::new(
                            &RULE.info,
                            format!("the operation {} has no {path}", operation.name),
                        )
                        .at(spec.place(&format!("{}/{field}", operation.pointer)))
                        .help("add the schema, or name the one that stands"),
                    );
                }
            }
        }
    }
    Ok(())
}
