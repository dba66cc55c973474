//! Real histories of other projects: the findings match lists prepared beforehand by other means.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::{Checked, check};

/// A history, cloned from its bundle.
struct History {
    histories: PathBuf,
    place: tempfile::TempDir,
    name: &'static str,
}

impl History {
    /// Clones a history; `None` without the corpus, which is counted.
    fn open(name: &'static str) -> Option<History> {
        let Some(corpus) = std::env::var_os("ID_GUARD_CORPUS").map(PathBuf::from) else {
            crate::support::skip("ID_GUARD_CORPUS is not set");
            return None;
        };
        let histories = corpus.join("histories");
        let place = tempfile::tempdir().unwrap();
        let bundle = histories.join(format!("{name}.bundle"));
        scripted::git(
            place.path(),
            &["clone", "--quiet", "--bare", bundle.to_str().unwrap(), "history.git"],
            0,
        );
        Some(History { histories, place, name })
    }

    /// Audits it under a policy of these entries.
    fn audit(&self, paths: &str, arguments: &[&str]) -> Checked {
        let policy = self.place.path().join("policy.yaml");
        std::fs::write(&policy, format!("schema_version: 1\npacks: []\npaths:\n{paths}")).unwrap();
        let arguments = [&["audit", "--policy", policy.to_str().unwrap()], arguments].concat();
        check(&self.place.path().join("history.git"), &arguments)
    }

    /// The commits of a list.
    fn expected(&self, list: &str) -> BTreeSet<String> {
        let file = self.histories.join(format!("{}.{list}.expected.txt", self.name));
        std::fs::read_to_string(file).unwrap().lines().map(|line| line[..40].to_string()).collect()
    }
}

fn text(finding: &Value, key: &str) -> String {
    finding[key].as_str().unwrap_or_default().to_string()
}

fn findings(checked: &Checked) -> &Vec<Value> {
    checked.report["findings"].as_array().unwrap()
}

/// The commits of the findings that are wanted.
fn commits(checked: &Checked, wanted: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    findings(checked)
        .iter()
        .filter(|finding| wanted(finding))
        .map(|finding| text(finding, "commit"))
        .collect()
}

#[test]
fn a_registry_index_under_append_only() {
    let Some(history) = History::open("registry-index") else { return };
    let policy = "  - match: '*/**'\n    discipline: append-only\n";
    let expected = history.expected("append-only");
    assert_eq!(expected.len(), 204);
    let deltas = history.audit(policy, &["--no-cache"]);
    assert_eq!(commits(&deltas, |_| true), expected);
    let whole = history.audit(policy, &["--verify-objects"]);
    assert_eq!(deltas.report, whole.report, "deltas and whole objects agree");
}

#[test]
fn a_module_registry_under_sealed() {
    let Some(history) = History::open("bazel-central-registry") else { return };
    let expected = history.expected("sealed");
    assert_eq!(expected.len(), 69);
    let sealed = history.audit("  - unit: modules/*/*\n    discipline: sealed\n", &["--no-cache"]);
    assert_eq!(commits(&sealed, |_| true), expected);
}

#[test]
fn a_plugin_index_under_removal() {
    let Some(history) = History::open("krew-index") else { return };
    let expected = history.expected("manifest-deleted");
    assert_eq!(expected.len(), 11);
    // Two of the deleted manifests had the ending `.yml`.
    let policy = "  - match: plugins/*.y*ml\n    fields: {/metadata/name: once}\n    removal: forbidden\n";
    let audited = history.audit(policy, &["--no-cache"]);
    assert_eq!(commits(&audited, |finding| finding["code"] == "IMM005"), expected);
}

#[test]
fn a_plugin_index_under_versions_and_collections() {
    let Some(history) = History::open("krew-index") else { return };
    let audited = history.audit(
        "  - match: plugins/*.yaml\n    fields: {/spec/version: increasing}\n    collection: {at: /spec/platforms, key: [/uri, /sha256], elements: free, additions: forbidden, while: /spec/version}\n",
        &["--no-cache"],
    );
    let decreased = |finding: &Value| text(finding, "message").contains("version decreased");
    assert_eq!(commits(&audited, decreased), history.expected("version-decreased"));
    let changed = |finding: &Value| ["IMM035", "IMM036", "IMM038"].contains(&text(finding, "code").as_str());
    assert_eq!(commits(&audited, changed), history.expected("same-version-other-artifacts"));
    // One document repeats a key for one commit, which no YAML 1.2 reader accepts, and one commit replaces a version by a word: that
    // is not a decrease, and the list of decreases does not contain it.
    let others = findings(&audited).iter().filter(|finding| !decreased(finding) && !changed(finding));
    let mut others: Vec<String> = others
        .map(|finding| {
            let (code, path, message) =
                (text(finding, "code"), text(finding, "path"), text(finding, "message"));
            format!("{code} {} {path} {message}", &text(finding, "commit")[..7])
        })
        .collect();
    others.sort();
    assert_eq!(others.len(), 3, "{others:#?}");
    assert_eq!(
        others[0],
        "IMM025 633deff plugins/krew.yaml `/spec/version`: 652e113 is not a semver version"
    );
    assert!(others[1].starts_with("IMM028") && others[1].contains("plugins/promdump.yaml"), "{}", others[1]);
    assert!(others[2].starts_with("IMM034") && others[2].contains("plugins/promdump.yaml"), "{}", others[2]);
    // The commits before and after the word break no rule: a repair is not blamed, and the same version in another spelling is not a decrease.
    let of_krew =
        |finding: &Value| text(finding, "path") == "plugins/krew.yaml" && finding["code"] == "IMM025";
    assert_eq!(commits(&audited, of_krew).len(), 1);
}

#[test]
fn a_plugin_index_is_adopted_with_its_preset() {
    let Some(history) = History::open("krew-index") else { return };
    let list = history.place.path().join("known.jsonl");
    let policy = "  - match: plugins/*.yaml\n    fields: {/spec/version: increasing}\n";
    let written = history.audit(policy, &["--no-cache", "--write-baseline", list.to_str().unwrap()]);
    let lines = std::fs::read_to_string(&list).unwrap().lines().count();
    assert_eq!((written.status, lines), (0, findings(&written).len()));
    let again = history.audit(policy, &["--no-cache", "--baseline", list.to_str().unwrap()]);
    assert_eq!(again.status, 0);
    assert!(findings(&again).iter().all(|finding| finding["status"] == "known"));
    assert_eq!(status_without(&history, policy), 1);
}

fn status_without(history: &History, policy: &str) -> i32 {
    history.audit(policy, &["--no-cache"]).status
}
