//! Commits or files removed from the mainline by a direct push: the loss is reported, and no second ledger is started.

use crate::support::registry::{ONE, TWO, begun, events, ledger, ledger_does, mint, publish, read};
use crate::support::{Checked, check, run};
use scripted::Scripted;

/// A mainline with a recorded plugin version, and the commit before it.
fn recorded() -> (Scripted, String) {
    let scripted = begun();
    let before = scripted.git(&["rev-parse", "HEAD"]);
    mint(&scripted, ONE, "one");
    publish(&scripted, ONE, "one", "1.0.0");
    scripted.commit("publish");
    ledger_does(scripted.path(), &["record"]);
    scripted.commit("record");
    (scripted, before)
}

fn pushed(scripted: &Scripted, branch: &str, before: &str, after: &str) -> Checked {
    let event = format!(
        r#"{{"ref":"refs/heads/{branch}","before":"{before}","after":"{after}","forced":true,"repository":{{"default_branch":"main"}}}}"#
    );
    let path = scripted.path().join(".git/event.json");
    std::fs::write(&path, event).unwrap();
    check(scripted.path(), &["check", "--event", path.to_str().unwrap(), "--event-name", "push"])
}

#[test]
fn a_rewritten_mainline_is_compared_with_its_former_state() {
    let (scripted, before) = recorded();
    let former = scripted.git(&["rev-parse", "HEAD"]);
    // Reset to an earlier commit.
    let checked = pushed(&scripted, "main", &former, &before);
    assert_eq!(checked.status, 1, "{}", checked.report);
    let found = checked.findings();
    assert!(found.iter().any(|finding| finding.starts_with("LED001 ")), "{found:?}");
    assert!(found.iter().any(|finding| finding.starts_with("IMM002 ")), "{found:?}");
    // Reset, with a harmless commit on top.
    scripted.git(&["switch", "--quiet", "--detach", &before]);
    scripted.write("NEWS.md", "news\n");
    let after = scripted.commit("news");
    let checked = pushed(&scripted, "main", &former, &after);
    assert!(
        checked.findings().iter().any(|finding| finding.starts_with("LED001 ")),
        "{:?}",
        checked.findings()
    );
    // Other branches may be rewritten: they are changes that are not merged yet.
    assert_eq!(pushed(&scripted, "news", &former, &after).status, 0);
}

#[test]
fn no_second_ledger_replaces_a_deleted_one() {
    let (scripted, _) = recorded();
    let before = scripted.git(&["rev-parse", "HEAD"]);
    let lines = read(scripted.path(), ".ledger/ids.jsonl");
    scripted.git(&["rm", "-r", "--quiet", ".ledger"]);
    scripted.commit("away with it");
    for result in [
        ledger(scripted.path(), &["record"]),
        crate::support::registry::result_of(&run("id-guard", scripted.path(), &["post-merge", "--local"])),
    ] {
        assert_eq!(result.status, 2, "{}", result.text);
        assert!(
            result.text.contains(&format!("git checkout {} -- .ledger", &before[..7])),
            "{}",
            result.text
        );
    }
    assert!(!scripted.path().join(".ledger").exists());
    // After the restore command in the message, recording continues.
    scripted.git(&["checkout", "--quiet", &before, "--", ".ledger"]);
    assert_eq!(read(scripted.path(), ".ledger/ids.jsonl"), lines);
    mint(&scripted, TWO, "two");
    publish(&scripted, TWO, "two", "1.0.0");
    scripted.commit("two");
    ledger_does(scripted.path(), &["record"]);
    assert!(read(scripted.path(), ".ledger/ids.jsonl").starts_with(&lines));
}

#[test]
fn a_modified_card_past_the_gate_is_not_recorded() {
    let (scripted, _) = recorded();
    let card = format!("ids/cards/{ONE}.yaml");
    let edited = read(scripted.path(), &card).replace("one@example.org", "mallory@example.org");
    scripted.write(&card, edited);
    scripted.commit("mine now");
    let result = ledger(scripted.path(), &["record"]);
    assert_eq!(result.status, 1, "{}", result.text);
    assert!(result.text.contains("ID card was modified"), "{}", result.text);
    assert!(!events(scripted.path()).iter().any(|event| event.contains("TRANSFER")));
}

#[test]
fn an_invalid_policy_is_reported_with_its_position() {
    let (scripted, _) = recorded();
    scripted.write("policy-packs/policy.yaml", "schema_version: 1\npacks: [\n");
    scripted.commit("broken");
    let result =
        crate::support::registry::result_of(&run("id-guard", scripted.path(), &["post-merge", "--local"]));
    assert!(result.status == 2 && result.text.contains("policy-packs/policy.yaml:"), "{}", result.text);
}
