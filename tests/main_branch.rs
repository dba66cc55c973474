//! The state of the main branch: what was merged is recorded, the ledger is valid and trusted, published content is unchanged.

use std::path::Path;

use crate::support::life::{ALPHA, BETA, Lived, plugin};
use crate::support::registry::{ORIGIN, RunResult, ledger_does, read, result_of};
use crate::support::{Checked, check_with, run};
use scripted::{Scripted, git};

/// The commands that report what the main branch lacks.
const COMMANDS: [(&str, &[&str]); 4] = [
    ("id-guard", &["audit"]),
    ("id-structure", &["check"]),
    ("id-tag", &["verify"]),
    ("id-guard", &["ci", "--command", "audit"]),
];

fn result(directory: &Path, binary: &str, arguments: &[&str]) -> RunResult {
    result_of(&run(binary, directory, arguments))
}

/// The exit status of each command.
fn statuses(directory: &Path) -> Vec<i32> {
    COMMANDS.iter().map(|(binary, arguments)| result(directory, binary, arguments).status).collect()
}

fn alpha(clone: &Scripted, version: &str, rest: &str) {
    plugin(clone, ALPHA, "alpha", "PLG_ALPHA", version, &format!(",\"owner\":\"alpha@example.org\"{rest}"));
}

/// A repository with one recorded version.
fn recorded() -> Lived {
    let lived = Lived::begin();
    crate::support::registry::mint(&lived.clone, ALPHA, "alpha");
    alpha(&lived.clone, "1.0.0", "");
    lived.clone.commit("alpha 1.0.0");
    lived.push();
    assert_eq!(lived.write(&[]).status, 0);
    lived
}

fn findings(lived: &Lived, binary: &str, arguments: &[&str]) -> Checked {
    check_with(binary, lived.path(), arguments)
}

#[test]
fn a_merged_version_that_is_not_recorded_is_an_error_until_it_is() {
    let lived = recorded();
    assert_eq!(statuses(lived.path()), [0, 0, 0, 0]);
    alpha(&lived.clone, "1.1.0", "");
    lived.clone.commit("alpha 1.1.0");
    lived.push();
    assert_eq!(statuses(lived.path()), [1, 1, 1, 1]);
    let found = findings(&lived, "id-guard", &["audit"]).findings();
    assert_eq!(found, ["GEN001 ids/registry.yaml", "LED012 plugins/alpha/plugin.spec.json"]);
    let doctor = result(lived.path(), "id-guard", &["doctor"]);
    assert!(doctor.text.contains("(LED012)") && doctor.text.contains("(GEN001)"), "{}", doctor.text);
    assert_eq!(lived.write(&[]).status, 0);
    assert_eq!(statuses(lived.path()), [0, 0, 0, 0]);
}

#[test]
fn a_branch_is_not_blamed_for_its_own_versions_or_for_those_of_the_main_branch() {
    let lived = recorded();
    lived.clone.git(&["switch", "--quiet", "--create", "change"]);
    alpha(&lived.clone, "1.1.0", "");
    lived.clone.commit("alpha 1.1.0");
    // The version of the branch is not merged, so nothing lacks it.
    assert_eq!(statuses(lived.path())[..3], [0, 0, 0]);
    assert_eq!(findings(&lived, "id-guard", &["audit"]).findings(), Vec::<String>::new());
    // The main branch lacks another one: on the branch, that is a warning.
    lived.clone.git(&["switch", "--quiet", "main"]);
    alpha(&lived.clone, "1.0.1", "");
    lived.clone.commit("alpha 1.0.1");
    lived.push();
    lived.clone.git(&["switch", "--quiet", "change"]);
    assert_eq!(statuses(lived.path())[..3], [0, 0, 0]);
    let found = findings(&lived, "id-guard", &["audit"]).findings();
    assert!(found.contains(&"LED012 plugins/alpha/plugin.spec.json".to_string()), "{found:?}");
}

#[test]
fn the_registry_and_the_published_paths_exist_on_the_main_branch() {
    let lived = recorded();
    lived.clone.git(&["rm", "--quiet", "ids/registry.yaml"]);
    lived.clone.commit("no registry");
    lived.push();
    assert_eq!(findings(&lived, "id-guard", &["audit"]).findings(), ["GEN012 ids/registry.yaml"]);
    assert_eq!(statuses(lived.path()), [1, 1, 1, 1]);
    assert_eq!(lived.write(&[]).status, 0);
    assert_eq!(statuses(lived.path()), [0, 0, 0, 0]);
    // A published plugin is deleted past the gate, and the registry is regenerated.
    lived.clone.git(&["rm", "--quiet", "-r", "plugins/alpha"]);
    lived.clone.commit("no alpha");
    lived.push();
    lived.write(&[]);
    let found = findings(&lived, "id-guard", &["audit"]).findings();
    assert_eq!(found, ["GEN003 ids/registry.yaml"]);
    assert_eq!(findings(&lived, "id-guard", &["audit"]).status, 1);
}

#[test]
fn a_version_that_was_removed_again_and_one_that_cannot_be_recorded_are_unrecorded() {
    let lived = recorded();
    // Published and removed between two records: only the history shows it.
    crate::support::registry::mint(&lived.clone, BETA, "beta");
    plugin(&lived.clone, BETA, "beta", "PLG_BETA", "1.0.0", ",\"owner\":\"beta@example.org\"");
    lived.clone.commit("beta 1.0.0");
    lived.clone.git(&["rm", "--quiet", "-r", "plugins/beta"]);
    lived.clone.commit("no beta");
    lived.push();
    let found = findings(&lived, "id-guard", &["audit"]).findings();
    assert_eq!(found, ["GEN001 ids/registry.yaml", "LED012 plugins/beta"]);
    lived.write(&[]);
    let found = findings(&lived, "id-guard", &["audit"]).findings();
    assert_eq!(found, ["GEN003 ids/registry.yaml"]);
    // A lower version is refused by the ledger for good.
    let lived = recorded();
    alpha(&lived.clone, "0.9.0", "");
    lived.clone.commit("alpha 0.9.0");
    lived.push();
    assert_eq!(lived.write(&[]).status, 1);
    let found = findings(&lived, "id-guard", &["audit"]).findings();
    assert_eq!(found, ["LED012 plugins/alpha/plugin.spec.json"]);
    // An edited card declares no version: the history reports it.
    let lived = recorded();
    let card = format!("ids/cards/{ALPHA}.yaml");
    lived.clone.write(&card, read(lived.path(), &card).replace("alpha@", "mallory@"));
    lived.clone.commit("another owner");
    lived.push();
    let found = findings(&lived, "id-guard", &["audit"]).findings();
    assert!(!found.iter().any(|finding| finding.starts_with("LED012")), "{found:?}");
}

#[test]
fn key_and_owner_are_what_the_ledger_records() {
    let lived = recorded();
    let mismatches = || -> Vec<String> {
        let report = findings(&lived, "id-guard", &["audit"]).report;
        let list =
            report["findings"].as_array().unwrap().iter().filter(|finding| finding["code"] == "ONE003");
        list.map(|finding| {
            format!("{}:{}", finding["message"].as_str().unwrap(), finding["span"]["start"]["line"])
        })
        .collect()
    };
    // What is due will be recorded.
    let rekeyed =
        |key: &str| plugin(&lived.clone, ALPHA, "alpha", key, "1.0.0", ",\"owner\":\"new@example.org\"");
    rekeyed("PLG_ALEPH");
    lived.clone.commit("another key and owner");
    lived.push();
    assert_eq!(mismatches(), Vec::<String>::new());
    assert_eq!(lived.write(&[]).status, 0);
    assert_eq!(mismatches(), Vec::<String>::new());
    // A key of another identity cannot be recorded.
    crate::support::registry::mint(&lived.clone, BETA, "beta");
    plugin(&lived.clone, BETA, "beta", "PLG_BETA", "1.0.0", ",\"owner\":\"beta@example.org\"");
    lived.clone.commit("beta 1.0.0");
    rekeyed("PLG_BETA");
    lived.clone.commit("the key of beta");
    lived.push();
    assert_eq!(mismatches(), ["the key is PLG_BETA, but the ledger records PLG_ALEPH:1"]);
    lived.write(&[]);
    assert_eq!(mismatches(), ["the key is PLG_BETA, but the ledger records PLG_ALEPH:1"]);
}

#[test]
fn an_audit_reports_the_state_at_its_head() {
    let tampered = |change: fn(&Lived)| {
        let lived = recorded();
        change(&lived);
        lived.clone.commit("tamper");
        lived.push();
        findings(&lived, "id-guard", &["audit"])
    };
    for (change, expected) in [
        (
            (|lived: &Lived| {
                let text = read(lived.path(), ".ledger/checkpoint").replacen("example", "examble", 1);
                lived.clone.write(".ledger/checkpoint", text);
            }) as fn(&Lived),
            "LED007 .ledger/checkpoint",
        ),
        (
            |lived| drop(lived.clone.git(&["rm", "--quiet", ".ledger/checkpoint"])),
            "LED007 .ledger/checkpoint",
        ),
        (
            |lived| lived.clone.write("plugins/alpha/main.py", "print('past the gate')\n"),
            "IMM033 plugins/alpha/plugin.spec.json",
        ),
    ] {
        let checked = tampered(change);
        assert_eq!(checked.status, 1);
        assert!(checked.findings().contains(&expected.to_string()), "{expected}: {:?}", checked.findings());
    }
}

#[test]
fn a_report_counts_the_rules_that_ran() {
    let lived = recorded();
    let counted = |arguments: &[&str]| {
        let output = run("id-guard", lived.path(), &[arguments, &["--format", "json"]].concat());
        let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        report["checked"]["rules"].as_u64().or(report["rules"].as_u64()).unwrap()
    };
    let all = codes::ALL.len() as u64;
    let audited = counted(&["audit"]);
    assert!(audited > 0 && audited < all, "{audited} of {all}");
    let sarif = run("id-guard", lived.path(), &["audit", "--format", "sarif"]);
    let sarif: serde_json::Value = serde_json::from_slice(&sarif.stdout).unwrap();
    let listed = sarif["runs"][0]["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(listed.len() as u64, audited);
    assert!(!listed.iter().any(|rule| rule["id"] == "CRD001"), "cards are not checked by an audit");
    assert!(listed.iter().any(|rule| rule["id"] == "LED012"));
}

#[test]
fn a_missing_tag_and_an_invalid_ledger_fail_every_command() {
    let lived = recorded();
    lived.clone.git(&["tag", "other"]);
    lived.clone.git(&["tag", "--delete", "plugin-alpha-1.0.0"]);
    assert_eq!(statuses(lived.path())[..3], [1, 1, 1]);
    let found = findings(&lived, "id-structure", &["check"]).findings();
    assert_eq!(found, ["IMM030 .ledger/ids.jsonl"]);
    lived.clone.git(&["fetch", "--quiet", "--tags", "origin"]);
    assert_eq!(statuses(lived.path()), [0, 0, 0, 0]);
    let lines = read(lived.path(), ".ledger/ids.jsonl");
    lived.clone.write(".ledger/ids.jsonl", lines.replacen("PLG_ALPHA", "PLG_ALPHB", 1));
    lived.clone.commit("edit the ledger");
    // Artifacts alone do not show it, so what was merged could not be compared.
    assert_eq!(statuses(lived.path())[..3], [1, 2, 1]);
}

#[test]
fn a_clone_without_tags_has_nothing_to_compare() {
    let lived = recorded();
    let directory = tempfile::tempdir().unwrap();
    let clone = directory.path().join("clone");
    let remote = lived.remote.path().to_str().unwrap();
    git(directory.path(), &["clone", "--quiet", "--no-tags", remote, clone.to_str().unwrap()], 0);
    for (binary, arguments) in
        [("id-guard", &["audit"][..]), ("id-tag", &["verify"]), ("id-guard", &["doctor"])]
    {
        let result = result(&clone, binary, arguments);
        assert!(result.text.contains("tags not checked here"), "{binary}: {}", result.text);
        assert!(!result.text.contains("IMM030"), "{binary}: {}", result.text);
    }
    assert_eq!(result(&clone, "id-tag", &["verify"]).status, 0);
    assert!(result(&clone, "id-tag", &["plan"]).text.contains("this clone has no tags at all"));
    // With another tag, the missing one is missed.
    git(&clone, &["tag", "other"], 0);
    assert_eq!(result(&clone, "id-tag", &["verify"]).status, 1);
    assert!(result(&clone, "id-guard", &["audit"]).text.contains("IMM030"));
}

#[test]
fn the_repositorys_own_trust_counts() {
    let scripted = crate::support::registry::begun();
    let keys = tempfile::tempdir().unwrap();
    let key = |name: &str, arguments: &[&str]| {
        let file = keys.path().join(name);
        let text = ledger_does(
            scripted.path(),
            &[&["key", "generate"], arguments, &["--out", file.to_str().unwrap()]].concat(),
        );
        (file, text.lines().last().unwrap().to_string())
    };
    let (log, log_key) = key("log", &[ORIGIN]);
    let (witness, witness_key) = key("witness", &["witness.example/w1", "--witness"]);
    let (_, other_key) = key("other", &[ORIGIN]);
    ledger_does(scripted.path(), &["record", "--key-file", log.to_str().unwrap()]);
    scripted.commit("record");
    let policy = read(scripted.path(), "policy-packs/policy.yaml");
    let verify =
        |arguments: &[&str]| result(scripted.path(), "id-ledger", &[&["verify"], arguments].concat());
    scripted.write("policy-packs/policy.yaml", format!("{policy}  key: {log_key}\n"));
    scripted.commit("the right key");
    let text = verify(&[]);
    assert!(text.status == 0 && text.text.contains("(policy key)"), "{}", text.text);
    scripted.write("policy-packs/policy.yaml", format!("{policy}  key: {other_key}\n"));
    scripted.commit("another key");
    let text = verify(&[]);
    assert!(text.status == 1 && text.text.contains("LED011"), "{}", text.text);
    assert_eq!(verify(&["--trust", "none"]).status, 0);
    scripted.write("policy-packs/policy.yaml", policy);
    scripted.write(
        ".ledger/trust.policy",
        format!("log {log_key}\nwitness w1 {witness_key}\ngroup all all w1\nquorum all\n"),
    );
    scripted.commit("a witness");
    for (binary, arguments) in
        [("id-ledger", &["verify"][..]), ("id-guard", &["audit"]), ("id-guard", &["doctor"])]
    {
        let result = result(scripted.path(), binary, arguments);
        assert!(result.status == 1 && result.text.contains("LED011"), "{binary}: {}", result.text);
    }
    let checkpoint = scripted.path().join(".ledger/checkpoint");
    let checkpoint = checkpoint.to_str().unwrap();
    ledger_does(
        scripted.path(),
        &[
            "checkpoint",
            "cosign",
            checkpoint,
            "--key",
            &log_key,
            "--key-file",
            witness.to_str().unwrap(),
            "--first",
            "--out",
            checkpoint,
        ],
    );
    scripted.commit("cosigned");
    let text = verify(&[]);
    assert!(text.status == 0 && text.text.contains("witnesses 1 of 1: w1"), "{}", text.text);
    scripted.write(".ledger/trust.policy", "quorum nobody\n");
    scripted.commit("not a trust policy");
    let text = verify(&[]);
    assert!(text.status == 1 && text.text.contains("invalid trust policy"), "{}", text.text);
}

/// Runs `id-guard ci` for an event; returns the exit status and the output.
fn ci(lived: &Lived, name: &str, body: &str, arguments: &[&str]) -> RunResult {
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("event.json");
    std::fs::write(&file, body).unwrap();
    let words = ["ci", "--event", file.to_str().unwrap(), "--event-name", name];
    result(lived.path(), "id-guard", &[&words[..], arguments].concat())
}

#[test]
fn a_push_is_checked_for_what_was_there_before_it_and_a_pull_request_is_not_blamed() {
    let lived = recorded();
    let push = |before: &str, after: &str| {
        format!(
            r#"{{"ref":"refs/heads/main","before":"{before}","after":"{after}","repository":{{"default_branch":"main"}}}}"#
        )
    };
    let step = |change: &dyn Fn()| {
        let before = lived.clone.git(&["rev-parse", "HEAD"]);
        change();
        lived.clone.commit("step");
        lived.push();
        (before, lived.clone.git(&["rev-parse", "HEAD"]))
    };
    // The job that records this push may still run.
    let (before, after) = step(&|| alpha(&lived.clone, "1.1.0", ""));
    let pushed = ci(&lived, "push", &push(&before, &after), &[]);
    assert!(pushed.status == 0 && !pushed.text.contains("LED012"), "{}", pushed.text);
    // It never ran: the next push finds it.
    let (before, after) = step(&|| lived.clone.write("notes.txt", "notes\n"));
    let pushed = ci(&lived, "push", &push(&before, &after), &[]);
    assert!(pushed.status == 1 && pushed.text.contains("error[LED012]"), "{}", pushed.text);
    // A pull request has not caused it, not even with `--fail-on warn`.
    lived.clone.git(&["switch", "--quiet", "--create", "change"]);
    lived.clone.write("notes.txt", "more notes\n");
    let head = lived.clone.commit("notes");
    let pull = format!(
        r#"{{"pull_request":{{"number":1,"base":{{"sha":"{after}","ref":"main"}},"head":{{"sha":"{head}"}}}}}}"#
    );
    for arguments in [&[][..], &["--fail-on", "warn"]] {
        let checked = ci(&lived, "pull_request", &pull, arguments);
        assert!(checked.status == 0 && checked.text.contains("warning[LED012]"), "{}", checked.text);
    }
    lived.clone.git(&["switch", "--quiet", "main"]);
    assert_eq!(lived.write(&[]).status, 0);
    let pushed = ci(&lived, "push", &push(&before, &after), &[]);
    assert!(pushed.status == 0, "{}", pushed.text);
    let checked = ci(&lived, "pull_request", &pull, &[]);
    assert!(checked.status == 0 && !checked.text.contains("LED012"), "{}", checked.text);
}
