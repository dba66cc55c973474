//! Changes that the base branch already contains: after a squash merge, in stacked pull requests, in a merge queue, after the merge.

use crate::support::registry::{ONE, TWO, begun, mint, publish};
use crate::support::{check, run};
use scripted::Scripted;

const POLICY: &str = "schema_version: 1\npacks: []\npaths:\n  - {match: \"docs/*\", discipline: frozen}\n";

/// A repository with three frozen files on `main`; the branch `change` is checked out.
fn frozen() -> Scripted {
    let scripted = Scripted::new();
    scripted.write("policy-packs/policy.yaml", POLICY);
    for name in ["edited", "deleted", "kept"] {
        scripted.write(format!("docs/{name}"), "a\n");
    }
    scripted.commit("base");
    scripted.git(&["switch", "--quiet", "--create", "change"]);
    scripted
}

/// Squash-merges the branch `change`, which the gate would refuse, and returns to it.
fn squash(scripted: &Scripted) {
    scripted.git(&["switch", "--quiet", "main"]);
    scripted.git(&["merge", "--quiet", "--squash", "change"]);
    scripted.commit("squash");
    scripted.git(&["switch", "--quiet", "change"]);
}

#[test]
fn a_squash_merged_file_is_not_a_change() {
    let scripted = frozen();
    scripted.write("docs/edited", "b\n");
    scripted.git(&["rm", "--quiet", "docs/deleted"]);
    scripted.write("docs/new/file", "x\n");
    scripted.commit("edit, delete and add");
    let arguments = ["check", "--base", "main"];
    assert_eq!(check(scripted.path(), &arguments).findings().len(), 2);
    squash(&scripted);
    scripted.write("notes.txt", "x\n");
    scripted.commit("go on");
    for arguments in [&arguments[..], &["check", "--base", "main", "--per-commit"]] {
        let checked = check(scripted.path(), arguments);
        assert_eq!((checked.status, checked.findings()), (0, vec![]), "{arguments:?}");
        assert_eq!(checked.report["checked"]["files"], 1, "only the notes are a change");
    }
    scripted.write("docs/edited", "c\n");
    scripted.write("docs/kept", "c\n");
    scripted.commit("edit once more");
    let checked = check(scripted.path(), &arguments);
    assert_eq!(checked.findings(), ["IMM004 docs/edited", "IMM004 docs/kept"]);
    for finding in checked.report["findings"].as_array().unwrap() {
        assert!(finding["help"].to_string().contains("merge main into this branch"), "{finding}");
    }
    // With the base branch merged, the advice is gone and the findings stay.
    scripted.git(&["merge", "--quiet", "-Xours", "--no-edit", "main"]);
    let checked = check(scripted.path(), &arguments);
    assert_eq!(checked.findings(), ["IMM004 docs/edited", "IMM004 docs/kept"]);
    assert!(!checked.report["findings"].to_string().contains("into this branch"));
}

#[test]
fn a_revert_inside_the_branch_is_still_found_commit_by_commit() {
    let scripted = frozen();
    scripted.git(&["switch", "--quiet", "main"]);
    scripted.write("README.md", "main moves on\n");
    scripted.commit("main moves on");
    scripted.git(&["switch", "--quiet", "change"]);
    scripted.write("docs/edited", "b\n");
    scripted.commit("edit");
    scripted.write("docs/edited", "a\n");
    scripted.commit("revert");
    assert_eq!(check(scripted.path(), &["check", "--base", "main"]).findings(), [""; 0]);
    let checked = check(scripted.path(), &["check", "--base", "main", "--per-commit"]);
    assert_eq!(checked.status, 1, "{:?}", checked.findings());
}

#[test]
fn a_published_version_that_was_squash_merged_is_recorded_once() {
    let scripted = begun();
    scripted.commit("start");
    scripted.git(&["switch", "--quiet", "--create", "change"]);
    mint(&scripted, ONE, "one");
    publish(&scripted, ONE, "one", "1.0.0");
    scripted.commit("publish one");
    squash(&scripted);
    scripted.git(&["switch", "--quiet", "main"]);
    assert!(run("id-ledger", scripted.path(), &["record"]).status.success());
    scripted.commit("record");
    scripted.git(&["switch", "--quiet", "change"]);
    scripted.write("notes.txt", "x\n");
    scripted.commit("notes");
    let led = |scripted: &Scripted, more: &[&str]| {
        let checked = check(scripted.path(), &[&["check", "--base", "main"], more].concat());
        let mut findings = checked.findings();
        findings.retain(|finding| finding.starts_with("LED") || finding.starts_with("IMM"));
        findings
    };
    assert_eq!(led(&scripted, &[]), [""; 0]);
    assert_eq!(led(&scripted, &["--per-commit"]), [""; 0]);
    // A second plugin in the stacked branch is the whole change; a file added to the published version is refused.
    mint(&scripted, TWO, "two");
    publish(&scripted, TWO, "two", "1.0.0");
    scripted.commit("publish two");
    assert_eq!(led(&scripted, &[]), [""; 0]);
    scripted.write("plugins/one/more.txt", "x\n");
    scripted.commit("extend the published version");
    assert!(!led(&scripted, &[]).is_empty());
}

fn event(scripted: &Scripted, command: &str, name: &str, body: &str) -> (i32, String) {
    let file = scripted.path().join(".git/event.json");
    std::fs::write(&file, body).unwrap();
    let mut arguments = vec![command, "--event", ".git/event.json", "--event-name", name];
    if command == "check" {
        arguments.extend(["--format", "json"]);
    }
    let output = run("id-guard", scripted.path(), &arguments);
    let text = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), text)
}

/// A clone with the entries of a merge queue as local commits.
fn queue() -> (Scripted, Scripted) {
    let origin = frozen();
    origin.git(&["switch", "--quiet", "main"]);
    let clone = Scripted::new();
    clone.git(&["remote", "add", "origin", origin.path().to_str().unwrap()]);
    clone.git(&["fetch", "--quiet", "origin"]);
    clone.git(&["checkout", "--quiet", "-b", "queue", "origin/main"]);
    (origin, clone)
}

fn merge_group(scripted: &Scripted, base: &str, head: &str) -> (i32, String) {
    let body = format!(
        r#"{{"merge_group":{{"base_sha":"{base}","head_sha":"{head}","base_ref":"refs/heads/main"}}}}"#
    );
    event(scripted, "ci", "merge_group", &body)
}

#[test]
fn the_policy_of_a_queue_entry_is_that_of_the_target_branch() {
    let (origin, clone) = queue();
    let tip = clone.git(&["rev-parse", "HEAD"]);
    clone.write("policy-packs/policy.yaml", "schema_version: 1\npacks: []\n");
    clone.write("docs/edited", "b\n");
    let first = clone.commit("drop the policy and edit");
    clone.write("notes.txt", "x\n");
    let second = clone.commit("harmless");
    assert_eq!(merge_group(&clone, &tip, &first).0, 1);
    let (status, text) = merge_group(&clone, &first, &second);
    assert!(status == 1 && text.contains("IMM004"), "{status} {text}");
    // The rules of one change are about the entry alone.
    assert!(!text.contains("POL001"), "{text}");
    // Another entry that changes the policy is reported for it.
    clone.write("policy-packs/policy.yaml", format!("{POLICY}# more\n"));
    clone.write("docs/edited", "a\n");
    let third = clone.commit("policy and file");
    assert!(merge_group(&clone, &second, &third).1.contains("POL001"));
    // The tip moves on: the fresh one counts.
    origin.write("policy-packs/policy.yaml", "schema_version: 1\npacks: []\n");
    origin.commit("an administrator drops the policy");
    assert_eq!(merge_group(&clone, &first, &second).0, 0);
}

#[test]
fn an_event_after_its_merge_has_nothing_to_check() {
    let (origin, clone) = queue();
    origin.write("notes.txt", "x\n");
    let merged = origin.commit("merged");
    let base = origin.git(&["rev-parse", "HEAD~1"]);
    let (status, text) = merge_group(&clone, &base, &merged);
    assert!(status == 0 && text.contains("already merged"), "{status} {text}");
    let pull = format!(
        r#"{{"pull_request":{{"number":1,"base":{{"sha":"{base}","ref":"main"}},"head":{{"sha":"{merged}"}}}}}}"#
    );
    let (status, text) = event(&clone, "ci", "pull_request", &pull);
    assert!(status == 0 && text.contains("already merged"), "{status} {text}");
    // Started by hand, the same range is a mistake.
    let checked = check(origin.path(), &["check", "--base", "main"]);
    assert_eq!(checked.status, 2);
    assert!(
        checked.errors().contains("HEAD is the base commit: no changes to check"),
        "{}",
        checked.errors()
    );
}
