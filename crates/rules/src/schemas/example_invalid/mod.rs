//! An example or fixture of an operation is what its name promises.

use diagnostic::{Diagnostic, Location, Related, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

use crate::operation_files::{Promise, operation_files};

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
        let operations = plugin.operations();
        let files = operation_files(plugin, &operations);
        for (inside, document) in &plugin.documents {
            let is_example = inside.starts_with(b"examples/") || inside.starts_with(b"conformance/");
            if let Err(error) = document.value.as_ref()
                && is_example
            {
                findings.push(document.unreadable(&RULE.info, error));
            }
        }
        for file in files {
            let Some(operation) = file.operation.and_then(|at| operations.get(at)) else { continue };
            let Some(example) = plugin.documents.get(file.inside) else { continue };
            let Ok(value) = &example.value else { continue };
            let path = file.side.schema_of(operation);
            // An invalid schema is reported by its own rule.
            let Some(document) = plugin.documents.get(path.as_bytes()) else { continue };
            let Some(Ok(schema)) = plugin.schema(path) else { continue };
            let problems = schema.check(value);
            match file.promise {
                Promise::Valid => findings
                    .extend(problems.into_iter().map(|problem| example.to_diagnostic(&RULE.info, problem))),
                Promise::Invalid if problems.is_empty() => {
                    let side = file.side.name();
                    let message = format!("this fixture should be an invalid {side}, but {path} accepts it");
                    findings.push(
                        Diagnostic::new(&RULE.info, message)
                            .at(Location::of(&example.path))
                            .related(Related {
                                location: Location::of(&document.path),
                                commit: None,
                                message: "the schema".into(),
                            })
                            .help("change it so that the schema refuses it, or write `ok` instead of `bad` in its name"),
                    );
                }
                Promise::Invalid | Promise::Nothing => {}
            }
        }
    }
    Ok(())
}
