//! Checks the layers of `ARCHITECTURE.md`, and that no module of a crate imports in a cycle.

mod modules;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The layers from below: a crate depends on crates of lower layers only. Test support and tasks are beside them.
const LAYERS: [&[&str]; 8] = [
    &["digest", "snapshot", "codes"],
    &["diagnostic", "artifact", "tlog", "repo", "forge", "fetch", "rego"],
    &["policy", "schema", "ledger", "documents"],
    &["registry", "plugin-files", "archive", "index", "dialect"],
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

/// Only these files start a program: git, `gh`, the worker process that evaluates custom rules, and the program that a user names to receive events.
#[test]
fn only_repo_runs_git_and_only_forge_runs_gh() {
    let allowed = ["cli/src/ledger/watch/notify.rs", "forge/src/gh.rs", "rego/src/ask.rs", "repo/src/git.rs"];
    let mut found = Vec::new();
    for name in LAYERS.iter().copied().flatten() {
        for file in sources(&root().join("crates").join(name).join("src")) {
            let path = file.strip_prefix(root().join("crates")).unwrap().display().to_string();
            let text = std::fs::read_to_string(&file).unwrap();
            let is_test =
                path.contains("/templates/") || path.contains("/tests/") || path.ends_with("tests.rs");
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
fn only_fetch_names_the_network_libraries() {
    for (name, manifest) in manifests() {
        let named = manifest.lines().any(|line| line.starts_with("ureq") || line.starts_with("rustls"));
        assert_eq!(named, name == "fetch", "{name}");
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

/// A rule never refers to another rule: its directory uses the engine, and the shared modules of its family and of all families.
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
            for (at, used) in text.match_indices("crate::") {
                let module = text[at + used.len()..].split("::").next().unwrap();
                let is_shared = rules.join(format!("{module}.rs")).exists();
                assert!(is_shared, "{} refers to another family: crate::{module}", file.display());
            }
        }
    }
}

/// Uses that may close a cycle between two modules of a crate: the crate, both modules, and the reason.
const ALLOWED_USES: &[(&str, &str, &str, &str)] = &[
    ("cli", "ledger::in_change", "ledger::append", BEING_SPLIT),
    ("cli", "guard::post_merge::commit", "guard::post_merge::publication", BEING_SPLIT),
    ("schema", "variance::walk", "variance::facts", RECURSION),
    ("schema", "variance::emptiness", "variance::facts", RECURSION),
    ("schema", "variance::limit", "variance::facts", RECURSION),
    ("schema", "variance::limit", "variance::walk", RECURSION),
    ("schema", "variance::emptiness", "variance::messages", RECURSION),
    ("schema", "variance::emptiness", "variance::walk", RECURSION),
    ("schema", "variance::messages", "variance::facts", RECURSION),
    ("schema", "variance::messages", "variance::walk", RECURSION),
];
const BEING_SPLIT: &str = "the two are still one idea in two files";
const RECURSION: &str =
    "a schema contains schemas: comparing, describing and evaluating them recurse into each other";

/// No module of a crate imports another one that imports it, directly or through others. What a child uses of its parent
/// and what `lib.rs` re-exports do not count.
#[test]
fn no_modules_import_each_other() {
    let crates = root().join("crates");
    let mut found = Vec::new();
    for name in manifests().keys() {
        let mut edges = modules::Modules::read(&modules::source_of(&crates, name)).edges();
        for (_, from, to, reason) in ALLOWED_USES.iter().filter(|(of, ..)| of == name) {
            assert!(
                edges.remove(&((*from).into(), (*to).into())),
                "{name}: {from} does not use {to}: {reason}"
            );
        }
        while let Some(cycle) = modules::cycle(&edges) {
            let closing = (cycle[cycle.len() - 1].clone(), cycle[0].clone());
            assert!(edges.remove(&closing));
            found.push(format!("{name}: {}", cycle.join(" -> ")));
        }
    }
    assert!(found.is_empty(), "modules import each other:\n{}", found.join("\n"));
}

/// The graph is read as the compiler reads it.
#[test]
fn modules_are_resolved_through_re_exports() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("lib.rs", "mod a;\nmod b;\npub use a::inner::Thing;\n"),
        ("a/mod.rs", "pub(crate) mod inner;\npub(crate) use inner::Thing;\npub(crate) struct Own;\n"),
        (
            "a/inner.rs",
            "use super::Own;\nuse crate::{\n    b::{self, Other as Renamed},\n};\npub struct Thing(b::Other);\n",
        ),
        (
            "b.rs",
            "// use crate::a::Own;\npub(crate) struct Other;\nfn f() { crate::Thing; }\n#[cfg(test)]\nmod tests { use crate::a::Own; }\n",
        ),
    ] {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let edges = modules::Modules::read(folder.path()).edges();
    let expected = [("a", "a::inner"), ("a::inner", "b"), ("b", "a::inner")];
    assert_eq!(
        edges,
        expected.map(|(from, to)| (from.to_string(), to.to_string())).into_iter().collect::<BTreeSet<_>>()
    );
    assert_eq!(modules::cycle(&edges), Some(vec!["a::inner".to_string(), "b".to_string()]));
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
