//! The base that a change is compared with: flags, events, pre-push lines, the upstream; and inputs without a valid base.

use crate::support::{CARD, Checked, base_repository, card, check, check_with_input, run};
use scripted::Scripted;

const ZERO: &str = "0000000000000000000000000000000000000000";

/// A clone whose `origin/main` is at `base`; its branch `change` edits a card.
struct Forked {
    _origin: Scripted,
    clone: Scripted,
    base: String,
    head: String,
}

fn forked() -> Forked {
    let origin = base_repository();
    let base = origin.git(&["rev-parse", "HEAD"]);
    let clone = Scripted::new();
    clone.git(&["remote", "add", "origin", origin.path().to_str().unwrap()]);
    clone.git(&["fetch", "--quiet", "origin"]);
    clone.git(&["remote", "set-head", "origin", "main"]);
    clone.git(&["checkout", "--quiet", "-b", "change", "--track", "origin/main"]);
    clone.write(CARD, card("PLG_OTHER", "previews@example.org"));
    let head = clone.commit("edit");
    Forked { _origin: origin, clone, base, head }
}

fn explained(scripted: &Scripted, arguments: &[&str]) -> String {
    let output = run("id-guard", scripted.path(), &[&["check", "--explain-base"], arguments].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stdout).unwrap()
}

fn checked_against(checked: &Checked, base: &str) {
    assert_eq!(checked.status, 1, "{}", checked.errors());
    assert_eq!(checked.report["checked"]["base"], base);
    assert_eq!(checked.findings(), [format!("IMM001 {CARD}")]);
}

fn event(forked: &Forked, name: &str, payload: &str) -> Checked {
    forked.clone.write(".git/event.json", payload);
    check(forked.clone.path(), &["check", "--event", ".git/event.json", "--event-name", name])
}

#[test]
fn the_flag_comes_first() {
    let forked = forked();
    checked_against(&check(forked.clone.path(), &["check", "--base", "origin/main"]), &forked.base);
    checked_against(&check(forked.clone.path(), &["check", "--base", &forked.base]), &forked.base);
    let steps = explained(&forked.clone, &["--base", "origin/main"]);
    assert!(steps.contains("from --base"), "{steps}");
}

#[test]
fn the_upstream_comes_last_and_the_remotes_head_behind_it() {
    let forked = forked();
    checked_against(&check(forked.clone.path(), &["check"]), &forked.base);
    assert!(explained(&forked.clone, &[]).contains("the upstream of this branch"));
    forked.clone.git(&["branch", "--unset-upstream"]);
    checked_against(&check(forked.clone.path(), &["check"]), &forked.base);
    assert!(explained(&forked.clone, &[]).contains("origin/HEAD"));
    forked.clone.git(&["remote", "set-head", "origin", "--delete"]);
    checked_against(&check(forked.clone.path(), &["check"]), &forked.base);
    assert!(explained(&forked.clone, &[]).contains("the usual name of a base branch"));
    forked.clone.git(&["update-ref", "-d", "refs/remotes/origin/main"]);
    let checked = check(forked.clone.path(), &["check"]);
    assert_eq!(checked.status, 2);
    assert!(checked.errors().contains("no base branch found"), "{}", checked.errors());
}

#[test]
fn events_name_base_and_head() {
    let forked = forked();
    let (base, head) = (&forked.base, &forked.head);
    let pull =
        format!(r#"{{"pull_request":{{"base":{{"sha":"{base}","ref":"main"}},"head":{{"sha":"{head}"}}}}}}"#);
    for name in ["pull_request", "pull_request_target"] {
        checked_against(&event(&forked, name, &pull), base);
    }
    let queue = format!(r#"{{"merge_group":{{"base_sha":"{base}","head_sha":"{head}"}}}}"#);
    checked_against(&event(&forked, "merge_group", &queue), base);
    let push = |before: &str, forced: bool| {
        format!(
            r#"{{"before":"{before}","after":"{head}","forced":{forced},"repository":{{"default_branch":"main"}}}}"#
        )
    };
    checked_against(&event(&forked, "push", &push(base, false)), base);
    // A new branch, and one that was rewritten: its old tip is not here any more.
    checked_against(&event(&forked, "push", &push(ZERO, false)), base);
    checked_against(&event(&forked, "push", &push("1234567890123456789012345678901234567890", true)), base);
    // Not rewritten, and not here: a shallow clone.
    let checked = event(&forked, "push", &push("1234567890123456789012345678901234567890", false));
    assert_eq!(checked.status, 2);
    assert!(checked.errors().contains("git fetch"), "{}", checked.errors());
}

#[test]
fn a_base_that_moved_on_is_used_fresh() {
    let forked = forked();
    forked._origin.write("README.md", "more\n");
    let fresh = forked._origin.commit("main moves on");
    forked.clone.git(&["fetch", "--quiet", "origin"]);
    let (base, head) = (&forked.base, &forked.head);
    let pull =
        format!(r#"{{"pull_request":{{"base":{{"sha":"{base}","ref":"main"}},"head":{{"sha":"{head}"}}}}}}"#);
    let checked = event(&forked, "pull_request", &pull);
    checked_against(&checked, &fresh);
    assert_eq!(
        checked.report["checked"]["merge_base"], *base,
        "what the change did is seen from where it began"
    );
}

#[test]
fn an_event_without_commits_cannot_be_checked() {
    let forked = forked();
    for (name, payload) in
        [("schedule", "{}"), ("pull_request", "{}"), ("push", "["), ("push", r#"{"before":1}"#)]
    {
        let checked = event(&forked, name, payload);
        assert_eq!(checked.status, 2, "{name} {payload}");
    }
    let gone = format!(r#"{{"before":"{}","after":"{ZERO}"}}"#, forked.base);
    assert_eq!(event(&forked, "push", &gone).status, 2, "a deleted branch is not checked");
}

#[test]
fn pre_push_lines_name_what_is_pushed() {
    let forked = forked();
    let (base, head) = (&forked.base, &forked.head);
    let push = |lines: &str| check_with_input(forked.clone.path(), &["check", "--pre-push"], lines);
    checked_against(&push(&format!("refs/heads/change {head} refs/heads/change {base}\n")), base);
    checked_against(&push(&format!("refs/heads/change {head} refs/heads/change {ZERO}\n")), base);
    checked_against(
        &push(&format!(
            "refs/heads/change {head} refs/heads/change 1234567890123456789012345678901234567890\n"
        )),
        base,
    );
    // A deletion brings nothing, neither does a push of nothing: a hook that ends with 2 would forbid them.
    for lines in [format!("(delete) {ZERO} refs/heads/change {head}\n"), String::new()] {
        let checked = push(&lines);
        assert_eq!((checked.status, checked.findings().len()), (0, 0), "{lines}: {}", checked.report);
        assert!(checked.report["messages"].to_string().contains("nothing to check"), "{}", checked.report);
    }
    for lines in ["refs/heads/change\n", "a b c d\n", "\u{1b}[31m x y z\n"] {
        assert_eq!(push(lines).status, 2, "{lines:?}");
    }
}

#[test]
fn a_shallow_clone_cannot_be_checked_and_the_fetch_command_is_printed() {
    let origin = base_repository();
    for number in 0..3 {
        origin.write("notes.txt", format!("{number}\n"));
        origin.commit("note");
    }
    let place = tempfile::tempdir().unwrap();
    let url = format!("file://{}", origin.path().display());
    scripted::git(place.path(), &["clone", "--quiet", "--depth=2", &url, "clone"], 1_700_000_000);
    let clone = place.path().join("clone");
    for arguments in [&["audit"][..], &["check", "--base", "0123456789012345678901234567890123456789"]] {
        let checked = check(&clone, arguments);
        assert_eq!(checked.status, 2, "{arguments:?}");
        assert!(checked.errors().contains("git fetch"), "{}", checked.errors());
    }
    // A range that a shallow clone contains completely is checked.
    assert_eq!(check(&clone, &["check", "--base", "HEAD~1"]).status, 0);
}

#[test]
fn unrelated_histories_and_empty_ranges_cannot_be_checked() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    assert_eq!(check(scripted.path(), &["check", "--base", "base"]).status, 2, "nothing to check");
    scripted.git(&["checkout", "--quiet", "--orphan", "other"]);
    scripted.commit("unrelated");
    let checked = check(scripted.path(), &["check", "--base", "base"]);
    assert_eq!(checked.status, 2);
    assert!(checked.errors().contains("no common ancestor"));
    for name in ["nosuch", "--help", "", "HEAD^{/x}", "@{-1}", ":/x"] {
        assert_eq!(check(scripted.path(), &["check", &format!("--base={name}")]).status, 2, "{name}");
    }
}

#[test]
fn the_index_and_the_working_tree_are_checked_as_the_next_commit() {
    let scripted = base_repository();
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    assert_eq!(check(scripted.path(), &["check", "--worktree"]).findings(), [format!("IMM001 {CARD}")]);
    assert_eq!(check(scripted.path(), &["check", "--staged"]).findings(), [] as [&str; 0]);
    scripted.git(&["add", "--all"]);
    assert_eq!(check(scripted.path(), &["check", "--staged"]).findings(), [format!("IMM001 {CARD}")]);
}

#[test]
fn a_tag_beside_a_branch_chooses_nothing() {
    let scripted = base_repository();
    scripted.git(&["checkout", "-q", "-b", "change"]);
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    scripted.commit("edit");
    scripted.git(&["tag", "main"]);
    scripted.write("README.md", "more\n");
    scripted.commit("more");
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!(checked.status, 2);
    assert!(checked.errors().contains("refs/tags/main"), "{}", checked.errors());
    assert_eq!(check(scripted.path(), &["check", "--base", "refs/heads/main"]).status, 1);
    assert_eq!(check(scripted.path(), &["check", "--base", "change~2"]).status, 1);
}

#[test]
fn a_planted_bare_repository_is_content() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    scripted.commit("edit");
    let planted = scripted.path().join("planted");
    scripted::git(scripted.path(), &["init", "--quiet", "--bare", "planted"], 0);
    let checked = check(&planted, &["check", "--base", "base"]);
    assert_eq!(checked.findings(), [format!("IMM001 {CARD}")], "{}", checked.errors());
    // A bare repository outside of another one is used.
    let place = tempfile::tempdir().unwrap();
    let url = format!("file://{}", scripted.path().display());
    scripted::git(place.path(), &["clone", "--quiet", "--bare", &url, "alone"], 0);
    assert_eq!(check(&place.path().join("alone"), &["audit", "--no-cache"]).status, 1);
}
