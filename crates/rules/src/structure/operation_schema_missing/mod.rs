//! An operation has its schemas.

use diagnostic::{Diagnostic, Level, RuleInfo};
use snapshot::Result;

use crate::rule::{Check, Rule};
use crate::state::StateContext;

/// `STR002` operation-schema-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        code: "STR002",
        name: "operation-schema-missing",
        family: super::FAMILY,
        level: Level::Deny,
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
