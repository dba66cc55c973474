//! A repository with the manifests of one plugin system, checked by `id-plugin doctor`.

use std::path::{Path, PathBuf};

use scripted::Scripted;
use serde_json::Value;

use crate::support::run;

/// The packs for other plugin systems.
pub(super) const PACKS: [&str; 5] = ["cartero", "flowbot", "tribes", "dispatch", "ironclaw"];

/// A finding: path, pointer and message.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Finding {
    pub(super) path: String,
    pub(super) pointer: String,
    pub(super) code: String,
    pub(super) message: String,
}

impl Finding {
    /// Returns the finding as golden files contain it.
    pub(super) fn line(&self) -> String {
        let Finding { path, pointer, code, message } = self;
        format!("{path} {pointer} {code} {message}\n")
    }

    /// Returns the rule of the pack, or SCH006 for its schema.
    pub(super) fn rule(&self) -> &str {
        match self.code.as_str() {
            "CUS001" | "CUS002" => self.message.split_once(": ").map_or("", |(rule, _)| rule),
            code => code,
        }
    }
}

/// The directory of a pack of this project.
pub(super) fn pack_directory(pack: &str) -> PathBuf {
    crate::coverage::root().join("policy-packs").join(pack)
}

/// Every file below a directory, sorted; a file is itself.
pub(super) fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_path_buf()];
    }
    let mut found = Vec::new();
    let mut pending = vec![path.to_path_buf()];
    while let Some(next) = pending.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { pending.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Copies a pack of this project into a repository.
pub(super) fn copy_pack(scripted: &Scripted, pack: &str) {
    let directory = pack_directory(pack);
    for name in ["pack.yaml", "schemas", "rules"] {
        for file in files(&directory.join(name)) {
            let inside = file.strip_prefix(&directory).unwrap().to_str().unwrap();
            scripted.write(format!("policy-packs/{pack}/{inside}"), std::fs::read(&file).unwrap());
        }
    }
}

/// A repository whose policy enables a pack with some settings.
pub(super) fn repository(pack: &str, settings: &str) -> Scripted {
    let scripted = Scripted::new();
    copy_pack(&scripted, pack);
    let policy = format!(
        "schema_version: 1\npacks:\n  - {{ name: {pack}, version: 1.0.0, settings: {{ {settings} }} }}\n"
    );
    scripted.write("policy-packs/policy.yaml", policy);
    scripted
}

/// Runs `id-plugin doctor`; returns its findings, sorted.
pub(super) fn doctor(scripted: &Scripted) -> Vec<Finding> {
    let output = run("id-plugin", scripted.path(), &["doctor", "--format", "json"]);
    let report: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    assert!(report["error"].is_null(), "{report}");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let finding = |value: &Value| Finding {
        path: text(&value["path"]),
        pointer: text(&value["pointer"]),
        code: text(&value["code"]),
        message: text(&value["message"]),
    };
    let mut findings: Vec<Finding> = report["findings"].as_array().unwrap().iter().map(finding).collect();
    findings.sort();
    findings
}
