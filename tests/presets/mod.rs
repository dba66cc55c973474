//! The fixtures of the presets, `tests/presets/NAME/*.txt`: histories of registries, checked commit by commit and audited as a whole.
//!
//! A fixture begins with a line of prose. Then come files, as `-- base/PATH --` and `-- head/PATH --`, or `-- 1/PATH --`, `-- 2/PATH --` …;
//! each tree begins as a copy of the one before it, and `absent` removes a file. Last comes `-- expected --`: the findings, one per line.
//! `BLESS=1 cargo nextest run -p id-guard presets` writes what is found there; read the diff as code.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use scripted::Scripted;

use crate::support::{Checked, check, run};

fn presets() -> Vec<String> {
    let packs = crate::coverage::root().join("policy-packs/registries");
    let mut names: Vec<String> = std::fs::read_dir(packs)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn fixtures(preset: &str) -> Vec<PathBuf> {
    let directory = crate::coverage::root().join("tests/presets").join(preset);
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

/// The sections of a fixture: head and body.
fn sections(text: &str) -> Vec<(&str, String)> {
    let mut sections: Vec<(&str, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.trim_end().strip_prefix("-- ").and_then(|line| line.strip_suffix(" --")) {
            Some(head) => sections.push((head, String::new())),
            None => sections.iter_mut().next_back().into_iter().for_each(|(_, body)| body.push_str(line)),
        }
    }
    sections
}

/// `CODE PATH:LINE MESSAGE` of each finding.
fn lines(checked: &Checked) -> Vec<String> {
    let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_string();
    let line = |finding: &serde_json::Value| {
        let at =
            finding["span"]["start"]["line"].as_u64().map_or_else(String::new, |line| format!(":{line}"));
        format!("{} {}{at} {}", text(&finding["code"]), text(&finding["path"]), text(&finding["message"]))
    };
    checked.report["findings"].as_array().unwrap().iter().map(line).collect()
}

/// Builds the history of a fixture, with the policy that `init --preset` writes in its first commit.
fn history(preset: &str, sections: &[(&str, String)]) -> (Scripted, usize) {
    let scripted = Scripted::new();
    let written = run("id-guard", scripted.path(), &["init", "--preset", preset]);
    assert!(written.status.success(), "{}", String::from_utf8_lossy(&written.stderr));
    let mut step = None;
    let mut commits = 0;
    for (head, body) in sections {
        let (path, absent) = head.strip_suffix(" absent").map_or((*head, false), |path| (path, true));
        let (tree, path) = path.split_once('/').unwrap();
        if step.is_some_and(|step| step != tree) {
            scripted.commit("step");
            commits += 1;
        }
        step = Some(tree);
        if absent {
            std::fs::remove_file(scripted.path().join(path)).unwrap();
        } else {
            scripted.write(path, body);
        }
    }
    scripted.commit("step");
    (scripted, commits)
}

#[test]
fn every_fixture_finds_what_it_expects_in_check_and_audit() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut wrong = String::new();
    let mut count = 0;
    for preset in presets() {
        for path in fixtures(&preset) {
            let text = std::fs::read_to_string(&path).unwrap();
            let mut sections = sections(&text);
            let (last, expected) = sections.pop().unwrap();
            assert_eq!(last, "expected", "{}", path.display());
            let (scripted, changes) = history(&preset, &sections);
            let mut found = Vec::new();
            for back in (0..changes).rev() {
                let (base, head) = (format!("HEAD~{}", back + 1), format!("HEAD~{back}"));
                found.extend(lines(&check(scripted.path(), &["check", "--base", &base, "--head", &head])));
            }
            let audited: BTreeSet<String> =
                lines(&check(scripted.path(), &["audit", "--no-cache"])).into_iter().collect();
            let checked: BTreeSet<String> = found.iter().cloned().collect();
            assert_eq!(audited, checked, "{}: audit and check differ", path.display());
            let found: String = found.iter().map(|line| format!("{line}\n")).collect();
            count += 1;
            if found != expected {
                wrong += &format!("{}\nexpected:\n{expected}found:\n{found}\n", path.display());
                if bless {
                    std::fs::write(&path, format!("{}{found}", &text[..text.len() - expected.len()]))
                        .unwrap();
                }
            }
        }
    }
    println!("{count} fixtures");
    assert!(wrong.is_empty() || bless, "{wrong}");
}

/// The rows of the table that a preset's page has: entry, code and fixtures.
fn rows(preset: &str) -> Vec<Vec<String>> {
    let page = crate::coverage::root().join("policy-packs/registries").join(preset).join("README.md");
    let text = std::fs::read_to_string(page).unwrap();
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_string()).collect()
    };
    text.lines()
        .filter(|line| line.starts_with("| "))
        .skip(1)
        .filter(|line| !line.starts_with("| ---"))
        .map(cells)
        .collect()
}

#[test]
fn every_entry_of_a_page_is_shown_by_a_fixture_that_fails() {
    for preset in presets() {
        let rows = rows(&preset);
        assert!(!rows.is_empty(), "{preset}");
        for row in rows {
            let [entry, _, source, codes, names] = &row[..] else { panic!("{preset}: {row:?}") };
            assert!(source.contains("](https://"), "{preset}: {entry}: no source");
            let mut shown = BTreeSet::new();
            for name in names.split(", ").map(|name| name.trim_matches('`')) {
                let path = crate::coverage::root().join(format!("tests/presets/{preset}/{name}.txt"));
                let text = std::fs::read_to_string(&path).unwrap_or_default();
                let expected = text.split("-- expected --\n").nth(1).unwrap_or_default();
                assert!(!expected.is_empty(), "{preset}: {entry}: {name} does not fail");
                shown.extend(expected.lines().filter_map(|line| line.split(' ').next()).map(String::from));
            }
            for code in codes.split(", ") {
                assert!(
                    shown.contains(code),
                    "{preset}: {entry}: no fixture shows {code}, they show {shown:?}"
                );
            }
        }
        let passes = |path: &PathBuf| std::fs::read_to_string(path).unwrap().ends_with("-- expected --\n");
        assert!(fixtures(&preset).iter().any(passes), "{preset}: no fixture passes");
    }
}

/// What a pack demands: each governed pointer, and each discipline that is not a default.
fn demands(pack: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for line in pack.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
        let Some((key, value)) = line.split_once(": ") else { continue };
        let words = ["removal", "order", "at"];
        if key.starts_with('/') {
            found.insert(key.to_string());
        } else if key == "discipline" || words.contains(&key) && !["any", "allowed", "\"\""].contains(&value)
        {
            found.insert(value.trim_start_matches('/').to_string());
        }
    }
    found
}

#[test]
fn every_discipline_of_a_pack_is_an_entry_of_its_page() {
    for preset in presets() {
        let pack = crate::coverage::root().join("policy-packs/registries").join(&preset).join("pack.yaml");
        let demands = demands(&std::fs::read_to_string(pack).unwrap());
        assert!(!demands.is_empty(), "{preset}");
        for demand in demands {
            let is_listed = |row: &Vec<String>| row[0].contains(&demand);
            assert!(rows(&preset).iter().any(is_listed), "{preset}: no entry of its page is about {demand}");
        }
    }
}

#[test]
fn the_page_of_the_presets_lists_them() {
    let page = std::fs::read_to_string(crate::coverage::root().join("docs/registries.md")).unwrap();
    let listed = run("id-guard", Path::new("."), &["init", "--preset", "list"]);
    let listed = String::from_utf8(listed.stdout).unwrap();
    for preset in presets() {
        assert!(
            listed.lines().any(|line| line.starts_with(&format!("{preset} "))),
            "{preset} is not listed: {listed}"
        );
        for row in rows(&preset) {
            let found = page
                .lines()
                .any(|line| line.starts_with(&format!("| `{preset}` |")) && line.contains(&row[0]));
            assert!(found, "docs/registries.md does not list {preset}: {}", row[0]);
        }
    }
}

#[test]
fn a_policy_that_exists_is_kept_and_the_entry_to_add_is_printed() {
    let scripted = Scripted::new();
    let init = |preset: &str| run("id-guard", scripted.path(), &["init", "--preset", preset]);
    assert!(init("krew").status.success());
    let refused = init("bcr");
    assert_eq!(refused.status.code(), Some(1));
    let printed = String::from_utf8(refused.stderr).unwrap();
    let entry = printed.lines().find_map(|line| line.split_once("to its `packs`: ")).unwrap().1;
    let policy = std::fs::read_to_string(scripted.path().join("policy-packs/policy.yaml")).unwrap();
    scripted.write("policy-packs/policy.yaml", format!("{policy}  - {entry}\n"));
    scripted.commit("both");
    let shown = run("id-guard", scripted.path(), &["policy", "show"]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    for pack in ["registries/krew", "registries/bcr"] {
        assert!(shown.contains(pack), "{shown}");
    }
    assert_eq!(init("none").status.code(), Some(2));
}
