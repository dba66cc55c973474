//! Holds the process to its contract: examples, exit statuses and events.

mod support;

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json};
use support::{document, example, problems, run};

/// Where no events are asked for.
const NOWHERE: &str = "";

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
    let told = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(status), "{told}");
    assert!(output.stdout.is_empty());
    assert_eq!(told.lines().count(), 1, "{told}");
}

/// Returns a place for a test's events where none are yet.
fn events_of(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}.jsonl"));
    let _ = std::fs::remove_file(&path);
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
fn each_example_comes_out_as_it_stands() {
    for name in names() {
        let request = example(&name, "request").to_string();
        let output = run(&[&name], &request, Path::new(NOWHERE));
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
            assert_refused(&run(&[name], &bad.to_string(), Path::new(NOWHERE)), 1);
        }
    }
}

#[test]
fn a_request_that_is_not_json_is_refused() {
    for name in names() {
        assert_refused(&run(&[&name], "{", Path::new(NOWHERE)), 1);
    }
}

#[test]
fn an_unknown_operation_is_a_usage_error() {
    assert_refused(&run(&["--no-operation"], "", Path::new(NOWHERE)), 2);
    assert_refused(&run(&[], "", Path::new(NOWHERE)), 2);
}

#[test]
fn it_tells_its_health_and_its_version() {
    let health = run(&["--health"], "", Path::new(NOWHERE));
    let health: Value = serde_json::from_slice(&health.stdout).unwrap();
    assert_eq!(health, json!({"status": "ok"}));
    let spec = document("plugin.spec.json");
    let version = run(&["--version"], "", Path::new(NOWHERE));
    let said = format!("{} {}\n", text(&spec["name"]), text(&spec["version"]));
    assert_eq!(String::from_utf8(version.stdout).unwrap(), said);
}

#[test]
fn an_event_of_each_run_is_what_the_ledger_contract_says() {
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
fn there_is_no_answer_without_its_event() {
    for name in names() {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        assert_refused(
            &run(&[&name], &example(&name, "request").to_string(), folder),
            1,
        );
    }
}
