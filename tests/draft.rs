//! Drafts and ends: what is not published changes freely, what is published is retired before it is deleted, and a move is named.

use crate::support::{check, run};
use scripted::Scripted;

const ALPHA: &str = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3";

/// A repository with a ledger; `arguments` are those of `id-plugin new Alpha`.
fn begun(arguments: &[&str]) -> Scripted {
    let scripted = Scripted::new();
    tool(&scripted, "id-guard", &["init", "--minimal", "--origin", "example.org/p"]);
    let new = ["new", "Alpha", "--owner", "a@example.org", "--ulid", ALPHA];
    tool(&scripted, "id-plugin", &[&new, arguments].concat());
    scripted.commit("alpha");
    record(&scripted);
    scripted
}

fn tool(scripted: &Scripted, name: &str, arguments: &[&str]) -> String {
    let output = run(name, scripted.path(), arguments);
    assert!(output.status.success(), "{name} {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn record(scripted: &Scripted) {
    tool(scripted, "id-guard", &["post-merge", "--local"]);
}

/// The types of the ledger's events of the plugin, in order.
fn events(scripted: &Scripted) -> Vec<String> {
    let text = std::fs::read_to_string(scripted.path().join(".ledger/ids.jsonl")).unwrap();
    let of_plugin = text.lines().filter(|line| line.contains(ALPHA));
    let kind = |line: &str| {
        line.split("\"type\":\"").nth(1).and_then(|rest| rest.split('"').next()).map(String::from)
    };
    of_plugin.filter_map(kind).collect()
}

fn edit(scripted: &Scripted, from: &str, to: &str) {
    let path = scripted.path().join("plugins/alpha/plugin.spec.json");
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(from), "{from}: {text}");
    std::fs::write(path, text.replace(from, to)).unwrap();
    tool(scripted, "id-plugin", &["generate"]);
}

/// Commits a change on a branch, checks it, and merges and records it where it passes.
fn change(scripted: &Scripted, expected: &[&str]) {
    scripted.git(&["switch", "--quiet", "-C", "change"]);
    scripted.commit("change");
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!(checked.findings(), expected, "{}", checked.report);
    if expected.is_empty() {
        scripted.git(&["switch", "--quiet", "main"]);
        scripted.git(&["merge", "--quiet", "--no-edit", "change"]);
        record(scripted);
    } else {
        scripted.git(&["switch", "--quiet", "main"]);
    }
}

#[test]
fn a_draft_is_recorded_and_not_published() {
    let scripted = begun(&["--draft"]);
    assert_eq!(events(&scripted), ["CREATE"]);
    // Its content and its version change freely.
    edit(&scripted, "0.1.0", "0.5.0");
    change(&scripted, &[]);
    scripted.write("plugins/alpha/src/notes.txt", "a\n");
    edit(&scripted, "0.5.0", "0.2.0");
    change(&scripted, &[]);
    scripted.write("plugins/alpha/src/notes.txt", "b\n");
    edit(&scripted, "0.2.0", "0.2.0");
    change(&scripted, &[]);
    assert_eq!(events(&scripted), ["CREATE"]);
    assert_eq!(scripted.git(&["tag"]), "");
    tool(&scripted, "id-plugin", &["publish", "PLG_ALPHA", "0.3.0"]);
    change(&scripted, &[]);
    assert_eq!(events(&scripted), ["CREATE", "PUBLISH"]);
    assert_eq!(scripted.git(&["tag"]).trim(), "plugin-alpha-0.3.0");
    tool(&scripted, "id-ledger", &["verify", "--rederive"]);
    // From now on it is published.
    scripted.write("plugins/alpha/src/notes.txt", "c\n");
    edit(&scripted, "0.3.0", "0.3.0");
    change(&scripted, &["IMM033 plugins/alpha/plugin.spec.json"]);
    edit(&scripted, "\"active\"", "\"draft\"");
    change(&scripted, &["CMP008 plugins/alpha/plugin.spec.json"]);
    assert!(!run("id-plugin", scripted.path(), &["publish", "alpha"]).status.success(), "it is active");
}

#[test]
fn a_draft_is_published_with_the_version_that_it_has() {
    let scripted = begun(&["--draft"]);
    let printed = tool(&scripted, "id-plugin", &["publish", "alpha"]);
    assert!(printed.contains("PLG_ALPHA 0.1.0 is published once this change is merged"), "{printed}");
    change(&scripted, &[]);
    assert_eq!(events(&scripted), ["CREATE", "PUBLISH"]);
}

#[test]
fn a_draft_is_deleted_and_a_published_plugin_is_retired_first() {
    let draft = begun(&["--draft"]);
    draft.git(&["rm", "--quiet", "-r", "plugins/alpha"]);
    change(&draft, &[]);
    let published = begun(&[]);
    published.git(&["rm", "--quiet", "-r", "plugins/alpha"]);
    // The report for people shows the cause alone.
    change(&published, &["ONE005 plugins/alpha/plugin.spec.json", "GEN003 ids/registry.yaml"]);
    edit(&published, "\"active\"", "\"retired\"");
    change(&published, &[]);
    assert_eq!(events(&published), ["CREATE", "PUBLISH", "DEPRECATE", "RETIRE"]);
    published.git(&["rm", "--quiet", "-r", "plugins/alpha"]);
    change(&published, &[]);
}

#[test]
fn a_move_is_named() {
    let scripted = begun(&[]);
    scripted.git(&["switch", "--quiet", "-c", "change"]);
    scripted.git(&["mv", "plugins/alpha", "plugins/alpha_two"]);
    tool(&scripted, "id-plugin", &["generate"]);
    scripted.commit("move");
    let printed = tool(&scripted, "id-guard", &["check", "--base", "main"]);
    let expected =
        "PLG_ALPHA moves from plugins/alpha to plugins/alpha_two; the ledger records a MOVE after the merge";
    assert!(printed.contains(expected), "{printed}");
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!(checked.report["messages"][0], expected);
}

#[test]
fn the_mode_of_a_derived_file_is_a_part_of_it() {
    let scripted = begun(&[]);
    for path in ["ids/registry.yaml", "plugins/alpha/manifest.json"] {
        scripted.git(&["switch", "--quiet", "-C", "change", "main"]);
        scripted.git(&["update-index", "--chmod=+x", path]);
        scripted.git(&["commit", "--quiet", "-m", "mode"]);
        scripted.git(&["checkout", "--quiet", "--force", "HEAD"]);
        let checked = check(scripted.path(), &["check", "--base", "main"]);
        assert_eq!(checked.status, 1, "{path}");
        assert!(checked.findings().iter().any(|finding| finding.ends_with(path)), "{:?}", checked.findings());
        let stale = run("id-registry", scripted.path(), &["build", "--check"]).status.code();
        assert_eq!(stale, Some(1), "{path}");
        tool(&scripted, "id-plugin", &["generate"]);
        tool(&scripted, "id-registry", &["build"]);
        scripted.commit("again");
        let checked = check(scripted.path(), &["check", "--base", "main"]);
        assert_eq!(checked.findings(), [] as [&str; 0], "{path}: the command of the help suffices");
    }
}
