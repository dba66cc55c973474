//! Queries of the registry: one identity, lists, differences, and exports.

use std::path::Path;

use crate::support::life::{LIFE, Lived};
use crate::support::registry::{RunResult, read, result_of};
use crate::support::run;

fn registry(directory: &Path, arguments: &[&str]) -> RunResult {
    result_of(&run("id-registry", directory, arguments))
}

/// Runs `id-registry`, checks its exit status and returns its output.
fn answers(directory: &Path, arguments: &[&str], status: i32) -> String {
    let result = registry(directory, arguments);
    assert_eq!(result.status, status, "{arguments:?}: {}", result.text);
    result.text
}

/// A repository in which one identity changed its key and path, and another yanked a version.
fn lived() -> Lived {
    Lived::recorded(16)
}

#[test]
fn an_identity_is_found_by_all_its_current_and_former_names() {
    let lived = lived();
    let path = lived.path();
    for name in [
        "01JD4ZK3V8Q2W4X6Y8Z0A1B2C3",
        "ids/cards/01JD4ZK3V8Q2W4X6Y8Z0A1B2C3.yaml",
        "PLG_ALEPH",
        "PLG_ALPHA",
        "PLG_FIRST",
        "plugins/aleph",
        "./plugins/aleph/main.py",
        "aleph",
        "plugin-aleph-2.0.0",
        "plugins/alpha",
        "./plugins/alpha/main.py",
        "alpha",
        "refs/tags/plugin-aleph-2.0.0",
    ] {
        let json: serde_json::Value =
            serde_json::from_str(&answers(path, &["get", name, "--json"], 0)).unwrap();
        assert_eq!((&json["key"], &json["version"]), (&"PLG_ALEPH".into(), &"2.0.0".into()), "{name}");
    }
    assert!(answers(path, &["get", "PLG_ALEPH"], 0).contains("once called  PLG_ALPHA"));
    for tag in ["plugin-gamma-0.2.0", "plugin-gamma-0.2.1"] {
        assert!(answers(path, &["get", tag], 0).contains("PLG_GAMMA"), "{tag}");
        assert!(answers(path, &["log", tag], 0).contains("0.2.1"), "{tag}");
    }
    assert!(answers(path, &["get", "plugin-gamma-0.3.0"], 1).contains("no identity has the name"));
    assert!(answers(path, &["get", "PLG_NOBODY"], 1).contains("no identity has the name"));
    assert!(answers(path, &["get", "PLG_ALPHA", "--at", "HEAD~10"], 0).contains("PLG_ALPHA"));
    assert!(answers(path, &["log", "aleph"], 0).contains("REKEY"));
}

/// Runs a command with the cache of earlier runs, and with an empty one; both must end alike.
fn warm_and_cold(directory: &Path, arguments: &[&str]) -> RunResult {
    let warm = registry(directory, arguments);
    let cache = tempfile::tempdir().unwrap();
    let mut cold = assert_cmd::Command::new(env!("CARGO_BIN_EXE_id-registry"));
    cold.args(arguments).current_dir(directory).env("XDG_CACHE_HOME", cache.path());
    let cold = result_of(&cold.output().unwrap());
    assert_eq!((warm.status, &warm.text), (cold.status, &cold.text), "{arguments:?}");
    warm
}

/// Ways to alter a ledger: the new bytes of `ids.jsonl` and of `checkpoint`, with what is reported.
fn alterations(lines: &str, checkpoint: &str) -> Vec<(&'static str, String, Option<String>, &'static str)> {
    let whole = || Some(checkpoint.to_string());
    let (first, rest) = lines.split_once('\n').unwrap();
    let (second, others) = rest.split_once('\n').unwrap();
    let mismatch = "do not match the checkpoint";
    let shorter = checkpoint.replacen(&format!("\n{}\n", lines.lines().count()), "\n3\n", 1);
    vec![
        ("a changed line", lines.replacen("PLG_BETA", "PLG_BETB", 1), whole(), mismatch),
        ("swapped lines", format!("{second}\n{first}\n{others}"), whole(), mismatch),
        ("a missing line", format!("{first}\n{others}"), whole(), mismatch),
        ("a cut file", lines[..lines.len() / 2].into(), whole(), mismatch),
        ("no lines", String::new(), whole(), mismatch),
        ("another size", lines.into(), Some(shorter), mismatch),
        ("no checkpoint", lines.into(), None, ".ledger/checkpoint is missing"),
    ]
}

#[test]
fn an_altered_ledger_is_refused_whatever_an_earlier_run_kept() {
    let lived = lived();
    let path = lived.path();
    let of_tree = [
        &["get", "PLG_ALEPH"][..],
        &["get", "plugin-gamma-0.2.0"],
        &["get", "plugins/alpha"],
        &["export", "json"],
        &["export", "csv"],
        &["export", "md"],
        &["list"],
        &["list", "--format", "json"],
        &["find", "aleph"],
        &["log", "PLG_ALEPH"],
        &["build", "--check"],
    ];
    let of_commits = [
        &["at", "HEAD"][..],
        &["diff", "HEAD", "HEAD~1"],
        &["diff", "HEAD~1", "HEAD"],
        &["get", "PLG_ALEPH", "--at", "HEAD"],
        &["export", "csv", "--at", "HEAD"],
        &["log", "PLG_ALEPH", "--at", "HEAD"],
    ];
    of_tree.iter().chain(&of_commits).for_each(|arguments| drop(answers(path, arguments, 0)));
    let out = lived.remote.path().join("out.db");
    let sqlite = ["export", "sqlite", "--force", "--out", out.to_str().unwrap()];
    let lines = read(path, ".ledger/ids.jsonl");
    let checkpoint = read(path, ".ledger/checkpoint");
    let place = path.join(".ledger/checkpoint");
    for (what, altered, note, message) in alterations(&lines, &checkpoint) {
        lived.clone.write(".ledger/ids.jsonl", altered);
        match note {
            Some(note) => std::fs::write(&place, note).unwrap(),
            None => std::fs::remove_file(&place).unwrap(),
        }
        for arguments in of_tree.iter().chain([&&sqlite[..]]) {
            let result = warm_and_cold(path, arguments);
            assert!(
                result.status == 2 && result.text.contains(message),
                "{what}: {arguments:?}: {}",
                result.text
            );
        }
        assert!(!out.exists(), "{what}: no database is left");
        let written = warm_and_cold(path, &["build"]);
        assert_eq!(written.status, 2, "{what}: {}", written.text);
        // The same in a commit.
        lived.clone.git(&["commit", "--quiet", "--all", "-m", what]);
        for arguments in of_commits {
            let result = warm_and_cold(path, arguments);
            assert!(
                result.status == 2 && result.text.contains(message),
                "{what}: {arguments:?}: {}",
                result.text
            );
        }
        lived.clone.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    }
    of_tree.iter().chain(&of_commits).for_each(|arguments| drop(answers(path, arguments, 0)));
}

/// The rest of an interrupted append, also in a commit, changes no answer, and the next writer cuts it.
#[test]
fn a_tail_that_no_checkpoint_covers_is_ignored_by_every_reader() {
    let lived = lived();
    let path = lived.path();
    let tiles = lived.remote.path().join("tiles");
    let readers: [(&str, &[&str]); 13] = [
        ("id-registry", &["get", "PLG_ALEPH"]),
        ("id-registry", &["export", "json"]),
        ("id-registry", &["log", "PLG_ALEPH"]),
        ("id-registry", &["build", "--check"]),
        ("id-registry", &["at", "HEAD"]),
        ("id-ledger", &["log"]),
        ("id-ledger", &["log", "PLG_GAMMA", "--rev", "HEAD"]),
        ("id-ledger", &["cat"]),
        ("id-ledger", &["cat", "--rev", "HEAD"]),
        ("id-ledger", &["prove", "--line", "3", "--unsigned"]),
        ("id-ledger", &["tiles", tiles.to_str().unwrap()]),
        ("id-tag", &["plan"]),
        ("id-tag", &["verify"]),
    ];
    let answer = |(binary, arguments): &(&str, &[&str])| {
        let result = result_of(&run(binary, path, arguments));
        (result.status, result.text)
    };
    let whole: Vec<_> = readers.iter().map(answer).collect();
    let lines = read(path, ".ledger/ids.jsonl");
    for tail in ["{\"a\":1}\n", "{\"actor\"", "\n\n", "\0\0\0"] {
        lived.clone.write(".ledger/ids.jsonl", format!("{lines}{tail}"));
        lived.clone.git(&["commit", "--quiet", "--all", "-m", "a tail"]);
        for (reader, whole) in readers.iter().zip(&whole) {
            let (status, _) = answer(reader);
            assert_eq!(status, whole.0, "{tail:?}: {reader:?}");
            // Only these do not name the commit.
            if reader.0 == "id-ledger" {
                assert_eq!(answer(reader).1, whole.1, "{tail:?}: {reader:?}");
            }
        }
        let verified = result_of(&run("id-ledger", path, &["verify"]));
        assert_eq!(verified.status, 0, "{tail:?}: {}", verified.text);
        let recorded = result_of(&run("id-ledger", path, &["record"]));
        assert_eq!(recorded.status, 0, "{tail:?}: {}", recorded.text);
        assert_eq!(read(path, ".ledger/ids.jsonl"), lines, "{tail:?}: the next writer cuts it");
        lived.clone.git(&["reset", "--quiet", "--hard", "HEAD~1"]);
    }
}

#[test]
fn lists_contain_the_requested_identities() {
    let lived = lived();
    let path = lived.path();
    assert!(answers(path, &["list"], 0).ends_with("4 identities\n"));
    assert!(answers(path, &["list", "--kind", "document"], 0).starts_with("DOC_GUIDE"));
    assert!(answers(path, &["find", "FIRST"], 0).starts_with("PLG_ALEPH"));
    assert!(answers(path, &["find", "nothing-of-this"], 1).contains("nothing found"));
    answers(path, &["list", "--status", "retird"], 2);
    let yanked = answers(path, &["get", "PLG_GAMMA"], 0);
    assert!(yanked.contains("yanked       0.2.0") && yanked.contains("version      0.2.1"), "{yanked}");
}

#[test]
fn differences_between_two_commits_are_described() {
    let lived = lived();
    let path = lived.path();
    lived.clone.git(&["tag", "before"]);
    for (number, merge) in LIFE.iter().enumerate().skip(16).take(6) {
        lived.merge(number, merge);
    }
    assert_eq!(lived.write(&[]).status, 0);
    let result = answers(path, &["diff", "before", "HEAD"], 0);
    for line in [
        "  was consolidated into 01JD4ZK3V8Q2W4X6Y8Z0A1B2C6\n",
        "  was created: plugin at plugins/delta, owner delta@example.org\n",
        "  published 1.2.0\n",
        "  was retired\n",
    ] {
        assert!(result.contains(line), "{line}{result}");
    }
    assert_eq!(answers(path, &["diff", "HEAD", "HEAD"], 0), "nothing happened to any identity\n");
}

#[test]
fn all_exports_contain_the_same_data() {
    let lived = lived();
    let path = lived.path();
    let json: serde_json::Value = serde_json::from_str(&answers(path, &["export", "json"], 0)).unwrap();
    let keys: Vec<&str> =
        json["by_ulid"].as_object().unwrap().values().map(|entry| entry["key"].as_str().unwrap()).collect();
    let csv = answers(path, &["export", "csv"], 0);
    let of_csv: Vec<&str> = csv.lines().skip(1).map(|line| line.split(',').nth(1).unwrap()).collect();
    assert_eq!(of_csv, keys);
    let md = answers(path, &["export", "md"], 0);
    assert_eq!(md.lines().count(), keys.len() + 2);
    let place = tempfile::tempdir().unwrap();
    let out = place.path().join("registry.db");
    let out = out.to_str().unwrap();
    answers(path, &["export", "sqlite", "--out", out], 0);
    assert!(std::fs::read(out).unwrap().starts_with(b"SQLite format 3\0"));
    assert!(answers(path, &["export", "sqlite", "--out", out], 2).contains("is there already"));
    answers(path, &["export", "csv", "--out", out, "--force"], 0);
    assert_eq!(std::fs::read_to_string(out).unwrap(), csv);
    // If Python is installed, its YAML reader must read the same data.
    let script = "import json, sys, yaml; print(json.dumps(yaml.safe_load(open('ids/registry.yaml')), sort_keys=True))";
    match std::process::Command::new("python3").args(["-c", script]).current_dir(path).output() {
        Ok(output) if output.status.success() => {
            let read: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            // The file states nothing about the visibility.
            let mut json = json;
            for entry in json["by_ulid"].as_object_mut().unwrap().values_mut() {
                assert_eq!(entry.as_object_mut().unwrap().remove("visibility"), Some("public".into()));
            }
            assert_eq!(read, json);
        }
        _ => crate::support::skip("python3 with PyYAML is not installed"),
    }
}

#[test]
fn an_edited_registry_is_reported_with_the_expected_content() {
    let lived = lived();
    let path = lived.path();
    let text = std::fs::read_to_string(path.join("ids/registry.yaml")).unwrap();
    std::fs::write(
        path.join("ids/registry.yaml"),
        text.replace("beta@example.org", "eve@example.org").replace("new@example.org", "eve@example.org"),
    )
    .unwrap();
    let result = answers(path, &["build", "--check"], 1);
    assert!(result.contains("-    owner: eve@example.org") && result.contains("is out of date"), "{result}");
    assert!(
        answers(path, &["get", "PLG_BETA"], 0).contains("new@example.org"),
        "who edits the file answers nothing"
    );
    answers(path, &["build"], 0);
    assert_eq!(std::fs::read_to_string(path.join("ids/registry.yaml")).unwrap(), text);
    // With other sources it is out of date.
    let spec = path.join("plugins/beta/plugin.spec.json");
    std::fs::write(&spec, std::fs::read_to_string(&spec).unwrap().replace("1.0.1", "1.0.2")).unwrap();
    assert!(answers(path, &["build", "--check"], 1).contains("is out of date"));
}
