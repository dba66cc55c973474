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
    check: Check::State(judge),
};

fn judge(state: &StateContext<'_>, findings: &mut Vec<Diagnostic>) -> Result<()> {
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
                        format!("no file in tests/ is named for the operation {}", operation.name),
                    )
                    .at(spec.place(&format!("{}/name", operation.pointer)))
                    .help(format!(
                        "add tests/test_{}.py, or its like in the plugin's language",
                        operation.name
                    )),
                );
            }
        }
    }
    Ok(())
}
