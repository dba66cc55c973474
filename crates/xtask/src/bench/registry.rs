//! The registry's own figures: built from everything, and of one change, beside a plain Python script; tags and the writer beside git.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::measure::{self, Run};
use super::table::{self, Row};
use super::workload::Workload;

/// What a person would write who knows Python: cards and specs read with libyaml and json, the ledger's last word on each, one YAML document.
const PYTHON: &str = r#"
import glob, json, os, sys, yaml
os.chdir(sys.argv[1])
cards = {}
for name in sorted(os.listdir("ids/cards")):
    try:
        with open("ids/cards/" + name, "rb") as file:
            card = yaml.load(file, Loader=yaml.CSafeLoader)
    except (OSError, yaml.YAMLError):
        continue
    if isinstance(card, dict) and card.get("ulid", "") + ".yaml" == name:
        cards[card["ulid"]] = {"key": card["key"], "kind": card["kind"], "path": card["path"], "owner": card["owner"], "status": "active", "aliases": []}
for name in os.listdir("plugins"):
    with open("plugins/" + name + "/plugin.spec.json", "rb") as file:
        spec = json.load(file)
    if spec.get("ulid") in cards:
        cards[spec["ulid"]].update(version=spec["version"], status=spec["status"], key=spec["key"], path="plugins/" + name)
for name in sorted(glob.glob(".ledger/ids*.jsonl")):
    for line in open(name, "rb"):
        event = json.loads(line)
        entry, payload = cards.get(event.get("subject_ulid")), event["payload"]
        if entry is not None and event["type"] == "PUBLISH":
            entry.update(version=payload["version"], tag=payload.get("tag"), sha256=payload["sha256"])
registry = {"by_ulid": cards, "by_key": {entry["key"]: ulid for ulid, entry in cards.items()}}
with open(os.devnull, "w") as file:
    yaml.dump(registry, file, Dumper=yaml.CSafeDumper, sort_keys=True)
"#;

/// Makes a clone of the generated repository, recorded by the writer, with branches on top; or takes the one that an earlier run made.
fn repository(target: &Path, generated: &Path, workload: &Workload) -> PathBuf {
    let path = target.join("bench").join(format!("registry-{}", workload.name));
    if path.join(".git/ready").is_file() {
        return path;
    }
    if path.exists() {
        std::fs::remove_dir_all(&path).unwrap();
    }
    println!("generating {} …", path.display());
    let run = |program: &Path, arguments: &[&str]| {
        let mut command = Command::new(program);
        command.current_dir(if path.exists() { path.as_path() } else { target });
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("XDG_CACHE_HOME", path.join(".git/kept"));
        command.envs([("GIT_AUTHOR_NAME", "Ada"), ("GIT_AUTHOR_EMAIL", "ada@example.org")]);
        command.envs([("GIT_COMMITTER_NAME", "Ada"), ("GIT_COMMITTER_EMAIL", "ada@example.org")]);
        // Planted violations that cannot be recorded are reported, and do not matter here.
        let output = command.args(arguments).output().unwrap();
        assert!(
            output.status.code().is_some_and(|code| code < 2),
            "{arguments:?}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    };
    let git = |arguments: &[&str]| run(Path::new("git"), arguments);
    git(&["clone", "--quiet", generated.join("repo.git").to_str().unwrap(), path.to_str().unwrap()]);
    // The generated ledger has the form of an older day: this one begins anew.
    git(&["rm", "-rq", ".ledger"]);
    git(&["commit", "--quiet", "-m", "no ledger"]);
    git(&["branch", "unrecorded"]);
    let guard = target.join("release/id-guard");
    run(&guard, &["post-merge", "--local", "--branch", "main", "--origin", "example.org/bench"]);
    git(&["switch", "--quiet", "--create", "pr/bump"]);
    let spec = path.join("plugins").join(plugin_of(&path)).join("plugin.spec.json");
    let text = std::fs::read_to_string(&spec).unwrap();
    let version = text.split("\"version\": \"").nth(1).unwrap().split('"').next().unwrap().to_string();
    std::fs::write(&spec, text.replacen(&version, "9.0.0", 1)).unwrap();
    git(&["commit", "--quiet", "--all", "-m", "bump"]);
    git(&["switch", "--quiet", "--create", "pr/readme", "main"]);
    std::fs::write(spec.parent().unwrap().join("README_PLUGIN.md"), "One more word.\n").unwrap();
    git(&["commit", "--quiet", "--all", "-m", "readme"]);
    git(&["switch", "--quiet", "--create", "pr/card", "main"]);
    let ulid = "7ZZZZZZZZZ0000000000000000";
    let card = format!(
        "schema_version: 1\nulid: {ulid}\nkey: MOD_ONE_MORE\nkind: module\npath: modules/one_more\ncreated_at: \"2026-01-01T00:00:00Z\"\nowner: ada@example.org\nvisibility: public\nnotes: \"\"\n"
    );
    std::fs::write(path.join(format!("ids/cards/{ulid}.yaml")), card).unwrap();
    git(&["add", "ids"]);
    git(&["commit", "--quiet", "-m", "one more"]);
    git(&["switch", "--quiet", "main"]);
    git(&["repack", "-adq"]);
    git(&["pack-refs", "--all"]);
    std::fs::write(path.join(".git/ready"), "").unwrap();
    path
}

/// A plugin whose spec has a version to raise.
fn plugin_of(path: &Path) -> String {
    let mut names: Vec<_> =
        std::fs::read_dir(path.join("plugins")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names[names.len() / 2].to_str().unwrap().to_string()
}

/// Measures the registry of a size; returns the table's name and the table.
pub(super) fn run(target: &Path, generated: &Path, workload: &Workload, runs: usize) -> (String, String) {
    let path = repository(target, generated, workload);
    let place = path.to_str().unwrap();
    let tool = |name: &str| target.join("release").join(name).to_str().unwrap().to_string();
    let (guard, registry, tag) = (tool("id-guard"), tool("id-registry"), tool("id-tag"));
    let at = |rev: &str| Run::new(&registry, &["at", rev, "--repo", place]);
    let python = || Run::new("python3", &["-c", PYTHON, place]);
    let kept = path.join(".git/kept");
    let kept = kept.to_str().unwrap();
    let git = |arguments: &[&str]| Run::new("git", &[&["-C", place], arguments].concat());
    let large = workload.cards >= 100_000;
    let rows = vec![
        Row::new(
            "registry of cards, specs and ledger, nothing kept: against Python (PyYAML with libyaml, json)",
            measure::pair(&at("main"), &python(), 1),
            1.0,
            if large { "≤ 1/15 ×, ≤ 2 s" } else { "≤ 1/15 ×" },
        ),
        Row::new(
            "the same without a ledger, every card and spec read: against the same",
            measure::pair(&at("unrecorded"), &python(), 1),
            1.0,
            if large { "≤ 1/15 ×, ≤ 2 s" } else { "≤ 1/15 ×" },
        ),
        Row::new(
            "one card added, the registry before it kept: against the same",
            measure::pair(&at("pr/card").with_cache(kept), &python(), 1),
            1.0,
            if large { "≤ 1/100 ×, ≤ 300 ms" } else { "≤ 1/100 ×" },
        ),
        Row::new(
            "one card added: against nothing kept",
            measure::pair(&at("pr/card").with_cache(kept), &at("pr/card"), runs),
            1.0,
            "",
        ),
        Row::new(
            "`id-registry get KEY`, the registry kept: against `git show main:ids/registry.yaml`",
            measure::pair(
                &Run::new(&registry, &["get", "PLG_NUMBER_7", "--at", "main", "--repo", place])
                    .with_cache(kept),
                &git(&["show", "main:ids/registry.yaml"]),
                runs,
            ),
            1.0,
            "",
        ),
        Row::new(
            "`id-tag verify`: against `git for-each-ref --format='%(contents)' refs/tags`",
            measure::pair(
                &Run::new(&tag, &["verify", "--rev", "main", "--repo", place]),
                &git(&["for-each-ref", "--format=%(contents)", "refs/tags"]),
                runs,
            ),
            1.0,
            "",
        ),
        Row::new(
            "`id-guard post-merge --dry-run` of one raised version: against the registry, nothing kept",
            measure::pair(
                &Run::new(
                    &guard,
                    &["post-merge", "--local", "--branch", "pr/bump", "--dry-run", "--repo", place],
                )
                .with_cache(kept),
                &at("main"),
                runs,
            ),
            1.0,
            "",
        ),
        Row::new(
            "gate, a published plugin's readme edited: against `git diff --raw`",
            measure::pair(
                &Run::new(
                    &guard,
                    &["check", "--base", "main", "--head", "pr/readme", "--repo", place, "--format", "json"],
                ),
                &git(&["diff", "--raw", "main...pr/readme"]),
                runs,
            ),
            1.0,
            "",
        ),
    ];
    // A script that breaks off is fast.
    let whole = Command::new("python3").args(["-c", PYTHON, place]).status().unwrap();
    assert!(whole.success(), "the Python script runs to its end (it needs PyYAML)");
    let lines = Command::new("sh")
        .args(["-c", "cat .ledger/ids*.jsonl | wc -l"])
        .current_dir(&path)
        .output()
        .unwrap();
    let head = format!(
        "### Registry, {}: {} cards, {} plugins, a ledger of {} lines\n\n{}\n\n",
        workload.name,
        workload.cards,
        workload.plugins,
        String::from_utf8_lossy(&lines.stdout).trim(),
        table::machine(),
    );
    (format!("registry {}", workload.name), head + &table::rows(&rows))
}
