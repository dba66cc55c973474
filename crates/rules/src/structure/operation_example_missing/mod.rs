//! An operation has an example request and response.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

use crate::operation_files::Side;

/// `STR003` operation-example-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::OPERATION_EXAMPLE_MISSING,
        summary: "an operation has an example request and response",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(spec) = &plugin.spec else { continue };
        for operation in plugin.operations() {
            for side in [Side::Request, Side::Response] {
                let end = side.name();
                // Nothing is accepted or returned, so there is nothing to show.
                if side.schema_of(&operation).is_empty() {
                    continue;
                }
                let path = format!("examples/{}_{end}.json", operation.name);
                if !plugin.has(&path) {
                    findings.push(
                        Diagnostic::new(
                            &RULE.info,
                            format!("operation {}: {path} is missing", operation.name),
                        )
                        .at(spec.place(&format!("{}/name", operation.pointer)))
                        .help(format!("add a {end} that matches its schema")),
                    );
                }
            }
        }
    }
    Ok(())
}
