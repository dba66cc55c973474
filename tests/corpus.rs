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
