//! Published versions, and versions on base that will be published, in all kinds of changes.

use crate::support::check;
use crate::support::life::{BETA, LIFE, Lived, plugin};
use crate::support::registry::result_of;
use scripted::git;

const FINDING: &str = "IMM033 plugins/beta/plugin.spec.json";
const OWNER: &str = ",\"owner\":\"beta@example.org\"";

/// Alpha, beta and a guide, recorded; a branch is checked out.
fn recorded() -> Lived {
    let lived = Lived::begin();
    for (number, merge) in LIFE.iter().enumerate().take(5) {
        lived.merge(number, merge);
    }
    assert_eq!(lived.write(&[]).status, 0);
    lived.clone.git(&["switch", "--quiet", "--create", "change"]);
    lived
}

fn bump(lived: &Lived, version: &str, rest: &str) {
    plugin(&lived.clone, BETA, "beta", "PLG_BETA", version, &format!("{OWNER}{rest}"));
}

fn findings(lived: &Lived, arguments: &[&str]) -> Vec<String> {
    check(lived.path(), &[&["check", "--base", "main"], arguments].concat()).findings()
}

#[test]
fn each_commit_of_a_rebase_merge_is_protected() {
    let lived = recorded();
    bump(&lived, "1.1.0", "");
    lived.clone.commit("bump");
    lived.clone.write("plugins/beta/main.py", "more\n");
    lived.clone.commit("and more");
    assert_eq!(findings(&lived, &[]), Vec::<String>::new(), "as one commit it is one version");
    assert_eq!(findings(&lived, &["--per-commit"]), [FINDING]);
    assert_eq!(findings(&lived, &["--pushed"]), [FINDING]);
    // In the other order nothing is published twice.
    lived.clone.git(&["reset", "--quiet", "--hard", "main"]);
    bump(&lived, "1.1.0", "");
    lived.clone.write("plugins/beta/main.py", "more\n");
    lived.clone.commit("both");
    assert_eq!(findings(&lived, &["--per-commit"]), Vec::<String>::new());
}

#[test]
fn a_document_inside_another_artifact_is_protected_separately() {
    let lived = recorded();
    lived.clone.git(&["mv", "docs/guide.md", "plugins/beta/guide.md"]);
    bump(&lived, "1.1.0", "");
    lived.clone.commit("move");
    lived.clone.git(&["push", "--quiet", "origin", "change:main"]);
    lived.clone.git(&["switch", "--quiet", "main"]);
    lived.clone.git(&["merge", "--quiet", "change"]);
    let written = lived.write(&[]);
    assert_eq!(written.status, 0, "{}", written.text);
    lived.clone.git(&["switch", "--quiet", "--create", "edit"]);
    let text = std::fs::read_to_string(lived.path().join("plugins/beta/guide.md")).unwrap();
    lived.clone.write("plugins/beta/guide.md", format!("{text}more\n"));
    bump(&lived, "1.2.0", "");
    lived.clone.commit("edit");
    assert_eq!(findings(&lived, &[]), ["IMM033 plugins/beta/guide.md"]);
}

#[test]
fn legitimate_changes_do_not_modify_a_version() {
    // A declared change on a branch that is behind a base with another version.
    let lived = recorded();
    bump(&lived, "1.0.0", ",\"status\":\"deprecated\"");
    lived.clone.commit("deprecate");
    lived.clone.git(&["switch", "--quiet", "main"]);
    bump(&lived, "1.1.0", "");
    lived.clone.commit("bump");
    lived.push();
    assert_eq!(lived.write(&[]).status, 0);
    lived.clone.git(&["switch", "--quiet", "change"]);
    assert!(!findings(&lived, &[]).contains(&FINDING.to_string()));
    // A document that moves and leaves a note in its place.
    lived.clone.git(&["reset", "--quiet", "--hard", "main"]);
    lived.clone.git(&["mv", "docs/guide.md", "docs/manual.md"]);
    lived.clone.write("docs/guide.md", "# moved\n");
    lived.clone.commit("move");
    assert_eq!(findings(&lived, &[]), Vec::<String>::new());
    // A version that is taken back to the bytes of an earlier one.
    lived.clone.git(&["reset", "--quiet", "--hard", "main"]);
    bump(&lived, "1.0.0", "");
    lived.clone.commit("back");
    lived.clone.git(&["switch", "--quiet", "main"]);
    lived.clone.git(&["merge", "--quiet", "change"]);
    lived.push();
    let written = lived.write(&[]);
    assert_eq!(written.status, 0, "{}", written.text);
}

#[test]
fn restoring_with_other_whitespace_is_accepted() {
    let lived = recorded();
    let spec = lived.path().join("plugins/beta/plugin.spec.json");
    let first = std::fs::read_to_string(&spec).unwrap();
    let other = first.replace("beta@example.org", "new@example.org").replace(',', ", ");
    for text in [other.clone(), other.replace("new@example.org", "beta@example.org")] {
        std::fs::write(&spec, text).unwrap();
        lived.clone.commit("another reason");
        assert_eq!(findings(&lived, &[]), Vec::<String>::new());
        lived.clone.git(&["switch", "--quiet", "main"]);
        lived.clone.git(&["merge", "--quiet", "change"]);
        lived.push();
        let written = lived.write(&[]);
        assert_eq!(written.status, 0, "{}", written.text);
        lived.clone.git(&["switch", "--quiet", "change"]);
        lived.clone.git(&["merge", "--quiet", "main"]);
    }
}

#[test]
fn an_invalid_version_publishes_nothing_and_hides_nothing() {
    let lived = recorded();
    let spec = lived.path().join("plugins/beta/plugin.spec.json");
    let text = std::fs::read_to_string(&spec).unwrap();
    for version in ["1.0", " 1.0.0", "1.0.0 "] {
        std::fs::write(&spec, text.replace("\"1.0.0\"", &format!("\"{version}\""))).unwrap();
        lived.clone.write("plugins/beta/main.py", "evil\n");
        lived.clone.commit("disguise");
        assert!(findings(&lived, &[]).contains(&FINDING.to_string()), "{version:?}");
    }
}

#[test]
fn an_altered_tag_is_fetched_and_read() {
    let lived = recorded();
    let remote = lived.remote.path();
    let tag = git(remote, &["cat-file", "tag", "plugin-beta-1.0.0"], 0);
    lived.clone.write("../altered", tag.replace("SHA-256: ", "SHA-256: 0"));
    let file = lived.path().join("../altered");
    let id = git(remote, &["hash-object", "-t", "tag", "-w", "--literally", file.to_str().unwrap()], 0);
    git(remote, &["update-ref", "refs/tags/plugin-beta-1.0.0", &id], 0);
    let place = tempfile::tempdir().unwrap();
    let url = format!("file://{}", remote.display());
    git(place.path(), &["clone", "--quiet", "--no-tags", "--single-branch", &url, "fresh"], 0);
    let fresh = place.path().join("fresh");
    let verified = result_of(&crate::support::run("id-tag", &fresh, &["verify", "--remote", "origin"]));
    assert!(verified.status == 1 && verified.text.contains("IMM031"), "{}", verified.text);
    let written = crate::support::life::post_merge(&fresh, &[]);
    assert!(
        written.status == 1 && written.text.contains("with different content at origin"),
        "{}",
        written.text
    );
    assert!(result_of(&crate::support::run("id-registry", &fresh, &["get", BETA])).text.contains("PLG_BETA"));
}

const SCHEMA: &str = "plugins/beta/schemas/b.json";

/// Beta 1.1.0 with an operation that accepts texts and integers and a setting, recorded.
fn with_operation() -> Lived {
    let lived = recorded();
    lived.clone.git(&["switch", "--quiet", "main"]);
    operation(&lived, "1.1.0", r#"["string", "integer"]"#);
    lived.clone.commit("beta 1.1.0");
    lived.push();
    assert_eq!(lived.write(&[]).status, 0);
    lived
}

fn operation(lived: &Lived, version: &str, kind: &str) {
    let operation = ",\"operations\":[{\"name\":\"b\",\"summary\":\"B\",\"input\":\"schemas/b.json\"}],\"config\":{\"defaults\":{\"port\":1}}";
    bump(lived, version, operation);
    lived.clone.write(SCHEMA, format!("{{\"type\": {kind}}}\n"));
}

/// The findings of the rules about compatibility.
fn breaks(lived: &Lived) -> Vec<String> {
    let mut found = findings(lived, &[]);
    found.retain(|finding| finding.starts_with("CMP"));
    found.dedup();
    found
}

#[test]
fn a_version_is_compared_with_the_last_published_one() {
    let lived = with_operation();
    let published = lived.clone.git(&["rev-parse", "HEAD"]);
    // A version that is merged and not recorded: the base branch already breaks 1.1.0.
    operation(&lived, "1.2.0", "\"string\"");
    lived.clone.commit("merged without a check");
    lived.clone.git(&["switch", "--quiet", "--create", "next"]);
    operation(&lived, "1.3.0", "\"string\"");
    lived.clone.commit("beta 1.3.0");
    assert_eq!(breaks(&lived), [format!("CMP001 {SCHEMA}")]);
    let report = check(lived.path(), &["check", "--base", "main"]).report.to_string();
    assert!(report.contains("1.1.0 → 1.3.0") && report.contains("as it was published"), "{report}");
    // A change that publishes nothing is not blamed for it, and a major version may break.
    lived.clone.git(&["reset", "--quiet", "--hard", "main"]);
    lived.clone.write("notes.txt", "more\n");
    lived.clone.commit("notes");
    assert_eq!(breaks(&lived), Vec::<String>::new());
    operation(&lived, "2.0.0", "\"string\"");
    lived.clone.commit("beta 2.0.0");
    assert_eq!(breaks(&lived), Vec::<String>::new());
    // The plugin is deleted on the base branch, and added again.
    lived.clone.git(&["switch", "--quiet", "--force-create", "main", published.trim()]);
    lived.clone.git(&["rm", "-rq", "plugins/beta"]);
    lived.clone.commit("deleted");
    lived.clone.git(&["switch", "--quiet", "--force-create", "next"]);
    operation(&lived, "1.2.0", "\"string\"");
    lived.clone.commit("added again");
    assert_eq!(breaks(&lived), [format!("CMP001 {SCHEMA}")]);
    operation(&lived, "1.0.5", r#"["string", "integer"]"#);
    lived.clone.commit("with a lower version");
    assert_eq!(breaks(&lived), ["CMP004 plugins/beta/plugin.spec.json"]);
    operation(&lived, "1.1.1", r#"["string", "integer"]"#);
    bump(&lived, "1.1.1", "");
    lived.clone.commit("without operation and setting");
    let place = "plugins/beta/plugin.spec.json";
    assert_eq!(breaks(&lived), [format!("CMP002 {place}"), format!("CMP010 {place}")]);
}
