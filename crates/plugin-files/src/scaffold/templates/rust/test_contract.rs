//! Tests the process: examples, exit statuses and events.

mod support;

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json};
use support::{document, example, problems, run};

/// No file for events.
const NO_EVENTS: &str = "";

fn operations() -> Vec<Value> {
    document("plugin.spec.json")["operations"]
        .as_array()
        .unwrap()
        .clone()
}

fn names() -> Vec<String> {
    operations()
        .iter()
        .map(|operation| text(&operation["name"]).to_string())
        .collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

fn assert_refused(output: &Output, status: i32) {
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(status), "{stderr}");
    assert!(output.stdout.is_empty());
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
}

/// Returns a new path for the events of a test.
fn events_of(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.jsonl"));
    std::fs::remove_file(&path).ok();
    path
}

#[test]
fn each_example_fits_its_schemas() {
    for operation in operations() {
        for (schema, end) in [("input", "request"), ("output", "response")] {
            let schema = document(text(&operation[schema]));
            let found = problems(&schema, &example(text(&operation["name"]), end));
            assert!(found.is_empty(), "{found:?}");
        }
    }
}

#[test]
fn each_example_request_gives_the_example_response() {
    for name in names() {
        let request = example(&name, "request").to_string();
        let output = run(&[&name], &request, Path::new(NO_EVENTS));
        assert!(output.status.success(), "{output:?}");
        assert!(output.stdout.ends_with(b"\n"));
        let response: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(response, example(&name, "response"));
    }
}

#[test]
fn each_bad_request_is_refused_by_its_schema_or_by_the_process() {
    for operation in operations() {
        let name = text(&operation["name"]);
        let bad = document(&format!("conformance/schemas/{name}_bad_request.json"));
        if problems(&document(text(&operation["input"])), &bad).is_empty() {
            assert_refused(&run(&[name], &bad.to_string(), Path::new(NO_EVENTS)), 1);
        }
    }
}

#[test]
fn a_request_that_is_not_json_is_refused() {
    for name in names() {
        assert_refused(&run(&[&name], "{", Path::new(NO_EVENTS)), 1);
    }
}

#[test]
fn an_unknown_operation_is_a_usage_error() {
    assert_refused(&run(&["--no-operation"], "", Path::new(NO_EVENTS)), 2);
    assert_refused(&run(&[], "", Path::new(NO_EVENTS)), 2);
}

#[test]
fn it_prints_its_health_and_its_version() {
    let health = run(&["--health"], "", Path::new(NO_EVENTS));
    let health: Value = serde_json::from_slice(&health.stdout).unwrap();
    assert_eq!(health, json!({"status": "ok"}));
    let spec = document("plugin.spec.json");
    let version = run(&["--version"], "", Path::new(NO_EVENTS));
    let expected = format!("{} {}\n", text(&spec["name"]), text(&spec["version"]));
    assert_eq!(String::from_utf8(version.stdout).unwrap(), expected);
}

#[test]
fn each_run_writes_an_event_that_fits_the_ledger_contract() {
    let contract = document("ledger_contract.json");
    let spec = document("plugin.spec.json");
    for name in names() {
        let path = events_of(&name);
        run(&[&name], &example(&name, "request").to_string(), &path);
        run(&[&name], "{", &path);
        let lines = std::fs::read_to_string(&path).unwrap();
        let events: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let statuses: Vec<&str> = events.iter().map(|event| text(&event["status"])).collect();
        assert_eq!(statuses, ["ok", "failed"]);
        for event in &events {
            for key in contract["required"].as_array().unwrap() {
                assert!(event.get(text(key)).is_some(), "{key} is missing");
            }
            let found = problems(&contract, event);
            assert!(found.is_empty(), "{found:?}");
            assert_eq!(
                (&event["ulid"], text(&event["operation"])),
                (&spec["ulid"], &*name)
            );
        }
    }
}

#[test]
fn a_request_fails_if_its_event_cannot_be_written() {
    for name in names() {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        assert_refused(
            &run(&[&name], &example(&name, "request").to_string(), folder),
            1,
        );
    }
}
