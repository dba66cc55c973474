//! Runs `id-guard ci` locally: the policy that applies, pushes of several commits, the audit of an adopted repository.

use crate::support::registry::{ONE, TWO, begun, mint, publish};
use crate::support::run;
use scripted::Scripted;

/// The result of a run: its exit status, the codes that it found, and its output.
struct Outcome {
    status: i32,
    codes: Vec<String>,
    text: String,
}

fn ci(scripted: &Scripted, event: Option<(&str, String)>, arguments: &[&str]) -> Outcome {
    let place = tempfile::tempdir().unwrap();
    let reports = place.path().join("reports");
    let mut words = vec!["ci".to_string(), "--reports".into(), reports.display().to_string()];
    if let Some((name, body)) = event {
        let file = place.path().join("event.json");
        std::fs::write(&file, body).unwrap();
        words.extend(["--event".into(), file.display().to_string(), "--event-name".into(), name.into()]);
    }
    words.extend(arguments.iter().map(ToString::to_string));
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let output = run("id-guard", scripted.path(), &words);
    let report = std::fs::read(reports.join("report.json")).unwrap_or_default();
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap_or_default();
    let findings = report["findings"].as_array().cloned().unwrap_or_default();
    let failing = findings.iter().filter(|finding| finding["waived_by"].is_null());
    Outcome {
        status: output.status.code().unwrap(),
        codes: failing.map(|finding| finding["code"].as_str().unwrap().to_string()).collect(),
        text: String::from_utf8([output.stdout, output.stderr].concat()).unwrap(),
    }
}

fn pull(base: &str, head: &str) -> Option<(&'static str, String)> {
    let body = format!(
        r#"{{"pull_request":{{"number":1,"base":{{"sha":"{base}","ref":"main"}},"head":{{"sha":"{head}"}}}}}}"#
    );
    Some(("pull_request", body))
}

fn push(before: &str, after: &str) -> Option<(&'static str, String)> {
    let body = format!(
        r#"{{"ref":"refs/heads/main","before":"{before}","after":"{after}","repository":{{"default_branch":"main"}}}}"#
    );
    Some(("push", body))
}

const LOOSE: &str = "schema_version: 1\npacks: []\nlevels: {IMM001: allow, POL001: allow}\n";

#[test]
fn a_change_is_not_checked_by_its_own_policy() {
    let scripted = begun();
    mint(&scripted, ONE, "one");
    publish(&scripted, ONE, "one", "1.0.0");
    let base = scripted.commit("start");
    scripted.git(&["update-ref", "refs/remotes/origin/strict", &base]);
    scripted.git(&["switch", "--quiet", "--create", "loosen"]);
    scripted.write("policy-packs/policy.yaml", LOOSE);
    let loose = scripted.commit("loosen");
    let card = format!("ids/cards/{ONE}.yaml");
    let text = crate::support::registry::read(scripted.path(), &card).replace("one@", "two@");
    scripted.write(&card, text);
    let head = scripted.commit("edit");
    // Its tip, the commit it started from, and a branch that started from it.
    scripted.git(&["switch", "--quiet", "--create", "beside", &loose]);
    scripted.write("README.md", "more\n");
    let beside = scripted.commit("beside");
    for own in [&head, &loose, &beside] {
        scripted.git(&["update-ref", "refs/remotes/origin/own", own]);
        let output = ci(&scripted, pull(&base, &head), &["--policy-from", "own"]);
        assert_eq!(output.status, 2, "{}", output.text);
        assert!(output.text.contains("part of the change"), "{}", output.text);
    }
    let output = ci(&scripted, pull(&base, &head), &["--policy-from", "strict"]);
    assert!(output.status == 1 && output.codes.contains(&"IMM001".into()), "{}", output.text);
}

#[test]
fn every_commit_of_a_push_is_a_change() {
    let scripted = begun();
    let before = scripted.git(&["rev-parse", "HEAD"]);
    for (ulid, name) in [(ONE, "one"), (TWO, "two")] {
        scripted.git(&["switch", "--quiet", "--create", name, &before]);
        let who = ["--owner", "a@example.org", "--operation", "render", "--ulid", ulid];
        assert!(run("id-plugin", scripted.path(), &[&["new", name], &who[..]].concat()).status.success());
        scripted.commit(name);
        scripted.git(&["switch", "--quiet", "main"]);
        scripted.git(&["merge", "--quiet", "--no-ff", "-m", "merge", name]);
    }
    let after = scripted.git(&["rev-parse", "HEAD"]);
    let output = ci(&scripted, push(&before, &after), &[]);
    assert_eq!((output.status, &output.codes[..]), (0, &[][..]), "{}", output.text);
    // In one change they are too much, pushed or not.
    let both = scripted.git(&["commit-tree", "main^{tree}", "-p", &before, "-m", "both"]);
    for event in [push(&before, &both), pull(&before, &both)] {
        let output = ci(&scripted, event, &[]);
        assert!(output.status == 1 && output.codes.contains(&"ONE004".into()), "{}", output.text);
    }
}

#[test]
fn an_unadopted_plugin_is_not_reported_and_its_waivers_count_as_used() {
    let scripted = begun();
    scripted.write("plugins/legacy/run.py", "print('hello')\n");
    mint(&scripted, ONE, "one");
    publish(&scripted, ONE, "one", "1.0.0");
    scripted.commit("start");
    let output = ci(&scripted, None, &["--command", "audit"]);
    assert!(output.text.contains("plugins/legacy contains no plugin.spec.json"), "{}", output.text);
    assert!(
        !output.text.contains("plugins/legacy\n") && output.codes.contains(&"STR001".into()),
        "{}",
        output.text
    );
    // A spec makes it a plugin, and then a waiver may be needed, and is not called unused.
    let waivers = "schema_version: 1\nwaivers:\n  - {code: STR001, path: plugins/**, owner: a@example.org, reason: later, until: 2099-01-01}\n";
    scripted.write("policy-packs/waivers.yaml", waivers);
    scripted.commit("wait");
    let output = ci(&scripted, None, &["--command", "audit"]);
    assert!(
        !output.codes.contains(&"STR001".into()) && !output.codes.contains(&"POL005".into()),
        "{:?} {}",
        output.codes,
        output.text
    );
}

#[cfg(unix)]
#[test]
fn no_report_is_written_through_a_link_of_the_change() {
    let scripted = begun();
    let victim = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(victim.path(), scripted.path().join("reports")).unwrap();
    let output = ci(&scripted, None, &["--command", "audit", "--report", "junit=reports/out.xml"]);
    assert!(output.status == 2 && output.text.contains("reports is a link"), "{}", output.text);
    assert_eq!(std::fs::read_dir(victim.path()).unwrap().count(), 0);
}
