//! What is taken away from a mainline that somebody may push to: it is found, and no second story is told in its place.

use crate::support::registry::{ONE, TWO, begun, events, ledger, ledger_does, mint, publish, read};
use crate::support::{Judged, judge, run};
use scripted::Scripted;

/// A mainline with a plugin whose first version is recorded; and its state before.
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

fn pushed(scripted: &Scripted, branch: &str, before: &str, after: &str) -> Judged {
    let event = format!(
        r#"{{"ref":"refs/heads/{branch}","before":"{before}","after":"{after}","forced":true,"repository":{{"default_branch":"main"}}}}"#
    );
    let path = scripted.path().join(".git/event.json");
    std::fs::write(&path, event).unwrap();
    judge(scripted.path(), &["check", "--event", path.to_str().unwrap(), "--event-name", "push"])
}

#[test]
fn a_mainline_that_was_rewritten_is_held_against_what_stood_on_it() {
    let (scripted, before) = recorded();
    let stood = scripted.git(&["rev-parse", "HEAD"]);
    // Only cut back: nothing is new, and much is gone.
    let judged = pushed(&scripted, "main", &stood, &before);
    assert_eq!(judged.status, 1, "{}", judged.report);
    let found = judged.findings();
    assert!(found.iter().any(|finding| finding.starts_with("LED001 ")), "{found:?}");
    assert!(found.iter().any(|finding| finding.starts_with("IMM002 ")), "{found:?}");
    // Cut back, and something innocent on top.
    scripted.git(&["switch", "--quiet", "--detach", &before]);
    scripted.write("NEWS.md", "news\n");
    let after = scripted.commit("news");
    let judged = pushed(&scripted, "main", &stood, &after);
    assert!(
        judged.findings().iter().any(|finding| finding.starts_with("LED001 ")),
        "{:?}",
        judged.findings()
    );
    // A branch beside the mainline may be rewritten: it is a change that is still to be merged.
    assert_eq!(pushed(&scripted, "news", &stood, &after).status, 0);
}

#[test]
fn no_second_log_is_begun_where_one_stood() {
    let (scripted, _) = recorded();
    let before = scripted.git(&["rev-parse", "HEAD"]);
    let lines = read(scripted.path(), ".ledger/ids.jsonl");
    scripted.git(&["rm", "-r", "--quiet", ".ledger"]);
    scripted.commit("away with it");
    for told in [
        ledger(scripted.path(), &["record"]),
        crate::support::registry::told(&run("id-guard", scripted.path(), &["post-merge", "--local"])),
    ] {
        assert_eq!(told.status, 2, "{}", told.text);
        assert!(told.text.contains(&format!("git checkout {} -- .ledger", &before[..7])), "{}", told.text);
    }
    assert!(!scripted.path().join(".ledger").exists());
    // Brought back as it says, it goes on.
    scripted.git(&["checkout", "--quiet", &before, "--", ".ledger"]);
    assert_eq!(read(scripted.path(), ".ledger/ids.jsonl"), lines);
    mint(&scripted, TWO, "two");
    publish(&scripted, TWO, "two", "1.0.0");
    scripted.commit("two");
    ledger_does(scripted.path(), &["record"]);
    assert!(read(scripted.path(), ".ledger/ids.jsonl").starts_with(&lines));
}

#[test]
fn a_frozen_card_that_was_edited_past_the_gate_tells_nothing() {
    let (scripted, _) = recorded();
    let card = format!("ids/cards/{ONE}.yaml");
    let edited = read(scripted.path(), &card).replace("one@example.org", "mallory@example.org");
    scripted.write(&card, edited);
    scripted.commit("mine now");
    let told = ledger(scripted.path(), &["record"]);
    assert_eq!(told.status, 1, "{}", told.text);
    assert!(told.text.contains("a card is frozen"), "{}", told.text);
    assert!(!events(scripted.path()).iter().any(|event| event.contains("TRANSFER")));
}

#[test]
fn a_policy_that_cannot_be_read_is_told_with_its_place() {
    let (scripted, _) = recorded();
    scripted.write("policy-packs/policy.yaml", "schema_version: 1\npacks: [\n");
    scripted.commit("broken");
    let told = crate::support::registry::told(&run("id-guard", scripted.path(), &["post-merge", "--local"]));
    assert!(told.status == 2 && told.text.contains("policy-packs/policy.yaml:"), "{}", told.text);
}
