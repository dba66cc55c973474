//! Holds the floors and the walls: what `ARCHITECTURE.md` says of the crates is so.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The floors from below; support and chores stand beside the house.
const FLOORS: [&[&str]; 7] = [
    &["snapshot", "tlog", "codes"],
    &["diagnostic", "artifact", "repo"],
    &["policy", "schema", "ledger", "documents"],
    &["generate"],
    &["rules", "sqlite", "rego"],
    &["cli"],
    &["tools", "multicall"],
];
const BESIDE: [&str; 2] = ["scripted", "xtask"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}

fn manifests() -> BTreeMap<String, String> {
    let crates = std::fs::read_dir(root().join("crates")).unwrap().map(|entry| entry.unwrap().path());
    crates
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_string();
            (name, std::fs::read_to_string(path.join("Cargo.toml")).unwrap())
        })
        .collect()
}

/// The names in a section of a manifest.
fn section(manifest: &str, title: &str) -> Vec<String> {
    let lines = manifest.lines().skip_while(|line| *line != title).skip(1);
    let lines = lines.take_while(|line| !line.starts_with('[')).filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split(['.', '=', ' ']).next()).map(String::from).collect()
}

fn floor(name: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&name))
}

#[test]
fn arrows_point_down() {
    let manifests = manifests();
    let listed: Vec<&str> = FLOORS.iter().copied().flatten().copied().chain(BESIDE).collect();
    for (name, manifest) in &manifests {
        assert!(listed.contains(&name.as_str()), "{name} stands on no floor");
        let arrows = section(manifest, "[dependencies]");
        for arrow in arrows.iter().filter(|arrow| manifests.contains_key(*arrow)) {
            if let Some(own) = floor(name) {
                let below = floor(arrow).is_some_and(|other| other < own);
                assert!(below, "{name} leans on {arrow}, which is not below it");
            }
        }
    }
    assert_eq!(manifests.len(), listed.len(), "a listed crate is not there");
}

#[test]
fn only_repo_names_gix() {
    for (name, manifest) in manifests() {
        let named = manifest.lines().any(|line| line.trim_start().starts_with("gix"));
        assert_eq!(named, name == "repo", "{name}");
    }
}

#[test]
fn every_crate_keeps_the_lints_and_opens_with_a_sentence() {
    for (name, manifest) in manifests() {
        assert!(manifest.contains("[lints]\nworkspace = true"), "{name} has lints of its own");
        for file in sources(&root().join("crates").join(&name).join("src")) {
            let text = std::fs::read_to_string(&file).unwrap();
            let opening = text.starts_with("//! ") || text.starts_with("#!");
            assert!(opening, "{}: a file opens with a `//!` sentence", file.display());
        }
    }
}

/// A rule never knows another rule: its room uses the floor below, and the words of its family.
#[test]
fn no_rule_knows_another() {
    let rules = root().join("crates/rules/src");
    let families = [
        "immutability",
        "git_objects",
        "ledger",
        "cards",
        "uniqueness",
        "one_artifact",
        "structure",
        "schemas",
        "derived",
        "compatibility",
        "documents",
        "capabilities",
        "policy",
        "custom",
    ];
    for family in families.into_iter().filter(|family| rules.join(family).is_dir()) {
        for file in sources(&rules.join(family)) {
            let text = std::fs::read_to_string(&file).unwrap();
            let knows = families.iter().find(|other| text.contains(&format!("crate::{other}::")));
            assert_eq!(knows, None, "{} knows another rule", file.display());
            let beside = text.lines().filter(|line| line.trim_start().starts_with("use super::"));
            assert!(beside.clone().all(|line| line.contains("super::words")), "{}", file.display());
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => found.extend(sources(&path)),
            false if path.extension().is_some_and(|extension| extension == "rs") => found.push(path),
            false => {}
        }
    }
    found
}
