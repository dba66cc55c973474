//! A plugin has conformance files: fixtures, scenarios and budgets.

use diagnostic::{Diagnostic, Location, RuleInfo};
use documents::budget::BUDGETS;
use engine::{Check, Operation, Plugin, Rule, StateContext};
use snapshot::{Mode, Result};

use crate::operation_files::{Promise, operation_files};

/// `STR005` conformance-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CONFORMANCE_MISSING,
        summary: "a plugin has conformance fixtures, scenarios and budgets",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        if !plugin.files.keys().any(|inside| inside.starts_with(b"conformance/")) {
            findings.push(
                Diagnostic::new(
                    &RULE.info,
                    format!("plugin {}: conformance/ is empty or missing", plugin.name()),
                )
                .at(Location::of(&plugin.directory))
                .help("add conformance/ with schema fixtures, scenarios and budgets"),
            );
            continue;
        }
        let operations = plugin.operations();
        for (part, help) in missing_parts(plugin, &operations) {
            findings.push(
                Diagnostic::new(&RULE.info, format!("plugin {}: no {part}", plugin.name()))
                    .at(Location::of(&plugin.directory))
                    .help(help),
            );
        }
    }
    Ok(())
}

/// Returns the parts of `conformance/` that are missing; a plugin without operations needs none.
fn missing_parts(plugin: &Plugin, operations: &[Operation]) -> Vec<(&'static str, String)> {
    let Some(first) = operations.first() else { return Vec::new() };
    let is_file = |inside: &[u8]| {
        plugin.files.get(inside).is_some_and(|node| matches!(node.object.mode, Mode::File | Mode::Executable))
    };
    let mut missing = Vec::new();
    let fixtures = operation_files(plugin, operations);
    let has_fixture = fixtures.iter().any(|file| {
        file.inside.starts_with(b"conformance/schemas/")
            && file.promise != Promise::Nothing
            && is_file(file.inside)
    });
    if let Some(operation) = operations.iter().find(|operation| !operation.input.is_empty())
        && !has_fixture
    {
        let path = format!("conformance/schemas/{}_bad_request.json", operation.name);
        missing.push((
            "fixture in conformance/schemas/",
            format!("add {path} with a request that the schema refuses"),
        ));
    }
    let is_feature = |inside: &[u8]| inside.starts_with(b"conformance/") && inside.ends_with(b".feature");
    if !plugin.files.keys().any(|inside| is_feature(inside) && is_file(inside)) {
        let path = format!("conformance/behavior/{}.feature", first.name);
        missing.push(("scenario in conformance/behavior/", format!("add {path} with a scenario")));
    }
    if !is_file(BUDGETS.as_bytes()) {
        missing
            .push(("budgets in conformance/perf/", format!("add {BUDGETS} with a budget of an operation")));
    }
    missing
}
