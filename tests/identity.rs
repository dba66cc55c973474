//! Identities from minting to the gate: what `id-mint` writes passes, what it refuses the gate would refuse, and mints side by side collide on nothing.

use std::collections::BTreeSet;
use std::process::Command;

use crate::support::{check, check_with_cache, run, structure};
use scripted::Scripted;

/// A repository with a policy and nothing else.
fn begun() -> Scripted {
    let scripted = Scripted::new();
    scripted.git(&["config", "user.email", "ada@example.org"]);
    assert!(run("id-guard", scripted.path(), &["init", "--minimal"]).status.success());
    scripted.commit("begin");
    scripted
}

fn mint(scripted: &Scripted, arguments: &[&str]) -> (i32, String) {
    let output = run("id-mint", scripted.path(), arguments);
    let text = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8(text).unwrap())
}

fn cards(scripted: &Scripted) -> Vec<String> {
    let folder = std::fs::read_dir(scripted.path().join("ids/cards"));
    let names = folder.into_iter().flatten().map(|entry| entry.unwrap().path());
    names.map(|path| std::fs::read_to_string(path).unwrap()).collect()
}

#[test]
fn what_is_minted_passes_the_gate() {
    let scripted = begun();
    for arguments in [&["plugin", "Local Preview"][..], &["document", "Guide"], &["pack", "Strict"]] {
        let (status, text) = mint(&scripted, arguments);
        assert_eq!(status, 0, "{text}");
        scripted.git(&["add", "--all"]);
        let checked = check(scripted.path(), &["check", "--staged"]);
        assert_eq!(checked.status, 0, "{}", checked.report);
        // Only that the artifact is still to come.
        assert!(
            checked.findings().iter().all(|finding| finding.starts_with("ONE002")),
            "{:?}",
            checked.findings()
        );
        scripted.commit("mint");
    }
    let text = cards(&scripted).join("");
    for part in [
        "key: PLG_LOCAL_PREVIEW",
        "path: plugins/local_preview",
        "key: DOC_GUIDE",
        "key: POL_STRICT",
        "owner: ada@example.org",
    ] {
        assert!(text.contains(part), "{part}: {text}");
    }
    assert_eq!(structure(scripted.path(), &["check"]).status, 0);
}

#[test]
fn minting_works_before_the_first_commit() {
    let scripted = Scripted::new();
    let (status, text) = mint(&scripted, &["plugin", "First", "--owner", "ada@example.org"]);
    assert_eq!(status, 0, "{text}");
    assert_eq!(structure(scripted.path(), &["check"]).status, 0);
}

#[test]
fn what_the_gate_would_refuse_is_refused() {
    let scripted = begun();
    let ulid = "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3";
    assert_eq!(mint(&scripted, &["plugin", "Local Preview", "--ulid", ulid]).0, 0);
    let refused: [(&[&str], &str); 9] = [
        (&["plugin", "Local Preview"], "plugins/local_preview is the path of another artifact"),
        (&["plugin", "Other", "--key", "PLG_LOCAL_PREVIEW"], "PLG_LOCAL_PREVIEW is taken"),
        (&["plugin", "Other", "--key", "PLG_L0CAL_PREVIEW"], "is confusable with PLG_LOCAL_PREVIEW"),
        (&["plugin", "Other", "--key", "plg-other"], "is not a valid key"),
        (&["plugin", "Other", "--key", "DOC_OTHER"], "is not a valid key"),
        (&["plugin", "Other", "--ulid", ulid], "already has an ID card"),
        (
            &["plugin", "Other", "--ulid", "01jd4zk3v8q2w4x6y8z0a1b2c4"],
            "a ULID consists of digits and upper-case letters",
        ),
        (&["plugin", "Other", "--path", "../outside"], "is not a valid path"),
        (&["plugin", "\u{65e5}\u{672c}"], "no key can be built from the name"),
    ];
    for (arguments, expected) in refused {
        let (status, text) = mint(&scripted, arguments);
        assert_eq!(status, 1, "{arguments:?}: {text}");
        assert!(text.contains(expected), "{arguments:?}: {text}");
    }
    assert_eq!(cards(&scripted).len(), 1, "nothing was written");
    let (status, text) = mint(&scripted, &["plugin", "Local Preview", "--path", "plugins/second"]);
    assert_eq!(status, 0, "{text}");
    assert!(text.contains("minted PLG_LOCAL_PREVIEW_"), "a taken key gets a suffix: {text}");
}

#[test]
fn a_key_that_is_spelled_otherwise_is_given_where_nobody_can_be_asked() {
    let scripted = begun();
    for (name, key) in
        [("\u{dc}n\u{ef}code", "PLG_UNICODE"), ("Caf\u{e9} 2", "PLG_CAFE_2"), ("Stra\u{df}e", "PLG_STRASSE")]
    {
        let (status, text) = mint(&scripted, &["plugin", name]);
        assert_eq!(status, 1, "{text}");
        assert!(text.contains(&format!("--key {key}")), "the help is a key to pass: {text}");
        assert_eq!(cards(&scripted).len(), 0, "nothing was written");
    }
    let (status, text) = mint(&scripted, &["plugin", "\u{dc}n\u{ef}code", "--key", "PLG_UNICODE"]);
    assert_eq!((status, text.contains("minted PLG_UNICODE\n")), (0, true), "{text}");
    for name in ["\u{65e5}\u{672c}", "\u{1f388}"] {
        let (status, text) = mint(&scripted, &["plugin", name]);
        assert_eq!((status, text.contains("choose a permanent key")), (1, true), "{text}");
    }
}

#[test]
fn a_module_is_minted_and_passes_with_its_plugins() {
    let scripted = begun();
    let (status, text) = mint(&scripted, &["module", "Editor", "--path", "apps/editor", "--dry-run"]);
    assert_eq!((status, text.contains("path: apps/editor/module.yaml")), (0, true), "{text}");
    for (path, expected) in [(None, "module.yaml"), (Some("apps/editor/"), "apps/editor/module.yaml")] {
        let name = if path.is_some() { "Editor" } else { "Everything" };
        let arguments =
            ["module", name].into_iter().chain(path.map(|path| ["--path", path]).into_iter().flatten());
        let (status, text) = mint(&scripted, &arguments.collect::<Vec<_>>());
        assert_eq!(status, 0, "{text}");
        let (_, file) = text.split_once(":\n\n").expect("the text of the module is printed");
        let file: String = file
            .lines()
            .take_while(|line| !line.is_empty())
            .map(|line| format!("{}\n", line.trim_start()))
            .collect();
        scripted.write(expected, file);
    }
    scripted.git(&["add", "--all"]);
    let checked = check(scripted.path(), &["check", "--staged"]);
    let codes: Vec<String> = checked.findings().iter().map(|finding| finding[..6].into()).collect();
    assert_eq!(codes, ["ONE004"], "two modules are two artifacts");
    scripted.commit("modules");
    // A plugin lies beside the module, and not in it.
    let minted = run("id-plugin", scripted.path(), &["new", "Alpha"]);
    assert!(minted.status.success(), "{minted:?}");
    scripted.git(&["add", "--all"]);
    assert_eq!(check(scripted.path(), &["check", "--staged"]).findings(), [] as [&str; 0]);
    scripted.commit("plugin");
    assert_eq!(structure(scripted.path(), &["check"]).findings(), [] as [&str; 0]);
    std::fs::remove_file(scripted.path().join("module.yaml")).unwrap();
    scripted.git(&["add", "--all"]);
    assert_eq!(check(scripted.path(), &["check", "--staged"]).findings(), ["ONE005 module.yaml"]);
}

#[test]
fn a_place_inside_another_artifact_is_refused() {
    let scripted = begun();
    assert_eq!(mint(&scripted, &["document", "Guide", "--path", "docs/guide.md"]).0, 0);
    for (arguments, expected) in [
        (
            &["document", "Inner", "--path", "docs/guide.md/inner.md"][..],
            "is inside docs/guide.md, the path of another artifact",
        ),
        (&["plugin", "Odd", "--path", "plugins/$(id)"], "is not a valid path"),
        (&["plugin", "Odd", "--owner", "a\u{202e}b"], "the owner contains a bidirectional control character"),
    ] {
        let (status, text) = mint(&scripted, arguments);
        assert_eq!((status, text.contains(expected)), (1, true), "{arguments:?}: {text}");
    }
}

#[test]
fn a_dry_run_writes_nothing() {
    let scripted = begun();
    let (status, text) = mint(&scripted, &["plugin", "Local Preview", "--dry-run"]);
    assert!(
        status == 0 && text.contains("would write ids/cards/") && text.contains("key: PLG_LOCAL_PREVIEW"),
        "{text}"
    );
    assert_eq!(cards(&scripted).len(), 0);
}

#[test]
fn two_hundred_mints_side_by_side() {
    let scripted = begun();
    let spawn = |number: usize| {
        Command::new(env!("CARGO_BIN_EXE_id-mint"))
            .args([
                "plugin",
                "Same Name",
                "--path",
                &format!("plugins/p{number}"),
                "--owner",
                "ada@example.org",
            ])
            .env_clear()
            .env("XDG_CACHE_HOME", scripted.path().join(".git/cache"))
            .current_dir(scripted.path())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap()
    };
    let running: Vec<_> = (0..200).map(spawn).collect();
    assert!(running.into_iter().all(|mut child| child.wait().unwrap().success()));
    let cards = cards(&scripted);
    assert_eq!(cards.len(), 200);
    let lines = |name: &str| -> BTreeSet<String> {
        cards
            .iter()
            .flat_map(|card| card.lines())
            .filter(|line| line.starts_with(name))
            .map(String::from)
            .collect()
    };
    assert_eq!((lines("key: ").len(), lines("ulid: ").len(), lines("path: ").len()), (200, 200, 200));
    let checked = structure(scripted.path(), &["check"]);
    let others: Vec<_> =
        checked.findings().into_iter().filter(|finding| !finding.starts_with("ONE002")).collect();
    assert_eq!(others, [] as [&str; 0]);
}

#[test]
fn two_pull_requests_with_one_key_are_both_green_alone_and_not_together() {
    let scripted = begun();
    scripted.git(&["branch", "second"]);
    for (branch, path) in [("main", "plugins/first"), ("second", "plugins/second")] {
        scripted.git(&["checkout", "--quiet", branch]);
        let (status, text) = mint(&scripted, &["plugin", "Same", "--path", path]);
        assert_eq!(status, 0, "{text}");
        scripted.commit("mint");
        let checked = check(scripted.path(), &["check", "--base", "HEAD~1"]);
        assert_eq!(checked.status, 0, "{}", checked.report);
    }
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    assert_eq!(checked.status, 1);
    assert!(
        checked.findings().iter().any(|finding| finding.starts_with("UNI002")),
        "{:?}",
        checked.findings()
    );
}

#[test]
fn the_names_of_a_full_tree_are_checked() {
    let scripted = begun();
    mint(&scripted, &["plugin", "One"]);
    scripted.write("docs/Readme.txt", "a");
    scripted.write("docs/README.txt", "b");
    scripted.write("docs/aux.txt", "c");
    scripted.commit("names");
    let checked = structure(scripted.path(), &["check", "--head", "HEAD"]);
    let found: Vec<_> =
        checked.findings().into_iter().filter(|finding| !finding.starts_with("ONE002")).collect();
    assert_eq!(found, ["UNI005 docs/README.txt", "STR007 docs/aux.txt"]);
}

#[test]
fn the_kept_index_changes_nothing() {
    let scripted = begun();
    // A cache of its own: this test damages every file in it.
    let cache = tempfile::tempdir().unwrap();
    let report = || check_with_cache(scripted.path(), cache.path(), &["check", "--base", "HEAD~1"]).report;
    mint(&scripted, &["plugin", "One"]);
    scripted.commit("one");
    let first = report();
    mint(&scripted, &["plugin", "Two"]);
    scripted.commit("two");
    let warm = report();
    let kept: Vec<_> = std::fs::read_dir(cache.path().join("id-guard"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert!(!kept.is_empty(), "something was kept");
    for path in &kept {
        let mut bytes = std::fs::read(path).unwrap();
        let at = bytes.len() / 2;
        bytes[at] ^= 1;
        std::fs::write(path, bytes).unwrap();
    }
    assert_eq!(report(), warm, "torn");
    kept.iter().for_each(|path| std::fs::remove_file(path).unwrap());
    assert_eq!(report(), warm, "deleted");
    assert_ne!(first, warm);
}
