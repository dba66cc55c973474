//! Checks the layers of `ARCHITECTURE.md`, and that no module of a crate imports in a cycle.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The layers from below: a crate depends on crates of lower layers only. Test support and tasks are beside them.
const LAYERS: [&[&str]; 8] = [
    &["digest", "snapshot", "codes"],
    &["diagnostic", "artifact", "tlog", "repo", "forge", "rego"],
    &["policy", "schema", "ledger", "documents"],
    &["registry", "plugin-files", "archive", "index"],
    &["engine", "sqlite"],
    &["rules"],
    &["cli"],
    &["tools", "multicall"],
];
/// Depends on no crate of ours, so crates of layer 0 may use it as well.
const FOUNDATION: &str = "digest";
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

fn layer(name: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&name))
}

#[test]
fn dependencies_point_to_lower_layers() {
    let manifests = manifests();
    let listed: Vec<&str> = LAYERS.iter().copied().flatten().copied().chain(BESIDE).collect();
    for (name, manifest) in &manifests {
        assert!(listed.contains(&name.as_str()), "{name} is in no layer");
        let dependencies = section(manifest, "[dependencies]");
        for dependency in dependencies.iter().filter(|dependency| manifests.contains_key(*dependency)) {
            if let Some(own) = layer(name) {
                let is_lower = dependency == FOUNDATION || layer(dependency).is_some_and(|other| other < own);
                assert!(is_lower, "{name} depends on {dependency}, which is not in a lower layer");
            }
        }
    }
    assert_eq!(manifests.len(), listed.len(), "a listed crate does not exist");
}

/// Only these files start a program: git, `gh`, and the worker process that evaluates custom rules.
#[test]
fn only_repo_runs_git_and_only_forge_runs_gh() {
    let allowed = ["forge/src/gh.rs", "rego/src/ask.rs", "repo/src/git.rs"];
    let mut found = Vec::new();
    for name in LAYERS.iter().copied().flatten() {
        for file in sources(&root().join("crates").join(name).join("src")) {
            let path = file.strip_prefix(root().join("crates")).unwrap().display().to_string();
            let text = std::fs::read_to_string(&file).unwrap();
            let is_test = path.contains("/templates/") || path.ends_with("tests.rs");
            if !is_test && text.contains("Command::new(") && text.contains("std::process::") {
                found.push(path);
            }
        }
    }
    found.sort();
    assert_eq!(found, allowed);
}

#[test]
fn only_repo_names_gix() {
    for (name, manifest) in manifests() {
        let named = manifest.lines().any(|line| line.trim_start().starts_with("gix"));
        assert_eq!(named, name == "repo", "{name}");
    }
}

#[test]
fn only_digest_names_sha2() {
    for (name, manifest) in manifests() {
        let named = manifest.lines().any(|line| line.trim_start().starts_with("sha2"));
        assert_eq!(named, name == "digest", "{name}");
    }
    let foundation = &manifests()[FOUNDATION];
    assert!(!manifests().keys().any(|name| section(foundation, "[dependencies]").contains(name)));
}

#[test]
fn every_crate_has_the_lints_and_every_file_begins_with_a_sentence() {
    for (name, manifest) in manifests() {
        assert!(manifest.contains("[lints]\nworkspace = true"), "{name} has lints of its own");
        for file in sources(&root().join("crates").join(&name).join("src")) {
            let text = std::fs::read_to_string(&file).unwrap();
            let opening = text.starts_with("//! ") || text.starts_with("#!");
            assert!(opening, "{}: a file begins with a `//!` sentence", file.display());
        }
    }
}

/// A rule never refers to another rule: its directory uses the engine, and the shared modules of its family.
#[test]
fn no_rule_refers_to_another() {
    let rules = root().join("crates/rules/src");
    let directories = |path: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir()).collect()
    };
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_string();
    for family in directories(&rules) {
        let (own, shared): (Vec<_>, Vec<_>) =
            directories(&family).into_iter().partition(|path| path.join("README.md").exists());
        let shared: Vec<String> = shared.iter().map(|path| name(path)).collect();
        for file in own.iter().flat_map(|directory| sources(directory)) {
            let text = std::fs::read_to_string(&file).unwrap();
            let of_other = own.iter().map(|path| name(path)).find(|other| {
                text.contains(&format!("super::{other}::")) || text.contains(&format!("::{other}::RULE"))
            });
            assert_eq!(of_other, None, "{} refers to another rule", file.display());
            let imports = text.lines().filter_map(|line| line.trim_start().strip_prefix("use super::"));
            for import in imports.filter(|import| *import != "*;") {
                let module = import.split("::").next().unwrap();
                let is_shared = shared.iter().any(|shared| shared == module)
                    || family.join(format!("{module}.rs")).exists()
                    || file.parent().unwrap().join(format!("{module}.rs")).exists();
                assert!(is_shared, "{}: use super::{import}", file.display());
            }
            assert!(!text.contains("crate::"), "{} refers to another family", file.display());
        }
    }
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}
