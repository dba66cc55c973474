//! Old repositories adopt a policy: what their history contains is listed once, and only what is new fails.

use scripted::Scripted;
use serde_json::Value;

use crate::support::{check, run};

/// The list, where every command looks for it.
const LIST: &str = "policy-packs/known-findings.jsonl";
const WRITE: [&str; 3] = ["audit", "--write-baseline", LIST];

/// A manifest of a plugin index.
fn manifest(version: &str, digests: &[&str]) -> String {
    let platform =
        |digest: &&str| format!("  - uri: https://example.org/{version}.tar.gz\n    sha256: {digest}\n");
    let platforms: String = digests.iter().map(platform).collect();
    format!("metadata:\n  name: ctx\nspec:\n  version: {version}\n  platforms:\n{platforms}")
}

/// A plugin index whose history broke the rules of its preset: a digest was replaced, and a version fell.
fn old_index() -> Scripted {
    let scripted = Scripted::new();
    for (version, digest) in
        [("v0.1.0", "aa"), ("v0.2.0", "bb"), ("v0.2.0", "cc"), ("v0.1.5", "dd"), ("v0.3.0", "ee")]
    {
        scripted.write("plugins/ctx.yaml", manifest(version, &[digest]));
        scripted.commit(&format!("ctx {version} {digest}"));
    }
    scripted
}

/// An old index with the preset and the list on its main branch.
fn adopted() -> Scripted {
    let scripted = old_index();
    assert_eq!(status(&scripted, &["init", "--preset", "krew"]), 0);
    assert_eq!(status(&scripted, &WRITE), 0);
    scripted.commit("Protect the index");
    scripted
}

fn status(scripted: &Scripted, arguments: &[&str]) -> i32 {
    run("id-guard", scripted.path(), arguments).status.code().unwrap()
}

/// What a command prints, with its exit status.
fn printed(scripted: &Scripted, arguments: &[&str]) -> (i32, String) {
    let output = run("id-guard", scripted.path(), arguments);
    let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    (output.status.code().unwrap(), text)
}

fn list(scripted: &Scripted) -> String {
    std::fs::read_to_string(scripted.path().join(LIST)).unwrap()
}

/// `CODE status` of each finding.
fn statuses(report: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap().to_string();
    let findings = report["findings"].as_array().unwrap().iter();
    findings.map(|finding| format!("{} {}", text(&finding["code"]), text(&finding["status"]))).collect()
}

#[test]
fn from_clone_to_a_result_in_three_commands() {
    let old = old_index();
    let place = tempfile::tempdir().unwrap();
    scripted::git(place.path(), &["clone", "--quiet", old.path().to_str().unwrap(), "index"], 0);
    let index = place.path().join("index");
    let command = |arguments: &[&str]| {
        let output = run("id-guard", &index, arguments);
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(command(&["init", "--preset", "krew"]).0, 0);
    let (status, text) = command(&WRITE);
    assert_eq!(status, 0, "{text}");
    assert!(text.starts_with("wrote policy-packs/known-findings.jsonl: 3 known findings\n"), "{text}");
    assert!(
        text.contains("policy from the working tree, not committed") && text.ends_with("; 3 known\n"),
        "{text}"
    );
    let (status, text) = command(&["check"]);
    assert_eq!(status, 0, "{text}");
    let first =
        "the first policy is not committed; it governs 1 file with 1 discipline, and lists 3 known findings";
    assert!(text.contains("warning[POL001]") && text.contains(first), "{text}");
    // What is broken is reported before it is committed.
    std::fs::write(index.join(LIST), "{}\n").unwrap();
    let (status, text) = command(&["check"]);
    assert_eq!(status, 2, "{text}");
    std::fs::remove_file(index.join(LIST)).unwrap();
    std::fs::write(index.join("policy-packs/policy.yaml"), "schema_version: 1\npaths: 7\n").unwrap();
    assert_eq!(command(&["check"]).0, 2);
}

#[test]
fn the_list_is_sorted_and_names_the_commits() {
    let scripted = adopted();
    let text = list(&scripted);
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines.is_sorted(), "{text}");
    let of = |subject: &str| scripted.git(&["log", "--format=%H", &format!("--grep={subject}")]);
    let (replaced, fell) = (of("v0.2.0 cc"), of("v0.1.5 dd"));
    let expected = [
        ("IMM025", "/spec/version", fell),
        ("IMM035", "/spec/platforms/0", replaced.clone()),
        ("IMM036", "/spec/platforms", replaced),
    ];
    for (line, (code, pointer, commit)) in lines.iter().zip(expected) {
        let entry: Value = serde_json::from_str(line).unwrap();
        let keys = ["code", "path", "pointer", "commit"].map(|key| entry[key].as_str().unwrap().to_string());
        assert_eq!(keys, [code, "plugins/ctx.yaml", pointer, &commit]);
        let start = format!(
            "{{\"code\":\"{code}\",\"path\":\"plugins/ctx.yaml\",\"pointer\":\"{pointer}\",\"commit\":\"{commit}\",\"fingerprint\":\""
        );
        assert!(line.starts_with(&start), "{line}");
        assert_eq!(entry["fingerprint"].as_str().unwrap().len(), 64);
    }
    assert_eq!(lines.len(), 3);
}

#[test]
fn known_findings_are_counted_and_fail_nothing() {
    let scripted = adopted();
    let audited = check(scripted.path(), &["audit"]);
    assert_eq!(audited.status, 0, "{}", audited.report);
    assert_eq!(statuses(&audited.report), ["IMM036 known", "IMM035 known", "IMM025 known"]);
    let (status, text) = printed(&scripted, &["audit"]);
    assert_eq!(status, 0);
    assert!(text.starts_with("✓ All checks passed") && text.ends_with("; 3 known\n"), "{text}");
    let (_, sarif) = printed(&scripted, &["audit", "--format", "sarif"]);
    let sarif: Value = serde_json::from_str(&sarif).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    assert!(results.len() == 3 && results.iter().all(|result| result["suppressions"].is_array()));
    let (_, text) = printed(&scripted, &["audit", "--statistics"]);
    assert!(text.lines().count() == 1 && text.contains("3 known"), "{text}");
    // A path of another place contains the same list.
    let elsewhere = scripted.path().join("elsewhere.jsonl");
    std::fs::rename(scripted.path().join(LIST), &elsewhere).unwrap();
    scripted.commit("Without a list");
    assert_eq!(status_of_audit(&scripted, &[]), 1);
    assert_eq!(status_of_audit(&scripted, &["--baseline", "elsewhere.jsonl"]), 0);
}

fn status_of_audit(scripted: &Scripted, arguments: &[&str]) -> i32 {
    status(scripted, &[&["audit"], arguments].concat())
}

#[test]
fn a_later_edit_of_the_same_file_is_new() {
    let scripted = adopted();
    scripted.write("plugins/ctx.yaml", manifest("v0.3.0", &["ff"]));
    scripted.commit("Replace a digest again");
    for arguments in
        [&["audit"][..], &["check", "--base", "HEAD~1"], &["check", "--base", "HEAD~1", "--per-commit"]]
    {
        let found = check(scripted.path(), arguments);
        assert_eq!(found.status, 1);
        let new: Vec<String> =
            statuses(&found.report).into_iter().filter(|line| line.ends_with("introduced")).collect();
        assert!(new.contains(&"IMM036 introduced".to_string()), "{new:?}");
    }
    // A range that starts before the list was written contains the old edits: they are known, the new one is not.
    let policy = "policy-packs/policy.yaml";
    let range = ["check", "--base", "HEAD~6", "--per-commit", "--policy", policy, "--baseline", LIST];
    let whole = check(scripted.path(), &range);
    let found = statuses(&whole.report);
    assert!(found.contains(&"IMM025 known".to_string()), "{found:?}");
    assert!(found.contains(&"IMM036 introduced".to_string()), "{found:?}");
}

#[test]
fn the_list_is_a_ratchet() {
    let scripted = adopted();
    let before = list(&scripted);
    scripted.write("plugins/ctx.yaml", manifest("v0.3.0", &["ff"]));
    scripted.commit("Replace a digest again");
    let (status, text) = printed(&scripted, &WRITE);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("3 known findings (0 added, 0 removed)"), "{text}");
    assert!(text.contains("2 new findings not added: fix the cause, or pass --accept-new"), "{text}");
    assert_eq!(list(&scripted), before, "nothing is added");
    let (status, text) = printed(&scripted, &[&WRITE[..], &["--accept-new"]].concat());
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("5 known findings (2 added, 0 removed)"), "{text}");
    let with_new = list(&scripted);
    assert!(before.lines().all(|line| with_new.contains(line)));
    // An entry of a finding that the history does not have.
    let gone = with_new.lines().next().unwrap().replace("plugins/ctx.yaml", "plugins/gone.yaml");
    scripted.write(LIST, format!("{with_new}{gone}\n"));
    scripted.commit("List too much");
    let audited = check(scripted.path(), &["audit"]);
    assert_eq!(
        (audited.status, audited.findings().first().unwrap().as_str()),
        (0, "POL010 policy-packs/known-findings.jsonl"),
        "{}",
        audited.report
    );
    let part = check(scripted.path(), &["check", "--base", "HEAD~1"]);
    assert_eq!(part.findings(), ["POL001 policy-packs/known-findings.jsonl"], "a change cannot know it");
    let (status, text) = printed(&scripted, &WRITE);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("5 known findings (0 added, 1 removed)"), "{text}");
    assert_eq!(list(&scripted), with_new);
}

#[test]
fn a_walk_that_leaves_commits_out_reports_none_of_them_as_gone() {
    let scripted = old_index();
    scripted.git(&["switch", "--quiet", "--create", "side", "HEAD~1"]);
    scripted.write("plugins/other.yaml", manifest("v1.0.0", &["aa"]).replace("ctx", "other"));
    scripted.commit("Add other");
    scripted.write("plugins/other.yaml", manifest("v1.0.0", &["bb"]).replace("ctx", "other"));
    scripted.commit("Replace a digest of other");
    scripted.git(&["switch", "--quiet", "main"]);
    scripted.git(&["merge", "--quiet", "--no-edit", "side"]);
    assert_eq!(status(&scripted, &["init", "--preset", "krew"]), 0);
    assert_eq!(status(&scripted, &[&WRITE[..], &["--all-parents"]].concat()), 0);
    scripted.commit("Protect the index");
    let all = list(&scripted);
    assert_eq!(all.lines().count(), 5);
    let audited = check(scripted.path(), &["audit"]);
    assert_eq!((audited.status, audited.findings().len()), (0, 3), "{}", audited.report);
    assert_eq!(status(&scripted, &WRITE), 0);
    assert_eq!(list(&scripted), all, "the next audit of every parent needs them");
    assert_eq!(status_of_audit(&scripted, &["--all-parents"]), 0);
}

#[test]
fn a_change_cannot_list_its_own_findings() {
    let scripted = adopted();
    scripted.git(&["switch", "--quiet", "--create", "own"]);
    scripted.write("plugins/ctx.yaml", manifest("v0.2.9", &["ff"]));
    scripted.commit("Lower the version");
    assert_eq!(status(&scripted, &[&WRITE[..], &["--accept-new"]].concat()), 0);
    scripted.commit("List it");
    for arguments in [&["check", "--base", "main"][..], &["check", "--base", "main", "--per-commit"]] {
        let found = check(scripted.path(), arguments);
        assert_eq!(found.status, 1, "{}", found.report);
        let found = statuses(&found.report);
        assert!(
            found.contains(&"IMM025 introduced".to_string())
                && found.contains(&"POL001 introduced".to_string()),
            "{found:?}"
        );
    }
}

#[test]
fn a_broken_list_is_an_error_with_its_place() {
    let scripted = adopted();
    let good = list(&scripted);
    for broken in [
        "not JSON",
        "{\"code\": \"IMM025\"}",
        "[]",
        "{\"code\":\"XXX001\",\"path\":\"a\",\"fingerprint\":\"00\"}",
    ] {
        scripted.write(LIST, format!("{good}{broken}\n"));
        let change = check(scripted.path(), &["check", "--worktree"]);
        let finding =
            change.report["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "POL003");
        let finding = finding.unwrap_or_else(|| panic!("{broken}: {}", change.report));
        assert_eq!((change.status, finding["span"]["start"]["line"].as_u64()), (1, Some(4)), "{broken}");
        for arguments in [&["audit", "--baseline", LIST][..], &WRITE] {
            let refused = check(scripted.path(), arguments);
            assert_eq!(refused.status, 2, "{broken}");
            assert_eq!(refused.report["errors"][0]["span"]["start"]["line"], 4, "{}", refused.report);
        }
    }
    assert!(list(&scripted).ends_with("\"00\"}\n"), "a list that cannot be read is not replaced");
    scripted.commit("Break the list");
    scripted.write("README.md", "x");
    scripted.commit("Edit another file");
    assert_eq!(check(scripted.path(), &["check", "--base", "HEAD~1"]).status, 2);
    assert_eq!(check(scripted.path(), &["audit"]).status, 2);
    assert_eq!(status_of_audit(&scripted, &["--baseline", "missing.jsonl"]), 2);
}

#[test]
fn the_ledger_is_never_known() {
    let scripted = Scripted::new();
    scripted.write("policy-packs/policy.yaml", "schema_version: 1\n");
    scripted.write(".ledger/ids.jsonl", "one\ntwo\n");
    scripted.commit("A ledger");
    scripted.write(".ledger/ids.jsonl", "one\nthree\n");
    scripted.commit("Rewrite it");
    let (status, text) = printed(&scripted, &WRITE);
    assert_eq!(status, 1, "{text}");
    assert!(text.contains("LED001") && text.contains("not listed"), "{text}");
    assert!(!list(&scripted).contains("LED"), "{}", list(&scripted));
    let finding = check(scripted.path(), &["audit"]);
    let rewritten =
        finding.report["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "LED001");
    let fingerprint = rewritten.unwrap()["content_fingerprint"].as_str().unwrap().to_string();
    let line = format!(
        "{{\"code\":\"LED001\",\"path\":\".ledger/ids.jsonl\",\"pointer\":null,\"commit\":null,\"fingerprint\":\"{fingerprint}\"}}\n"
    );
    scripted.write(LIST, line);
    scripted.commit("List it by hand");
    let audited = check(scripted.path(), &["audit"]);
    assert_eq!(audited.status, 1);
    let found = statuses(&audited.report);
    assert!(
        found.contains(&"LED001 introduced".to_string()) && found.contains(&"POL012 existing".to_string()),
        "{found:?}"
    );
}

#[test]
fn a_breach_of_several_files_is_known_with_exactly_these() {
    let scripted = Scripted::new();
    let policy = "schema_version: 1\npacks: []\npaths:\n  - {unit: modules/*, discipline: sealed}\n";
    scripted.write("policy-packs/policy.yaml", policy);
    scripted.write("modules/a/one", "1");
    scripted.write("modules/a/two", "2");
    scripted.commit("A unit");
    scripted.write("modules/a/one", "x");
    scripted.commit("Edit one file");
    assert_eq!(status(&scripted, &WRITE), 0);
    scripted.commit("Adopt");
    scripted.write("modules/a/one", "1");
    scripted.commit("Edit it back");
    // The first file changes as it did then, and another one as well.
    scripted.write("modules/a/one", "x");
    scripted.write("modules/a/two", "y");
    scripted.commit("Edit both");
    let again = check(scripted.path(), &["check", "--base", "HEAD~1"]);
    assert_eq!((again.status, statuses(&again.report)), (1, vec!["IMM014 introduced".to_string()]));
}

#[test]
fn a_fault_of_a_tree_is_known_by_its_commit() {
    let scripted = Scripted::new();
    scripted.write(
        "policy-packs/policy.yaml",
        "schema_version: 1\npacks: []\npaths:\n  - {match: a, discipline: frozen}\n",
    );
    let first = scripted.commit("base");
    // A tree whose entries are not sorted, as old tools wrote them.
    let blob = scripted.git(&["rev-parse", "HEAD:policy-packs/policy.yaml"]);
    let packs = scripted.git(&["rev-parse", "HEAD:policy-packs"]);
    let raw = |hex: &str| -> Vec<u8> {
        (0..20).map(|at| u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).unwrap()).collect()
    };
    let mut tree = Vec::new();
    for (head, id) in [("40000 policy-packs", &packs), ("100644 a", &blob)] {
        tree.extend_from_slice(head.as_bytes());
        tree.push(0);
        tree.extend(raw(id));
    }
    scripted.write("tree.bin", tree);
    let tree = scripted.git(&["hash-object", "-w", "-t", "tree", "--literally", "tree.bin"]);
    std::fs::remove_file(scripted.path().join("tree.bin")).unwrap();
    let commit = scripted.git(&["commit-tree", &tree, "-p", &first, "-m", "An unsorted tree"]);
    scripted.git(&["update-ref", "refs/heads/main", &commit]);
    let audited = check(scripted.path(), &["audit"]);
    assert_eq!(statuses(&audited.report), ["GIT002 introduced"]);
    assert_eq!(status(&scripted, &WRITE), 0);
    assert!(list(&scripted).contains("GIT002") && list(&scripted).contains(&commit));
    assert_eq!(status_of_audit(&scripted, &["--baseline", LIST]), 0);
}

#[test]
fn a_list_is_written_only_into_a_directory_that_exists() {
    let scripted = adopted();
    let (code, text) = printed(&scripted, &["audit", "--write-baseline", "missing/below/list.jsonl"]);
    assert_eq!(code, 2, "{text}");
    assert!(text.contains("directory not found: missing/below"), "{text}");
    assert!(!scripted.path().join("missing").exists());
}
