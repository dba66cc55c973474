//! An example matches the schema of its operation.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `SCH003` example-invalid.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::EXAMPLE_INVALID,
        summary: "an example matches the schema of its operation",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        for operation in plugin.operations() {
            for (end, path) in [("request", &operation.input), ("response", &operation.output)] {
                let example =
                    plugin.documents.get(format!("examples/{}_{end}.json", operation.name).as_bytes());
                let contract = plugin.documents.get(path.as_bytes());
                let Some(example) = example else { continue };
                let Ok(value) = &example.value else {
                    let error = example.value.as_ref().err();
                    findings.extend(error.map(|error| example.unreadable(&RULE.info, error)));
                    continue;
                };
                // An invalid schema is reported by its own rule.
                let Some(Ok(contract)) = contract.and_then(|contract| contract.schema()) else { continue };
                findings.extend(
                    contract
                        .check(value)
                        .into_iter()
                        .map(|problem| example.to_diagnostic(&RULE.info, problem)),
                );
            }
        }
    }
    Ok(())
}
