//! Policy at work: read from base, never from the change; levels; waivers that are used, unused and over.

use crate::support::{CARD, base_repository, card, check, run};

fn waiver(until: &str, path: &str) -> String {
    format!(
        "schema_version: 1\nwaivers:\n  - code: IMM001\n    path: {path}\n    reason: the key was a typo\n    owner: ada@example.org\n    until: \"{until}\"\n"
    )
}

#[test]
fn a_waiver_on_base_lets_a_finding_pass_and_is_reported() {
    let scripted = base_repository();
    scripted.write("policy-packs/waivers.yaml", waiver("2999-12-31", "ids/cards/*.yaml"));
    scripted.commit("waive");
    scripted.git(&["tag", "base"]);
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    scripted.commit("edit");
    let checked = check(scripted.path(), &["check", "--base", "base"]);
    assert_eq!(checked.status, 0, "{}", checked.report);
    assert_eq!(checked.report["findings"][0]["waived_by"]["owner"], "ada@example.org");
    let output = run("id-guard", scripted.path(), &["check", "--base", "base"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("waived[IMM001]") && text.contains("1 waived"), "{text}");
    let audit = check(scripted.path(), &["audit", "--no-cache"]);
    assert_eq!(audit.status, 0, "{}", audit.report);
}

#[test]
fn a_waiver_that_the_change_itself_brings_covers_nothing() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.write("policy-packs/waivers.yaml", waiver("2999-12-31", "ids/cards/*.yaml"));
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    scripted.commit("waive and edit");
    let checked = check(scripted.path(), &["check", "--base", "base"]);
    assert_eq!(checked.status, 1);
    assert!(checked.findings().contains(&format!("IMM001 {CARD}")), "{:?}", checked.findings());
    assert!(checked.findings().iter().any(|finding| finding.starts_with("POL001")));
}

#[test]
fn a_change_is_not_checked_by_a_policy_that_it_introduces() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.write("policy-packs/policy.yaml", "schema_version: 1\npacks: []\n");
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    scripted.commit("switch off and edit");
    let checked = check(scripted.path(), &["check", "--base", "base"]);
    assert!(checked.findings().contains(&format!("IMM001 {CARD}")), "{:?}", checked.findings());
}

#[test]
fn expired_and_unused_waivers_are_findings() {
    let scripted = base_repository();
    scripted.write("policy-packs/waivers.yaml", waiver("2020-01-01", "ids/cards/*.yaml"));
    scripted.commit("waive");
    scripted.git(&["tag", "base"]);
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    scripted.commit("edit");
    let checked = check(scripted.path(), &["check", "--base", "base"]);
    assert_eq!(checked.status, 1);
    let codes: Vec<String> = checked.findings().iter().map(|finding| finding[..6].to_string()).collect();
    assert!(codes.contains(&"IMM001".into()) && codes.contains(&"POL004".into()), "{codes:?}");

    let scripted = base_repository();
    scripted.write("policy-packs/waivers.yaml", waiver("2999-12-31", "nowhere/*"));
    scripted.commit("waive");
    let audit = check(scripted.path(), &["audit", "--no-cache"]);
    assert!(audit.findings().iter().any(|finding| finding.starts_with("POL005")), "{}", audit.report);
}

#[test]
fn levels_decide_what_fails() {
    for (level, status, findings) in [("deny", 1, 1), ("warn", 0, 1), ("allow", 0, 0)] {
        let scripted = base_repository();
        scripted.write(
            "policy-packs/policy.yaml",
            format!("schema_version: 1\nlevels:\n  card-changed: {level}\n"),
        );
        scripted.commit("policy");
        scripted.git(&["tag", "base"]);
        scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
        scripted.commit("edit");
        let checked = check(scripted.path(), &["check", "--base", "base"]);
        assert_eq!((checked.status, checked.findings().len()), (status, findings), "{level}");
    }
}

#[test]
fn an_operators_own_policy_is_named_in_the_report() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.write("README.md", "one\n");
    scripted.commit("one");
    scripted.write("README.md", "two\n");
    scripted.commit("two");
    let place = tempfile::tempdir().unwrap();
    let file = place.path().join("frozen.yaml");
    std::fs::write(&file, "schema_version: 1\npacks: []\npaths: [{match: README.md, discipline: frozen}]\n")
        .unwrap();
    let file = file.to_str().unwrap();
    let checked = check(scripted.path(), &["audit", "--no-cache", "--policy", file]);
    assert_eq!(checked.findings(), ["IMM004 README.md"]);
    assert_eq!(checked.report["checked"]["policy"], file);
    assert_eq!(check(scripted.path(), &["audit", "--policy", "/nonexistent.yaml"]).status, 2);
}

#[test]
fn several_reports_of_one_run() {
    let scripted = base_repository();
    scripted.git(&["tag", "base"]);
    scripted.write(CARD, card("PLG_OTHER", "previews@example.org"));
    scripted.commit("edit");
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name).display().to_string();
    let reports: Vec<String> = [
        ("json", "a.json"),
        ("sarif", "a.sarif"),
        ("junit", "a.xml"),
        ("summary", "a.md"),
        ("github", "a.txt"),
    ]
    .iter()
    .map(|(format, file)| format!("--report={format}={}", path(file)))
    .collect();
    let mut arguments = vec!["check", "--base", "base"];
    arguments.extend(reports.iter().map(String::as_str));
    assert_eq!(run("id-guard", scripted.path(), &arguments).status.code(), Some(1));
    let read = |name: &str| std::fs::read_to_string(path(name)).unwrap();
    let sarif: serde_json::Value = serde_json::from_str(&read("a.sarif")).unwrap();
    assert_eq!(sarif["runs"][0]["results"][0]["ruleId"], "IMM001");
    assert!(read("a.json").contains("\"IMM001\"") && read("a.xml").contains("IMM001"));
    assert!(read("a.md").contains("IMM001") && read("a.txt").starts_with("::error "));
    // A report that cannot be written makes the run fail.
    scripted.git(&["reset", "--quiet", "--hard", "base"]);
    scripted.write("README.md", "x\n");
    scripted.commit("fine");
    assert_eq!(run("id-guard", scripted.path(), &["check", "--base", "base"]).status.code(), Some(0));
    let inside_a_file = format!("--report=json={}", path("a.json/x"));
    let output = run("id-guard", scripted.path(), &["check", "--base", "base", &inside_a_file]);
    assert_eq!(output.status.code(), Some(2));
}
