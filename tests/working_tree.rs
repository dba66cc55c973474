//! The working tree and its sub-folders as people use them: ignore files of their own, filters, monorepos.

use std::path::Path;

use crate::support::{check, run};
use scripted::Scripted;

const POLICY: &str = "schema_version: 1\npacks: []\npaths:\n  - {match: \"docs/*\", discipline: frozen}\n";

fn text(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&[&output.stdout[..], &output.stderr[..]].concat()).into_owned()
}

/// A repository with a plugin, committed.
fn with_plugin() -> Scripted {
    let scripted = Scripted::new();
    assert!(run("id-guard", scripted.path(), &["init", "--minimal"]).status.success());
    let new = ["new", "One", "--operation", "run", "--owner", "ada@example.org"];
    let output = run("id-plugin", scripted.path(), &new);
    assert!(output.status.success(), "{}", text(&output));
    scripted.commit("one");
    scripted
}

#[test]
fn a_manifest_lists_what_git_would_commit() {
    let scripted = with_plugin();
    let home = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(home.path().join("git")).unwrap();
    std::fs::write(home.path().join("git/ignore"), ".DS_Store\n").unwrap();
    scripted.write(".git/info/exclude", "*.swp\n");
    scripted.write(".gitignore", "*.log\n");
    for name in [".DS_Store", "a.swp", "a.log", "kept.txt"] {
        scripted.write(format!("plugins/one/{name}"), "x\n");
    }
    let generate = |home: &Path| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_id-plugin"));
        command.env_clear().env("XDG_CONFIG_HOME", home).args(["generate"]).current_dir(scripted.path());
        text(&command.output().unwrap())
    };
    let manifest = || std::fs::read_to_string(scripted.path().join("plugins/one/manifest.json")).unwrap();
    let printed = generate(home.path());
    assert!(manifest().contains("kept.txt"), "{printed}");
    for name in [".DS_Store", "a.swp", "a.log"] {
        assert!(!manifest().contains(name), "{name}");
    }
    // What others do not ignore is named; what `.gitignore` lists is not.
    assert!(printed.contains("left out: plugins/one/.DS_Store"), "{printed}");
    assert!(printed.contains("left out: plugins/one/a.swp") && !printed.contains("a.log"), "{printed}");
    // Another user commits that file.
    let elsewhere = tempfile::tempdir().unwrap();
    generate(elsewhere.path());
    assert!(manifest().contains(".DS_Store"));
    // `core.excludesFile` replaces the usual place.
    let own = home.path().join("own");
    std::fs::write(&own, ".DS_Store\nkept.txt\n").unwrap();
    scripted.git(&["config", "core.excludesFile", own.to_str().unwrap()]);
    generate(elsewhere.path());
    assert!(!manifest().contains("kept.txt") && !manifest().contains(".DS_Store"));
}

#[test]
fn a_clean_tree_with_attributes_is_clean() {
    let scripted = Scripted::new();
    scripted.write("policy-packs/policy.yaml", POLICY);
    scripted.write(".gitattributes", "*.id ident\n*.crlf text eol=crlf\n*.up filter=upper\n");
    scripted.git(&["config", "filter.upper.clean", "tr a-z A-Z"]);
    scripted.git(&["config", "filter.upper.smudge", "tr A-Z a-z"]);
    for (name, content) in [("a.id", "$Id$\n"), ("b.crlf", "x\n"), ("c.up", "x\n"), ("d", "x\n")] {
        scripted.write(format!("docs/{name}"), content);
        scripted.write(format!("free/{name}"), content);
    }
    scripted.commit("base");
    for folder in ["docs", "free"] {
        std::fs::remove_dir_all(scripted.path().join(folder)).unwrap();
    }
    scripted.git(&["checkout", "--quiet", "--", "."]);
    let arguments = ["check", "--worktree", "--base", "HEAD"];
    let checked = check(scripted.path(), &arguments);
    assert_eq!((checked.status, checked.findings()), (0, vec![]), "{}", checked.errors());
    // A file that nothing governs may be modified; a governed one behind an unknown program cannot be checked.
    scripted.write("free/c.up", "more\n");
    assert_eq!(check(scripted.path(), &arguments).status, 0);
    scripted.write("docs/c.up", "more\n");
    let checked = check(scripted.path(), &arguments);
    assert_eq!(checked.status, 2);
    assert!(checked.errors().contains("filter=upper"), "{}", checked.errors());
    // The help works.
    scripted.git(&["add", "--", "docs/c.up"]);
    assert_eq!(check(scripted.path(), &["check", "--staged"]).findings(), ["IMM004 docs/c.up"]);
    scripted.git(&["checkout", "--quiet", "HEAD", "--", "docs", "free"]);
    for name in ["a.id", "b.crlf", "d"] {
        scripted.write(format!("docs/{name}"), "y\r\n");
        let checked = check(scripted.path(), &arguments);
        assert_eq!(checked.findings(), [format!("IMM004 docs/{name}")]);
        scripted.git(&["checkout", "--quiet", "HEAD", "--", "docs"]);
    }
}

#[test]
fn init_in_a_sub_folder_asks_first() {
    let scripted = Scripted::new();
    scripted.write("apps/editor/x", "x\n");
    scripted.commit("base");
    let here = scripted.path().join("apps/editor");
    let written = || scripted.git(&["status", "--short"]).lines().count();
    for more in [&[][..], &["--dry-run"]] {
        let output = run("id-guard", &here, &[&["init", "--minimal"], more].concat());
        assert_eq!((output.status.code(), written()), (Some(2), 0), "{}", text(&output));
        assert!(text(&output).contains("../../policy-packs/policy.yaml"), "{}", text(&output));
        assert!(text(&output).contains("id-guard init --here"), "{}", text(&output));
    }
    let output = run("id-guard", scripted.path(), &["init", "--minimal", "--repo", "apps/editor"]);
    assert_eq!((output.status.code(), written()), (Some(2), 0), "{}", text(&output));

    let output = run("id-guard", &here, &["init", "--minimal", "--hooks", "--here"]);
    assert!(output.status.success(), "{}", text(&output));
    for line in text(&output).lines().filter_map(|line| line.strip_prefix("wrote ")) {
        assert!(here.join(line).exists(), "{line} is right where it is read");
    }
    let policy = scripted.path().join("policy-packs/policy.yaml");
    assert!(std::fs::read_to_string(&policy).unwrap().contains("structure:\n  root: apps/editor\n"));
    scripted.git(&["add", "--all"]);
    scripted.git(&["commit", "--quiet", "-m", "set up"]);
    // The second run has nothing to decide; another root is named beside the policy that stays.
    assert!(run("id-guard", &here, &["init", "--minimal"]).status.success());
    let output = run("id-guard", &here, &["init", "--minimal", "--root", "apps"]);
    assert!(text(&output).contains("structure.root is to be apps"), "{}", text(&output));
    // A plugin is created below the folder.
    let new = ["new", "One", "--operation", "run", "--owner", "ada@example.org"];
    let output = run("id-plugin", &here, &new);
    assert!(output.status.success() && here.join("plugins/one").is_dir(), "{}", text(&output));
}

#[test]
fn the_root_of_init_is_a_directory_of_the_repository() {
    let scripted = Scripted::new();
    scripted.write("apps/editor/x", "x\n");
    scripted.commit("base");
    let init = |root: &str| run("id-guard", scripted.path(), &["init", "--minimal", "--root", root]);
    for root in ["nowhere", "../x", "/tmp", "a/*", ""] {
        assert_eq!(init(root).status.code(), Some(2), "{root}");
    }
    assert!(init("apps/editor/").status.success());
    assert!(run("id-guard", scripted.path(), &["policy", "show"]).status.success());
}

#[test]
fn hooks_need_no_action() {
    let scripted = Scripted::new();
    scripted.write("a", "a\n");
    scripted.commit("one");
    let output = run("id-guard", scripted.path(), &["init", "--hooks"]);
    assert!(output.status.success(), "{}", text(&output));
    assert!(scripted.path().join(".git/hooks/pre-push").exists());
    assert!(scripted.path().join("policy-packs/policy.yaml").exists());
    assert!(!scripted.path().join(".github").exists());
    let printed = text(&run("id-guard", scripted.path(), &["doctor"]));
    assert!(!printed.contains("hooks are not installed") && !printed.contains("init --hooks"), "{printed}");
    // A request for workflows still reports that the Action is unknown.
    let output = run("id-guard", scripted.path(), &["init", "--hooks", "--base-controlled"]);
    assert_eq!(output.status.code(), Some(2));
}
