//! What a policy governs, as `check`, `audit`, `doctor`, `policy show` and `policy preview` show it.

use scripted::Scripted;

use crate::support::{check, run};

const POLICY: &str = "policy-packs/policy.yaml";

/// A repository with three documents and a policy of these `paths`.
fn repository(paths: &str) -> Scripted {
    let scripted = Scripted::new();
    scripted.write(POLICY, format!("schema_version: 1\npacks: []\npaths:\n{paths}"));
    for (name, more) in [("a", "since: 1\n"), ("b", ""), ("c", "")] {
        scripted.write(format!("plugins/{name}.yaml"), format!("name: {name}\nversion: 1.0.0\n{more}"));
    }
    scripted.commit("base");
    scripted.git(&["switch", "--quiet", "-c", "change"]);
    scripted
}

fn text_of(scripted: &Scripted, arguments: &[&str]) -> (i32, String) {
    let output = run("id-guard", scripted.path(), arguments);
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

const FIELDS: &str =
    "  - match: plugins/*.yaml\n    fields: {/name: frozen, /version: increasing, /since: once}\n";

#[test]
fn a_report_names_how_many_files_are_governed() {
    let scripted = repository(FIELDS);
    let mut counts = Vec::new();
    // The second run counts on from the tree of the first one.
    for (path, text) in [("free.txt", "x\n"), ("plugins/d.yaml", "name: d\nversion: 1.0.0\n")] {
        scripted.write(path, text);
        scripted.commit("add");
        let (status, human) = text_of(&scripted, &["check", "--base", "HEAD~1"]);
        assert_eq!(status, 0, "{human}");
        let checked = check(scripted.path(), &["check", "--base", "HEAD~1"]).report;
        let count = checked["checked"]["governed"].as_u64().unwrap();
        assert!(human.contains(&format!("({count} governed files, 1 discipline)")), "{human}");
        assert_eq!(checked["checked"]["disciplines"], 1);
        counts.push(count);
    }
    assert_eq!(counts, [3, 4]);
    let audited = check(scripted.path(), &["audit", "--no-cache"]).report;
    assert_eq!(audited["checked"]["governed"], 4, "{audited}");
}

#[test]
fn what_matches_nothing_is_a_warning_in_check_audit_doctor_and_preview() {
    for (entry, code, help) in [
        ("{match: plugin/*.yaml, discipline: frozen}", "POL007", "plugins/*.yaml"),
        ("{match: plugins, discipline: frozen}", "POL007", "plugins/**"),
        ("{match: Plugins/*, discipline: frozen}", "POL007", "plugins/*"),
        ("{match: plugins/*.yaml, fields: {/nmae: frozen}}", "POL008", "/name"),
        ("{match: plugins/*.yaml, discipline: frozen, when: {field: /stat, equals: x}}", "POL008", "pointer"),
    ] {
        let scripted = repository(&format!("  - {entry}\n"));
        scripted.write("plugins/a.yaml", "name: z\nversion: 1.0.0\n");
        scripted.commit("edit");
        for arguments in [&["check", "--base", "main"][..], &["audit", "--no-cache"]] {
            let (status, text) = text_of(&scripted, arguments);
            assert_eq!(status, 0, "{text}");
            assert!(text.contains(&format!("warning[{code}]")), "{entry} {arguments:?}\n{text}");
            assert!(text.contains(help) && text.contains("policy-packs/policy.yaml:4:3"), "{text}");
        }
        let (status, text) = text_of(&scripted, &["doctor"]);
        assert_eq!(status, 1, "{text}");
        assert!(text.contains(&format!("({code})")) && text.contains(help), "{entry}\n{text}");
        let (status, text) = text_of(&scripted, &["policy", "preview"]);
        assert_eq!(status, 0, "{text}");
        assert!(text.contains(&format!("warn {code}")) && text.contains(help), "{entry}\n{text}");
    }
    // The right pattern and pointers, and an optional entry: nothing is reported.
    for entry in [FIELDS, "  - {match: later/*, discipline: frozen, optional: true}\n"] {
        let scripted = repository(&format!("{FIELDS}{entry}"));
        scripted.write("plugins/a.yaml", "name: a\nversion: 1.0.1\nsince: 1\n");
        scripted.commit("edit");
        for arguments in [
            &["check", "--base", "main"][..],
            &["audit", "--no-cache"],
            &["doctor"],
            &["policy", "preview"],
            &["policy", "show"],
        ] {
            let (_, text) = text_of(&scripted, arguments);
            assert!(!text.contains("POL00") && !text.contains("no file"), "{arguments:?}\n{text}");
        }
    }
}

#[test]
fn a_level_and_a_waiver_apply_to_what_matches_nothing() {
    let scripted = repository("  - {match: plugin/*, discipline: frozen}\nlevels: {POL007: deny}\n");
    scripted.write("free.txt", "x\n");
    scripted.commit("add");
    assert_eq!(check(scripted.path(), &["check", "--base", "main"]).status, 1);
    let scripted = repository("  - {match: plugin/*, discipline: frozen}\nlevels: {POL007: allow}\n");
    scripted.write("free.txt", "x\n");
    scripted.commit("add");
    assert_eq!(check(scripted.path(), &["check", "--base", "main"]).findings(), [""; 0]);
    assert!(!text_of(&scripted, &["doctor"]).1.contains("POL007"));
}

#[test]
fn show_lists_fields_with_their_disciplines_and_documents() {
    let scripted = repository(FIELDS);
    let (status, text) = text_of(&scripted, &["policy", "show"]);
    assert_eq!(status, 0, "{text}");
    for part in
        ["3 files", "/name", "frozen", "increasing semver", "in 3 of 3 documents", "in 1 of 3 documents"]
    {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(text.contains("is a new document: `removal: forbidden`"), "{text}");
    let output = run("id-guard", scripted.path(), &["policy", "show", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(json["governed"], 3);
    let entry = &json["paths"][0];
    assert_eq!((&entry["match"], &entry["files"]), (&"plugins/*.yaml".into(), &3.into()));
    assert_eq!(entry["fields"][1]["pointer"], "/version");
    assert_eq!(entry["fields"][1]["discipline"], "increasing semver");
    assert_eq!(entry["fields"][2]["documents"], 1);
    let kept = repository(&FIELDS.replace("    fields", "    removal: forbidden\n    fields"));
    assert!(!text_of(&kept, &["policy", "show"]).1.contains("is a new document"));
}

#[test]
fn a_preview_compares_with_the_base_branch() {
    let scripted = repository(FIELDS);
    scripted.write("docs/a.txt", "1\n");
    scripted.commit("one");
    scripted.write("docs/a.txt", "2\n");
    scripted.commit("two");
    scripted.git(&["branch", "--quiet", "--force", "main"]);
    scripted.write(
        POLICY,
        format!("schema_version: 1\npacks: []\npaths:\n{FIELDS}  - {{match: docs/*, discipline: frozen}}\n"),
    );
    scripted.commit("freeze the documents");
    let (status, text) = text_of(&scripted, &["policy", "preview"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("IMM004") && text.contains("docs/a.txt"), "{text}");
    assert!(text.contains("of main: 1 added or raised"), "{text}");
    let (_, text) = text_of(&scripted, &["policy", "preview", "--rev", "HEAD"]);
    assert!(text.contains("identical to the one on HEAD"), "{text}");
    let output = run("id-guard", scripted.path(), &["policy", "preview", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&json["base"], &json["governed"]), (&"main".into(), &4.into()), "{json}");
    assert_eq!(json["no_longer_governed"], serde_json::json!([]), "{json}");
    assert!(!text.contains("no longer governs"), "{text}");
    // The entry of the documents is removed again, and one with another pattern for a part of the files stays.
    scripted.git(&["branch", "--quiet", "--force", "main"]);
    scripted.write(POLICY, format!("schema_version: 1\npacks: []\npaths:\n{FIELDS}"));
    scripted.commit("free the documents");
    let (_, text) = text_of(&scripted, &["policy", "preview"]);
    assert!(text.contains("no longer governs:\n  docs/* (frozen): 1 file\n"), "{text}");
    let output = run("id-guard", scripted.path(), &["policy", "preview", "--json"]);
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(
        (&json["no_longer_governed"][0]["match"], &json["no_longer_governed"][0]["files"]),
        (&"docs/*".into(), &1.into()),
        "{json}"
    );
}

#[test]
fn a_policy_that_governs_nothing_is_named() {
    let scripted = repository("  - {match: later/*, discipline: frozen, optional: true}\n");
    scripted.write("free.txt", "x\n");
    scripted.commit("add");
    let (status, text) = text_of(&scripted, &["check", "--base", "main"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("nothing is governed here: no file matches later/*; see"), "{text}");
    let scripted = repository("  - {match: later/*, discipline: frozen}\n");
    scripted.write("free.txt", "x\n");
    scripted.commit("add");
    for arguments in [&["check", "--base", "main"][..], &["audit", "--no-cache"]] {
        let (_, text) = text_of(&scripted, arguments);
        assert!(text.contains("1 warning") && text.contains("nothing is governed here"), "{text}");
    }
}
