//! An operation has a test.

use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Rule, StateContext};
use snapshot::Result;

/// `STR004` operation-test-missing.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::OPERATION_TEST_MISSING,
        summary: "an operation has a test",
        page: include_str!("README.md"),
    },
    check: Check::State(check),
};

fn check(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
    for plugin in &state.plugins {
        let Some(spec) = &plugin.spec else { continue };
        let tests: Vec<String> = plugin
            .files
            .keys()
            .filter(|inside| inside.starts_with(b"tests/"))
            .map(|inside| String::from_utf8_lossy(inside).to_lowercase().replace('-', "_"))
            .collect();
        for operation in plugin.operations() {
            if !tests.iter().any(|name| name.contains(&operation.name)) {
                findings.push(
                    Diagnostic::new(
                        &RULE.info,
                        format!("operation {}: no file in tests/ contains its name", operation.name),
                    )
                    .at(spec.place(&format!("{}/name", operation.pointer)))
                    .help(format!("add a test, for example tests/test_{}.py", operation.name)),
                );
            }
        }
    }
    Ok(())
}
