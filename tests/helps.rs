//! Help that can help: the commands of help lines run in the repositories that produce them, and end the finding where they promise it.

use std::path::Path;
use std::process::Command;

use crate::support::check;
use crate::support::run;
use scripted::Scripted;

/// A repository with a plugin that is recorded, and a policy; `change` is checked out.
pub(crate) fn healthy() -> Scripted {
    let scripted = Scripted::new();
    scripted.git(&["config", "user.email", "ada@example.org"]);
    scripted.git(&["config", "user.name", "Ada"]);
    let does = |binary: &str, arguments: &[&str]| {
        let output = run(binary, scripted.path(), arguments);
        let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
        assert!(output.status.success(), "{binary} {arguments:?}: {text}");
    };
    does("id-guard", &["init", "--minimal", "--origin", "example.org/plugins"]);
    let policy = std::fs::read_to_string(scripted.path().join("policy-packs/policy.yaml")).unwrap();
    scripted.write(
        "policy-packs/policy.yaml",
        policy + "paths:\n  - {match: \"docs/*\", discipline: frozen}\n  - {match: \"data/*.json\", fields: {/a: frozen}}\n",
    );
    scripted.write("docs/it's [a] file", "a\n");
    scripted.write("data/a.json", "{\"a\": 1}\n");
    scripted.commit("begin");
    does("id-plugin", &["new", "One", "--operation", "run", "--owner", "ada@example.org"]);
    scripted.commit("one");
    does("id-guard", &["post-merge", "--local"]);
    scripted.git(&["switch", "--quiet", "--create", "change"]);
    scripted
}

/// The commands that a help line names: in backquotes, or behind a colon to the end of the clause.
pub(crate) fn commands(help: &str) -> Vec<String> {
    let is_command = |text: &&str| {
        let mut words = text.split(' ');
        let program = words.next().unwrap_or_default();
        (program == "git" || program == "chmod" || program.starts_with("id-")) && words.next().is_some()
    };
    let quoted = help.split('`').skip(1).step_by(2).filter(is_command);
    let behind = help.match_indices(": ").map(|(at, _)| &help[at + 2..]).chain([help]).filter(is_command);
    let behind = behind.map(|text| text.split(['`', ';']).next().unwrap().split(" (").next().unwrap().trim());
    quoted.chain(behind).map(|text| text.split(", ").next().unwrap().to_string()).collect()
}

pub(crate) fn paste(directory: &Path, command: &str) -> (bool, String) {
    let binaries = Path::new(env!("CARGO_BIN_EXE_id-guard")).parent().unwrap().display().to_string();
    let path = format!("{binaries}:{}", std::env::var("PATH").unwrap());
    let output = Command::new("bash")
        .args(["-c", command])
        .current_dir(directory)
        .env("PATH", path)
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned();
    (output.status.success(), text)
}

/// `CODE path` of the findings, each with its help lines; `None` if the check could not run.
pub(crate) fn findings(scripted: &Scripted) -> Option<Vec<(String, Vec<String>)>> {
    let checked = check(scripted.path(), &["check", "--base", "main"]);
    let list = checked.report["findings"].as_array().filter(|_| checked.status != 2)?.iter();
    let help = |finding: &serde_json::Value| {
        let lines = finding["help"].as_array().unwrap().iter();
        lines.map(|line| line.as_str().unwrap().to_string()).collect()
    };
    Some(checked.findings().into_iter().zip(list.map(help)).collect())
}

/// Breaks something, runs every command of every help, and asserts that those which restore or generate end their finding.
fn helps(name: &str, expected: &str, break_it: impl Fn(&Scripted)) {
    let scripted = healthy();
    break_it(&scripted);
    let broken = scripted.commit("break");
    let found = findings(&scripted).unwrap();
    let codes: Vec<&String> = found.iter().map(|(finding, _)| finding).collect();
    assert!(codes.iter().any(|code| code.starts_with(expected)), "{name}: {codes:?}");
    let mut ran = 0;
    for (finding, help) in &found {
        for line in help {
            for placeholder in ["IDENTITY", "VERSION", "FILE", "NAME", "KEY ", "REV", "COMMIT", "BRANCH"] {
                let is_printed = line.split(' ').any(|word| word == placeholder.trim());
                assert!(!is_printed, "{name}: {finding}: placeholder {placeholder} in: {line}");
            }
            for command in commands(line) {
                scripted.git(&["reset", "--quiet", "--hard", &broken]);
                let (succeeded, text) = paste(scripted.path(), &command);
                assert!(succeeded, "{name}: {finding}: `{command}` failed: {text}");
                ran += 1;
                let promises = ["restore", "generate", "regenerate", "raise", "make it executable", "run"];
                if promises.iter().any(|word| line.starts_with(word)) {
                    scripted.commit("as the help suggests");
                    let left = findings(&scripted).unwrap();
                    assert!(
                        !left.iter().any(|(other, _)| other == finding),
                        "{name}: `{command}` leaves {finding}"
                    );
                }
            }
        }
    }
    assert!(ran > 0, "{name}: no command was run for {codes:?}");
}

pub(crate) fn card(scripted: &Scripted) -> std::path::PathBuf {
    let folder = scripted.path().join("ids/cards");
    std::fs::read_dir(folder).unwrap().next().unwrap().unwrap().path()
}

pub(crate) fn replace(path: &Path, from: &str, to: &str) {
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{} has no {from}", path.display());
    std::fs::write(path, text.replace(from, to)).unwrap();
}

#[test]
fn what_is_frozen_is_restored() {
    helps("an edited card", "IMM001", |scripted| replace(&card(scripted), "ada@", "eve@"));
    helps("a deleted card", "IMM002", |scripted| std::fs::remove_file(card(scripted)).unwrap());
    helps("an edited file", "IMM004", |scripted| scripted.write("docs/it's [a] file", "b\n"));
    helps("a deleted file", "IMM005", |scripted| {
        std::fs::remove_file(scripted.path().join("docs/it's [a] file")).unwrap();
    });
    helps("a mode", "IMM007", |scripted| {
        scripted.git(&["update-index", "--chmod=+x", "docs/it's [a] file"]);
        paste(scripted.path(), "chmod +x docs/*");
    });
}

#[test]
fn derived_files_are_generated_again() {
    let plugin = |scripted: &Scripted, file: &str| scripted.path().join("plugins/one").join(file);
    helps("a manifest", "GEN005", |scripted| {
        replace(&plugin(scripted, "manifest.json"), "\"10s\"", "\"99s\"")
    });
    helps("a deleted manifest", "STR001", |scripted| {
        std::fs::remove_file(plugin(scripted, "manifest.json")).unwrap();
    });
    helps("a registry", "GEN00", |scripted| {
        replace(&scripted.path().join("ids/registry.yaml"), "ada@", "eve@");
    });
}

#[test]
fn the_ledger_is_restored_and_shown() {
    let ledger = |scripted: &Scripted| scripted.path().join(".ledger/ids.jsonl");
    helps("a rewritten ledger", "LED001", |scripted| replace(&ledger(scripted), "ada@", "eve@"));
    helps("an added line", "LED00", |scripted| {
        let text = std::fs::read_to_string(ledger(scripted)).unwrap();
        std::fs::write(ledger(scripted), text + "{\"v\": 1}\n").unwrap();
    });
    helps("a version of a published plugin", "IMM033", |scripted| {
        scripted.write("plugins/one/src/more.py", "x = 1\n");
        run("id-plugin", scripted.path(), &["generate"]);
    });
}

#[test]
fn an_event_that_cannot_be_recorded_names_the_identity() {
    let scripted = healthy();
    // Two versions of a deprecated plugin: the ledger refuses the second event.
    scripted.git(&["switch", "--quiet", "main"]);
    run("id-plugin", scripted.path(), &["deprecate", "one", "--reason", "old"]);
    run("id-plugin", scripted.path(), &["generate"]);
    scripted.commit("deprecated");
    run("id-guard", scripted.path(), &["post-merge", "--local"]);
    scripted.git(&["switch", "--quiet", "--create", "late"]);
    let new = ["new", "Two", "--operation", "run", "--owner", "ada@example.org"];
    assert!(run("id-plugin", scripted.path(), &new).status.success());
    let cards = std::fs::read_dir(scripted.path().join("ids/cards")).unwrap();
    let two = cards.map(|entry| entry.unwrap().path());
    let two = two.filter(|path| std::fs::read_to_string(path).unwrap().contains("PLG_TWO"));
    replace(&two.last().unwrap(), "key: PLG_TWO", "key: PLG_ONE");
    scripted.commit("the same key");
    let shown: Vec<String> = findings(&scripted).unwrap().into_iter().flat_map(|(_, help)| help).collect();
    for command in shown.iter().flat_map(|line| commands(line)) {
        let (succeeded, text) = paste(scripted.path(), &command);
        assert!(succeeded, "`{command}`: {text}");
    }
}

#[test]
fn a_version_that_went_back_is_raised() {
    helps("a version", "CMP", |scripted| {
        replace(
            &scripted.path().join("plugins/one/plugin.spec.json"),
            "\"version\": \"0.1.0\"",
            "\"version\": \"0.0.1\"",
        );
        run("id-plugin", scripted.path(), &["generate"]);
    });
    helps("a deleted plugin", "ONE005", |scripted| {
        std::fs::remove_dir_all(scripted.path().join("plugins/one")).unwrap();
    });
}

#[test]
fn no_help_in_the_sources_contains_a_placeholder() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let command = regex::Regex::new(r#"(--[a-z-]+|\b(?:id|git)-?[a-z]* [a-z-]+) (IDENTITY|VERSION|FILE|NAME|KEY|REV|COMMIT|BRANCH|PATH|DIR|OWNER)\b"#).unwrap();
    let mut found = Vec::new();
    let mut pending = vec![root.join("crates")];
    while let Some(folder) = pending.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let text = path.display().to_string();
            // The command line's own help names its arguments like this; so do tasks of developers and tests.
            let is_other = ["/arguments", "/xtask", "/tests", "/target", "/scripted"]
                .iter()
                .any(|part| text.ends_with(part));
            if path.is_dir() && !is_other {
                pending.push(path);
            } else if text.ends_with(".rs") && !path.is_dir() {
                let source = std::fs::read_to_string(&path).unwrap();
                let lines = source.lines().filter(|line| !line.trim_start().starts_with("//"));
                found.extend(
                    lines
                        .filter(|line| command.is_match(line))
                        .map(|line| format!("{text}: {}", line.trim())),
                );
            }
        }
    }
    assert!(found.is_empty(), "a printed command contains a placeholder:\n{}", found.join("\n"));
}
