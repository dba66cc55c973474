//! Documents of other programs: streams in packs, collections with a history, and clones without one.

use crate::support::{check, run};
use scripted::Scripted;

const POLICY: &str = "schema_version: 1\npacks: []\npaths:\n  - match: index.json\n    removal: forbidden\n    collection: {at: \"\", key: [/id], elements: {fields: {/repo: frozen, /version: increasing}}, removal: burned, order: append}\n";

/// An index from which the entry `a` was removed; a branch is checked out.
fn index() -> Scripted {
    let scripted = Scripted::new();
    scripted.write("policy-packs/policy.yaml", POLICY);
    scripted.write(
        "index.json",
        "[{\"id\": \"a\", \"repo\": \"ada/a\"}, {\"id\": \"b\", \"repo\": \"b\", \"version\": \"1.0.0\"}]\n",
    );
    scripted.commit("index");
    scripted.write("index.json", "[{\"id\": \"b\", \"repo\": \"b\", \"version\": \"1.0.0\"}]\n");
    scripted.commit("remove a");
    scripted.git(&["switch", "--quiet", "--create", "change"]);
    scripted
}

/// The findings of a check and of an audit of the branch, without those of the audit before it.
fn both(scripted: &Scripted) -> (Vec<String>, Vec<String>) {
    let checked = check(scripted.path(), &["check", "--base", "main", "--per-commit"]);
    let audited = check(scripted.path(), &["audit", "--no-cache"]);
    (checked.findings(), audited.findings())
}

#[test]
fn a_version_that_is_not_compared_is_noted() {
    let scripted = Scripted::new();
    let policy = "schema_version: 1\npacks: []\npaths:\n  - {match: a.yaml, fields: {/version: increasing}}\n  - {match: b.json, collection: {at: \"\", key: [/id], elements: {fields: {/v: increasing}}}}\n";
    scripted.write("policy-packs/policy.yaml", policy);
    scripted.write("a.yaml", "version: master\n");
    scripted.write("b.json", "[{\"id\": \"x\", \"v\": 1}]\n");
    scripted.commit("base");
    scripted.write("a.yaml", "version: 1.0.0\n");
    scripted.write("b.json", "[{\"id\": \"x\", \"v\": \"2\"}]\n");
    scripted.commit("versions");
    let checked = check(scripted.path(), &["check", "--base", "HEAD~1", "--per-commit"]);
    assert_eq!((checked.status, checked.findings().len()), (0, 0), "{}", checked.report);
    let notes = [
        "note: a.yaml: `/version`: master is not a semver version: 1.0.0 is not compared with it",
        "note: b.json: element `id: x`: `/0/v`: an integer became a string: they are compared by what is written",
    ];
    assert_eq!(checked.report["messages"], serde_json::json!(notes));
    let audited = check(scripted.path(), &["audit"]);
    assert!(audited.status == 0 && !audited.report["messages"].to_string().contains("note: a.yaml"));
}

#[test]
fn a_burned_key_returns_only_with_its_value() {
    let b = "{\"id\": \"b\", \"repo\": \"b\", \"version\": \"1.0.0\"}";
    for (content, expected) in [
        (format!("[{b}, {{\"id\": \"a\", \"repo\": \"mallory/a\"}}]\n"), "IMM039 index.json"),
        (format!("[{b}, {{\"repo\": \"ada/a\", \"id\": \"a\"}}]\n"), "IMM012 index.json"),
        (format!("[{b}, {{\"id\": \"c\", \"repo\": \"mallory/a\"}}]\n"), ""),
        (format!("[{{\"id\": \"c\", \"repo\": \"c\"}}, {b}]\n"), "IMM037 index.json"),
        ("[]\n".to_string(), ""),
    ] {
        let scripted = index();
        scripted.write("index.json", &content);
        scripted.commit("change");
        let (checked, audited) = both(&scripted);
        let expected: Vec<&str> = Some(expected).into_iter().filter(|line| !line.is_empty()).collect();
        let mut checked = checked;
        checked.dedup();
        assert_eq!(checked, expected, "check: {content}");
        assert_eq!(audited, expected, "audit: {content}");
    }
}

#[test]
fn fields_of_elements_and_the_file_itself_are_protected() {
    let scripted = index();
    scripted.write("index.json", "[{\"id\": \"b\", \"repo\": \"c\", \"version\": \"0.9.0\"}]\n");
    scripted.commit("edit");
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!(checked.findings(), ["IMM021 index.json", "IMM025 index.json"]);
    let text =
        String::from_utf8(run("id-guard", scripted.path(), &["check", "--base", "main"]).stdout).unwrap();
    assert!(text.contains("element `id: b`: ") && text.contains("`/0/repo`"), "{text}");

    let scripted = index();
    scripted.git(&["mv", "index.json", "moved.json"]);
    scripted.commit("move");
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!((checked.status, checked.findings()), (1, vec!["IMM005 index.json".to_string()]));
}

#[test]
fn without_its_history_a_burned_key_cannot_be_checked() {
    let scripted = index();
    let place = tempfile::tempdir().unwrap();
    let source = format!("file://{}", scripted.path().display());
    scripted::git(
        place.path(),
        &["clone", "--quiet", "--depth", "1", "--branch", "main", &source, "clone"],
        0,
    );
    let clone = place.path().join("clone");
    std::fs::write(clone.join("index.json"), "[{\"id\": \"b\", \"repo\": \"b\", \"version\": \"1.0.0\"}, {\"id\": \"a\", \"repo\": \"mallory/a\"}]\n").unwrap();
    let output = run("id-guard", &clone, &["check", "--base", "main", "--worktree"]);
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert!(text.contains("git fetch --unshallow"), "{text}");
}

#[test]
fn each_document_of_a_stream_is_an_input_of_its_own() {
    for (combine, messages) in
        [("", vec!["k.yaml: Service", "k.yaml: Deployment"]), (", combine: true", vec!["two documents"])]
    {
        let scripted = Scripted::new();
        scripted.write(
            "policy-packs/policy.yaml",
            "schema_version: 1\npacks:\n  - name: house\n    version: 1.0.0\n",
        );
        scripted.write(
            "policy-packs/house/pack.yaml",
            format!("schema_version: 1\nname: house\nversion: 1.0.0\ndocuments:\n  - {{match: \"*.yaml\"{combine}}}\n"),
        );
        scripted.write(
            "policy-packs/house/rules/main.rego",
            "package main\n\nimport rego.v1\n\ndeny contains {\"msg\": msg, \"pointer\": \"/kind\"} if {\n  msg := sprintf(\"k.yaml: %s\", [input.kind])\n}\n\ndeny contains \"two documents\" if {\n  count([file | some file in input; file.contents.kind; file.path == \"k.yaml\"]) == 2\n}\n",
        );
        scripted.commit("policy");
        scripted.git(&["switch", "--quiet", "--create", "change"]);
        scripted.write(
            "k.yaml",
            "x: &a {kind: Service}\n<<: *a\n---\non: push\nkind: Deployment\ncreated: 2024-01-01\n",
        );
        scripted.commit("stream");
        let checked = check(scripted.path(), &["check", "--base", "main"]);
        let findings = checked.report["findings"].as_array().unwrap();
        let found: Vec<&str> = findings.iter().filter_map(|finding| finding["message"].as_str()).collect();
        assert_eq!(found, messages, "{}", checked.report);
        if combine.is_empty() {
            let pointers: Vec<&str> =
                findings.iter().filter_map(|finding| finding["pointer"].as_str()).collect();
            assert_eq!(pointers, ["/0/kind", "/1/kind"]);
        }
    }
}
