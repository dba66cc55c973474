//! Runs `id-guard doctor` on good and bad setups. The responses of GitHub are those that its REST API documents.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::support::run;
use scripted::Scripted;

const ACTION: &str = "owner/id-guard@0123456789abcdef0123456789abcdef01234567";

/// A clone of a repository on GitHub, set up by `init`.
fn begun(arguments: &[&str]) -> Scripted {
    let scripted = Scripted::new();
    scripted.git(&["remote", "add", "origin", "https://github.com/owner/plugins.git"]);
    scripted.write("README.md", "plugins\n");
    scripted.commit("first");
    let output = run("id-guard", scripted.path(), &[&["init"], arguments].concat());
    assert!(output.status.success(), "{output:?}");
    scripted.commit("set up id-guard");
    scripted.git(&["update-ref", "refs/remotes/origin/main", "main"]);
    scripted
}

/// Runs `doctor`, with a `gh` that answers from files if given; returns the status and the lines.
fn doctor(scripted: &Scripted, answers: Option<&Path>) -> (i32, Vec<String>) {
    let path = std::env::var("PATH").unwrap();
    let mut command = assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-guard"));
    command.env_clear().current_dir(scripted.path()).arg("doctor");
    match answers {
        Some(folder) => command.arg("--online").env("PATH", format!("{}:{path}", folder.display())),
        None => command.env("PATH", path),
    };
    let output = command.output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    (output.status.code().unwrap(), text.lines().map(String::from).collect())
}

fn has(lines: &[String], state: &str, what: &str) -> bool {
    lines.iter().any(|line| line.starts_with(state) && line.contains(what))
}

#[test]
fn init_asks_for_an_origin_only_where_the_policy_has_none() {
    for (policy, asks) in
        [("schema_version: 1\n", true), ("schema_version: 1\nledger: {origin: example.org/plugins}\n", false)]
    {
        let scripted = Scripted::new();
        scripted.write("policy-packs/policy.yaml", policy);
        scripted.commit("policy");
        let output = run("id-guard", scripted.path(), &["init", "--action", ACTION]);
        let printed = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{printed}");
        assert_eq!(printed.contains("the ledger has no origin yet"), asks, "{policy}{printed}");
    }
}

#[test]
fn a_repository_without_a_commit_asks_for_the_first_one() {
    let scripted = Scripted::new();
    let (status, lines) = doctor(&scripted, None);
    assert_eq!(status, 1, "{lines:#?}");
    let about = lines.iter().filter(|line| line.contains("git commit")).count();
    assert_eq!(about, 1, "{lines:#?}");
    let unique: std::collections::BTreeSet<&String> = lines.iter().collect();
    assert_eq!(unique.len(), lines.len(), "{lines:#?}");
}

#[test]
fn a_new_repository_has_no_problems() {
    let scripted = begun(&["--action", ACTION, "--hooks"]);
    let (status, lines) = doctor(&scripted, None);
    assert_eq!(status, 0, "{lines:#?}");
    for what in [
        "git version",
        "the history is whole",
        "policy at",
        "the policy is on origin/main",
        "pre-commit, pre-push",
        "id-guard.yml runs",
        "id-post-merge.yml runs",
        "id-audit.yml runs",
        "id-release.yml runs",
        "its origin will be github.com/owner/plugins",
    ] {
        assert!(has(&lines, "✓ ", what), "{what}: {lines:#?}");
    }
    assert!(has(&lines, "? ", "--online"), "{lines:#?}");
}

#[test]
fn missing_parts_are_reported() {
    let scripted = begun(&["--minimal"]);
    let (status, lines) = doctor(&scripted, None);
    assert_eq!(status, 0, "optional parts are not problems: {lines:#?}");
    assert!(
        has(&lines, "! ", "git hooks are not installed")
            && has(&lines, "! ", "no workflow checks pull requests")
    );

    scripted.git(&["update-ref", "refs/remotes/origin/main", "HEAD~1"]);
    let gate = "on:\n  pull_request:\n    paths: [plugins/**]\njobs:\n  gate:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n      - uses: owner/id-guard@v1\n";
    scripted.write(".github/workflows/gate.yml", gate);
    let (status, lines) = doctor(&scripted, None);
    assert_eq!(status, 1);
    for what in [
        "is not on origin/main",
        "path filter",
        "leaves out edited",
        "to a commit SHA",
        "its token has the default permissions",
    ] {
        assert!(has(&lines, "✗ ", what), "{what}: {lines:#?}");
    }
    for what in ["merge_group", "shallow clone", "persist-credentials"] {
        assert!(has(&lines, "! ", what), "{what}: {lines:#?}");
    }
}

#[test]
fn a_shallow_clone_and_a_tag_that_was_moved_are_problems() {
    let scripted = crate::support::registry::begun();
    crate::support::registry::mint(&scripted, crate::support::registry::ONE, "one");
    crate::support::registry::publish(&scripted, crate::support::registry::ONE, "one", "1.0.0");
    scripted.commit("publish");
    let output = run("id-guard", scripted.path(), &["post-merge", "--local"]);
    assert!(output.status.success(), "{output:?}");
    let (_, lines) = doctor(&scripted, None);
    assert!(has(&lines, "✓ ", "1 tags in the ledger, 0 missing in this clone"), "{lines:#?}");
    scripted.git(&["tag", "--force", "plugin-one-1.0.0", "HEAD~1"]);
    let (status, lines) = doctor(&scripted, None);
    assert!(status == 1 && has(&lines, "✗ ", "plugin-one-1.0.0"), "{lines:#?}");

    let place = tempfile::tempdir().unwrap();
    let from = format!("file://{}", scripted.path().display());
    scripted.git(&["clone", "--quiet", "--depth=1", &from, place.path().to_str().unwrap()]);
    let output = run("id-guard", place.path(), &["doctor"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.code() == Some(1) && text.contains("✗ the clone is shallow"), "{text}");
}

/// A `gh` that answers `gh api PATH` with the file of that name, with `_` for `/`.
fn gh(answers: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let script = "#!/bin/sh\nfile=\"$(dirname \"$0\")/$(printf %s \"$2\" | tr '/?&=' '____')\"\n[ -f \"$file\" ] || { echo 'gh: Not Found (HTTP 404)' >&2; exit 1; }\ncat \"$file\"\n";
    let program = folder.path().join("gh");
    std::fs::write(&program, script).unwrap();
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    for (path, answer) in answers {
        let name: String = path.chars().map(|c| if "/?&=".contains(c) { '_' } else { c }).collect();
        std::fs::write(folder.path().join(name), answer).unwrap();
    }
    folder
}

const RULESETS: &str = "repos/owner/plugins/rulesets?includes_parents=true&per_page=100";
const BRANCH: &str = "repos/owner/plugins/rules/branches/main";
const TOKENS: &str = "repos/owner/plugins/actions/permissions/workflow";

#[test]
fn settings_of_github_are_checked() {
    let scripted = begun(&["--action", ACTION]);
    let kept = r#"{"id":7,"name":"tags","target":"tag","enforcement":"active","conditions":{"ref_name":{"include":["~ALL"],"exclude":[]}},"rules":[{"type":"update"},{"type":"deletion"}]}"#;
    let branch = r#"[{"type":"deletion"},{"type":"non_fast_forward"},{"type":"pull_request","parameters":{}},{"type":"required_status_checks","parameters":{"strict_required_status_checks_policy":true,"required_status_checks":[{"context":"id-guard"}]}}]"#;
    let tokens = r#"{"default_workflow_permissions":"read","can_approve_pull_request_reviews":false}"#;
    let listed = r#"[{"id":7,"name":"tags","target":"tag","enforcement":"active"},{"id":8,"name":"main","target":"branch","enforcement":"active"}]"#;
    let well = gh(&[
        (RULESETS, listed),
        ("repos/owner/plugins/rulesets/7", kept),
        (BRANCH, branch),
        (TOKENS, tokens),
    ]);
    let (status, lines) = doctor(&scripted, Some(well.path()));
    assert_eq!(status, 0, "{lines:#?}");
    for what in ["rulesets keep the tags", "main requires the check `id-guard`", "read-only"] {
        assert!(has(&lines, "✓ ", what), "{what}: {lines:#?}");
    }

    let half = kept.replace("~ALL", "refs/tags/plugin-*").replace(r#"{"type":"update"},"#, "");
    let open = gh(&[
        (RULESETS, listed),
        ("repos/owner/plugins/rulesets/7", &half),
        (BRANCH, "[]"),
        (TOKENS, r#"{"default_workflow_permissions":"write"}"#),
    ]);
    let (status, lines) = doctor(&scripted, Some(open.path()));
    assert_eq!(status, 1);
    for what in
        ["plugin-*, docs-*", "does not require", "without a pull request", "forced push", "can be deleted"]
    {
        assert!(has(&lines, "✗ ", what), "{what}: {lines:#?}");
    }
    assert!(has(&lines, "! ", "workflows can write"), "{lines:#?}");

    // Without permission to ask, doctor reports that, and nothing counts as good.
    let (status, lines) = doctor(&scripted, Some(gh(&[]).path()));
    assert_eq!(status, 0);
    assert_eq!(
        lines.iter().filter(|line| line.starts_with("? ") && line.contains("404")).count(),
        3,
        "{lines:#?}"
    );
}
