//! A real history of another project: the findings about its append-only files match a list prepared beforehand.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::support::check;

#[test]
fn a_registry_index_under_append_only() {
    let Some(corpus) = std::env::var_os("ID_GUARD_CORPUS").map(PathBuf::from) else {
        crate::support::skip("ID_GUARD_CORPUS is not set");
        return;
    };
    let histories = corpus.join("histories");
    let place = tempfile::tempdir().unwrap();
    let bundle = histories.join("registry-index.bundle");
    scripted::git(place.path(), &["clone", "--quiet", "--bare", bundle.to_str().unwrap(), "index.git"], 0);
    let policy = place.path().join("append-only.yaml");
    std::fs::write(
        &policy,
        "schema_version: 1\npacks: []\npaths:\n  - match: '*/**'\n    discipline: append-only\n",
    )
    .unwrap();
    let policy = policy.to_str().unwrap();
    let expected =
        std::fs::read_to_string(histories.join("registry-index.append-only.expected.txt")).unwrap();
    let expected: BTreeSet<String> = expected.lines().map(|line| line[..40].to_string()).collect();
    assert_eq!(expected.len(), 204);

    let repository = place.path().join("index.git");
    let deltas = check(&repository, &["audit", "--no-cache", "--policy", policy]);
    let named = deltas.report["findings"].as_array().unwrap().iter();
    let named: BTreeSet<String> =
        named.map(|finding| finding["commit"].as_str().unwrap().to_string()).collect();
    assert_eq!(named, expected);
    let whole = check(&repository, &["audit", "--verify-objects", "--policy", policy]);
    assert_eq!(deltas.report, whole.report, "deltas and whole objects agree");
}

#[test]
fn a_plugin_index_under_versions_and_collections() {
    let Some(corpus) = std::env::var_os("ID_GUARD_CORPUS").map(PathBuf::from) else {
        crate::support::skip("ID_GUARD_CORPUS is not set");
        return;
    };
    let histories = corpus.join("histories");
    let expected = |name: &str| -> BTreeSet<String> {
        let text =
            std::fs::read_to_string(histories.join(format!("krew-index.{name}.expected.txt"))).unwrap();
        text.lines().map(|line| line[..40].to_string()).collect()
    };
    let place = tempfile::tempdir().unwrap();
    let bundle = histories.join("krew-index.bundle");
    scripted::git(place.path(), &["clone", "--quiet", "--bare", bundle.to_str().unwrap(), "index.git"], 0);
    let policy = place.path().join("krew.yaml");
    std::fs::write(
        &policy,
        "schema_version: 1\npacks: []\npaths:\n  - match: plugins/*.yaml\n    fields: {/spec/version: increasing}\n    collection: {at: /spec/platforms, key: [/uri, /sha256], elements: free, additions: forbidden, while: /spec/version}\n",
    )
    .unwrap();
    let policy = policy.to_str().unwrap();
    let audited = check(&place.path().join("index.git"), &["audit", "--no-cache", "--policy", policy]);
    let findings = audited.report["findings"].as_array().unwrap();
    let text = |finding: &serde_json::Value, key: &str| finding[key].as_str().unwrap_or_default().to_string();
    let commits = |wanted: &dyn Fn(&serde_json::Value) -> bool| -> BTreeSet<String> {
        findings.iter().filter(|finding| wanted(finding)).map(|finding| text(finding, "commit")).collect()
    };
    let decreased = |finding: &serde_json::Value| text(finding, "message").contains("version decreased");
    assert_eq!(commits(&decreased), expected("version-decreased"));
    let collections = ["IMM035", "IMM036", "IMM038"].map(String::from);
    let changed = |finding: &serde_json::Value| collections.contains(&text(finding, "code"));
    assert_eq!(commits(&changed), expected("same-version-other-artifacts"));
    // One document repeats a key for one commit, and one commit replaces a version by a word.
    let mut others: Vec<String> = findings
        .iter()
        .filter(|finding| !decreased(finding) && !changed(finding))
        .map(|finding| format!("{} {}", text(finding, "code"), text(finding, "path")))
        .collect();
    others.sort();
    assert_eq!(
        others,
        ["IMM025 plugins/krew.yaml", "IMM028 plugins/promdump.yaml", "IMM034 plugins/promdump.yaml"]
    );
}
