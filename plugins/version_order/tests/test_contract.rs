//! Tests the process: examples, exit statuses, events and settings.
//!
//! The AUTO section belongs to the tool: `id-plugin generate` keeps it up to date. Add your own tests
//! to other files.

// BEGIN AUTO SECTION: contract sha256=c3e5d10a3e37212e628a33dc917ad0b513ef83c1a9a0ad225f4dfeb524d85f44
mod support;

use std::path::{Path, PathBuf};
use std::process::Output;

use serde_json::{Value, json};
use support::{Files, document, example, problems, run};

fn operations() -> Vec<Value> {
    document("plugin.spec.json")["operations"].as_array().unwrap().clone()
}

fn names() -> Vec<String> {
    operations().iter().map(|operation| text(&operation["name"]).to_string()).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// Returns the example request of an operation; `null` where it takes none.
fn request(operation: &Value) -> String {
    match operation["input"].as_str() {
        Some(_) => example(text(&operation["name"]), "request").to_string(),
        None => "null".into(),
    }
}

/// Runs the process without events, with its default settings.
fn plain(words: &[&str], request: &str) -> Output {
    run(words, request, &Files::default())
}

/// Runs the process with events.
fn with_events(words: &[&str], request: &str, events: &Path) -> Output {
    let files = Files { events: Some(events), ..Files::default() };
    run(words, request, &files)
}

/// Asks for the health of the process with a file of settings.
fn with_config(path: &Path) -> Output {
    let files = Files { config: Some(path), ..Files::default() };
    run(&["--health"], "", &files)
}

fn assert_refused(output: &Output, status: i32) {
    let stderr = String::from_utf8(output.stderr.clone()).unwrap();
    assert_eq!(output.status.code(), Some(status), "{stderr}");
    assert!(output.stdout.is_empty());
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
}

/// Returns a new path for a file of a test.
fn file_of(test: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    std::fs::remove_file(&path).ok();
    path
}

#[test]
fn each_example_fits_its_schemas() {
    for operation in operations() {
        for (schema, end) in [("input", "request"), ("output", "response")] {
            if let Some(path) = operation[schema].as_str() {
                let example = example(text(&operation["name"]), end);
                let found = problems(&document(path), &example);
                assert!(found.is_empty(), "{found:?}");
            }
        }
    }
}

#[test]
fn each_example_request_gives_the_example_response() {
    for operation in operations() {
        let name = text(&operation["name"]);
        let output = plain(&[name], &request(&operation));
        assert!(output.status.success(), "{output:?}");
        assert!(output.stdout.ends_with(b"\n"));
        let response: Value = serde_json::from_slice(&output.stdout).unwrap();
        if operation["output"].is_string() {
            assert_eq!(response, example(name, "response"));
        }
    }
}

#[test]
fn each_bad_request_is_refused_by_its_schema_or_by_the_process() {
    for operation in operations() {
        let name = text(&operation["name"]);
        let Some(input) = operation["input"].as_str() else {
            continue;
        };
        let bad = document(&format!("conformance/schemas/{name}_bad_request.json"));
        if problems(&document(input), &bad).is_empty() {
            assert_refused(&plain(&[name], &bad.to_string()), 1);
        }
    }
}

#[test]
fn a_request_that_is_not_json_is_refused() {
    for name in names() {
        assert_refused(&plain(&[&name], "{"), 1);
    }
}

#[test]
fn an_unknown_operation_is_a_usage_error() {
    assert_refused(&plain(&["--no-operation"], ""), 2);
    assert_refused(&plain(&[], ""), 2);
}

#[test]
fn it_prints_its_health_and_its_version() {
    let health = plain(&["--health"], "");
    let health: Value = serde_json::from_slice(&health.stdout).unwrap();
    assert_eq!(health, json!({"status": "ok"}));
    let spec = document("plugin.spec.json");
    let version = plain(&["--version"], "");
    let expected = format!("{} {}\n", text(&spec["name"]), text(&spec["version"]));
    assert_eq!(String::from_utf8(version.stdout).unwrap(), expected);
}

#[test]
fn each_run_writes_an_event_that_fits_the_ledger_contract() {
    let contract = document("ledger_contract.json");
    let spec = document("plugin.spec.json");
    for operation in operations() {
        let name = text(&operation["name"]);
        let path = file_of(&format!("{name}.jsonl"));
        with_events(&[name], &request(&operation), &path);
        with_events(&[name], "{", &path);
        let lines = std::fs::read_to_string(&path).unwrap();
        let events: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let statuses: Vec<&str> = events.iter().map(|event| text(&event["status"])).collect();
        assert_eq!(statuses, ["ok", "failed"]);
        for event in &events {
            for key in contract["required"].as_array().unwrap() {
                assert!(event.get(text(key)).is_some(), "{key} is missing");
            }
            let found = problems(&contract, event);
            assert!(found.is_empty(), "{found:?}");
            assert_eq!((&event["ulid"], text(&event["operation"])), (&spec["ulid"], name));
        }
    }
}

#[test]
fn a_request_fails_if_its_event_cannot_be_written() {
    for operation in operations() {
        let name = text(&operation["name"]);
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        assert_refused(&with_events(&[name], &request(&operation), folder), 1);
    }
}

#[test]
fn it_starts_with_the_settings_of_a_file() {
    let defaults = &document("manifest.json")["config"]["defaults"];
    let path = file_of("defaults.json");
    let settings = if defaults.is_null() { json!({}) } else { defaults.clone() };
    std::fs::write(&path, settings.to_string()).unwrap();
    let output = with_config(&path);
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn settings_that_cannot_be_read_stop_the_start() {
    let path = file_of("settings.json");
    assert_refused(&with_config(&path), 2);
    for text in ["[", "[]"] {
        std::fs::write(&path, text).unwrap();
        assert_refused(&with_config(&path), 2);
    }
}

#[test]
fn a_setting_that_violates_its_schema_stops_the_start() {
    let config = &document("manifest.json")["config"];
    let names = config["defaults"].as_object().into_iter().flatten();
    for (name, _) in names {
        for value in [json!(null), json!([[]])] {
            let mut values = config["defaults"].clone();
            values[name] = value;
            let is_valid = config["schema"].is_null() || problems(&config["schema"], &values).is_empty();
            if !is_valid {
                let path = file_of("invalid.json");
                std::fs::write(&path, values.to_string()).unwrap();
                let output = with_config(&path);
                assert_refused(&output, 2);
                assert!(output.stderr.starts_with(b"the settings are invalid: "));
            }
        }
    }
}
// END AUTO SECTION: contract
