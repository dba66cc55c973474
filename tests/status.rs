//! The compliance checklist: each item broken once, and found with the code that the checks give.

use std::path::Path;

use crate::helps::{card, healthy, replace};
use crate::support::{check, check_with, run};
use scripted::Scripted;
use serde_json::Value;

fn status(directory: &Path, rest: &[&str]) -> (i32, Value) {
    let output = run("id-plugin", directory, &[&["status", "PLG_ONE", "--json"], rest].concat());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let parsed = serde_json::from_str(&text);
    let parsed = parsed.unwrap_or_else(|_| panic!("{text}{}", String::from_utf8_lossy(&output.stderr)));
    (output.status.code().unwrap(), parsed)
}

/// The items in a state, each with the codes of its findings.
fn items(report: &Value, state: &str) -> Vec<(String, Vec<String>)> {
    let list = report["items"].as_array().unwrap().iter().filter(|item| item["state"] == state);
    list.map(|item| {
        let codes = item["findings"].as_array().unwrap().iter();
        let codes = codes.map(|finding| finding["code"].as_str().unwrap().to_string()).collect();
        (item["item"].as_str().unwrap().to_string(), codes)
    })
    .collect()
}

#[test]
fn a_healthy_plugin_passes_every_item_that_can_be_checked() {
    let scripted = healthy();
    let (exit, report) = status(scripted.path(), &[]);
    assert_eq!(items(&report, "failed"), [], "{report:#}");
    assert_eq!((exit, &report["ok"]), (0, &Value::Bool(true)));
    let names = |state: &str| items(&report, state).into_iter().map(|(name, _)| name).collect::<Vec<_>>();
    assert_eq!(
        names("passed"),
        ["artifacts", "operations", "conformance", "generated", "guards", "registry"]
    );
    assert_eq!(names("not run"), ["tests", "core"]);
    let reasons: Vec<&str> =
        report["items"].as_array().unwrap().iter().filter_map(|item| item["reason"].as_str()).collect();
    assert!(reasons[0].contains("conformance/results.json is missing"), "{reasons:?}");
    assert_eq!(reasons[1], "`core.versions` is not set");
    assert_eq!(status(scripted.path(), &["--strict"]).0, 1);
    let text = run("id-plugin", scripted.path(), &["status", "one"]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.starts_with("PLG_ONE 0.1.0 (plugins/one)\npassed   artifacts: "), "{text}");
    assert_eq!(run("id-plugin", scripted.path(), &["status", "nobody"]).status.code(), Some(2));
}

#[test]
fn each_item_fails_with_the_code_of_the_check() {
    let inside = |scripted: &Scripted, path: &str| scripted.path().join("plugins/one").join(path);
    let remove = |scripted: &Scripted, path: &str| std::fs::remove_file(inside(scripted, path)).unwrap();
    type Break<'b> = (&'b str, &'b str, &'b dyn Fn(&Scripted));
    let breaks: [Break<'_>; 8] = [
        ("artifacts", "STR001", &|scripted| remove(scripted, "healthcheck.md")),
        ("operations", "STR003", &|scripted| remove(scripted, "examples/run_request.json")),
        ("tests", "DOC010", &|scripted| {
            scripted.write("plugins/one/conformance/results.json", "{\"version\": \"9.9.9\"}\n");
        }),
        ("conformance", "STR005", &|scripted| {
            std::fs::remove_dir_all(inside(scripted, "conformance/behavior")).unwrap();
        }),
        ("generated", "GEN005", &|scripted| {
            replace(&inside(scripted, "manifest.json"), "\"10s\"", "\"99s\"")
        }),
        ("core", "CMP005", &|scripted| {
            let policy = scripted.path().join("policy-packs/policy.yaml");
            let text = std::fs::read_to_string(&policy).unwrap();
            std::fs::write(policy, text + "core: {versions: [\"99.0.0\"]}\n").unwrap();
        }),
        ("guards", "IMM001", &|scripted| replace(&card(scripted), "ada@", "eve@")),
        ("registry", "GEN00", &|scripted| {
            replace(&scripted.path().join("ids/registry.yaml"), "ada@", "eve@");
        }),
    ];
    for (item, code, break_it) in breaks {
        let scripted = healthy();
        break_it(&scripted);
        let (exit, report) = status(scripted.path(), &[]);
        let failed = items(&report, "failed");
        let found = failed.iter().find(|(name, _)| name == item);
        let codes = found.map(|(_, codes)| codes.clone()).unwrap_or_default();
        assert!(codes.iter().any(|found| found.starts_with(code)), "{item}: {report:#}");
        assert_eq!(exit, 1, "{item}");
        let structure = check_with("id-structure", scripted.path(), &["check"]).findings();
        let change = check(scripted.path(), &["check", "--base", "main", "--worktree"]).findings();
        let is_known = |code: &String| structure.iter().chain(&change).any(|found| found.starts_with(code));
        assert!(codes.iter().all(is_known), "{item}: {codes:?} in {structure:?} {change:?}");
    }
}
