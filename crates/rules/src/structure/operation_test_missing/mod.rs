//! An operation has a test.

use artifact::{Language, Value};
use diagnostic::{Diagnostic, RuleInfo};
use engine::{Check, Document, Plugin, Rule, StateContext};
use snapshot::Result;

use super::test_files::{CONTRACT, TestFiles};

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
        let tests = TestFiles::of(state.head, plugin);
        let operations = plugin.operations();
        for operation in &operations {
            let mapped = format!("/tests/{}", operation.name);
            if spec.value.as_ref().is_ok_and(|value| value.pointer(&mapped).is_some()) {
                check_mapped(spec, &tests, &operation.name, findings)?;
            } else if !tests.are_named_for(&operation.name)? {
                let message = format!("operation {}: no test in tests/ is named for it", operation.name);
                let place = spec.place(&format!("{}/name", operation.pointer));
                findings
                    .push(Diagnostic::new(&RULE.info, message).at(place).help(help(plugin, &operation.name)));
            }
        }
        let mapped = spec.value.as_ref().ok().and_then(|value| value.pointer("/tests")?.as_map());
        for entry in mapped.into_iter().flat_map(|map| map.entries()) {
            let name = entry.key.name.as_str();
            if name == CONTRACT {
                check_mapped(spec, &tests, name, findings)?;
            } else if !operations.iter().any(|operation| operation.name == name) {
                let message = format!("`tests` names the operation {name}, which the spec does not have");
                let place = spec.place(&format!("/tests/{}", artifact::escape(name)));
                let help = "correct the name, or remove the entry";
                findings.push(Diagnostic::new(&RULE.info, message).at(place).help(help));
            }
        }
    }
    Ok(())
}

/// Checks the files that the spec names as tests of an operation.
fn check_mapped(
    spec: &Document,
    tests: &TestFiles<'_>,
    operation: &str,
    findings: &mut Vec<Diagnostic>,
) -> Result<()> {
    let pointer = format!("/tests/{operation}");
    let value = spec.value.as_ref().ok().and_then(|value| value.pointer(&pointer));
    let list = value.and_then(Value::as_list).unwrap_or_default();
    for (at, value) in list.iter().enumerate() {
        let Some(path) = value.as_str() else { continue };
        if let Some(problem) = tests.problem_of(path, operation)? {
            let message = format!("operation {operation}: {} {problem}", value.show());
            findings.push(
                Diagnostic::new(&RULE.info, message)
                    .at(spec.place(&format!("{pointer}/{at}")))
                    .help("name a file in tests/ that tests the operation, by its name"),
            );
        }
    }
    Ok(())
}

fn help(plugin: &Plugin, operation: &str) -> String {
    let entry = plugin.spec.as_ref().and_then(|spec| spec.text_at("/runtime/entry")).unwrap_or_default();
    let ending = match Language::of_path(entry) {
        Some(Language::Rust) => "rs",
        Some(Language::TypeScript) => "ts",
        Some(Language::JavaScript) => "js",
        Some(Language::Shell) => "sh",
        Some(Language::Python) | None => "py",
    };
    format!(
        "add tests/test_{operation}.{ending}, or name its file in the spec: \"tests\": {{\"{operation}\": [\"tests/test_all.{ending}\"]}}"
    )
}
