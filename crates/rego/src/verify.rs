//! Runs the tests of the policies, like `conftest verify` and `opa test`.

use crate::calls;
use crate::declarations::declarations;
use crate::engine::Engine;
use crate::job::Source;
use crate::limits::Limits;
use crate::reply::{Cause, Failure, TestResult};

/// Evaluates every rule whose name starts with `test_`. A test sets its input with `with input as`.
pub(crate) fn verify(
    sources: &[Source],
    data: Vec<serde_json::Value>,
    limits: &Limits,
) -> Result<Vec<TestResult>, Failure> {
    let mut engine = Engine::load(sources, data, limits.time)?;
    let declarations = declarations(&mut engine)?;
    calls::check(&mut engine, &declarations)?;
    let mut results = Vec::new();
    for (path, package) in &declarations.packages {
        for (name, declared) in &package.rules {
            let skipped = name.starts_with("todo_test_");
            if !skipped && !name.starts_with("test_") {
                continue;
            }
            let rule = format!("{path}.{name}");
            let note = if skipped { None } else { run_test(&mut engine, &rule)? };
            results.push(TestResult {
                name: rule,
                path: declared.place.path.clone(),
                line: declared.place.line,
                passed: !skipped && note.is_none(),
                skipped,
                note,
            });
        }
    }
    Ok(results)
}

/// Returns why a test did not pass. An error is returned only if no further test can run.
fn run_test(engine: &mut Engine, rule: &str) -> Result<Option<String>, Failure> {
    match engine.value(rule) {
        Ok(regorus::Value::Bool(true)) => Ok(None),
        Ok(regorus::Value::Undefined) => Ok(Some("undefined".into())),
        Ok(regorus::Value::Bool(false)) => Ok(Some("false".into())),
        Ok(_) => Ok(Some("neither true nor false".into())),
        Err(failure) if failure.cause == Cause::Rules => Ok(Some(failure.to_string())),
        Err(failure) => Err(failure),
    }
}
