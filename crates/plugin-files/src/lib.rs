//! The generated files of a plugin. One function generates each file, and the gate checks the file with the same function.
//!
//! ```text
//! policy ──► policy_snapshot.json ──► ledger_contract.json, healthcheck.md ─┐
//! spec ────► AUTO sections of src/ and tests/, README_PLUGIN.md ────────────┴► manifest.json
//! ```
//!
//! The policy snapshot is frozen with the version that it was generated for. Everything else depends only on the files of the plugin, so it can be
//! regenerated at any time, under any policy.

mod content;
pub mod contract;
pub mod edit;
pub mod fence;
mod files;
pub mod health;
mod json;
pub mod manifest;
pub mod manual;
pub mod policy_snapshot;
pub mod readme;
pub mod scaffold;
mod schemas;

use std::collections::BTreeMap;

use artifact::{Language, PluginSpec, Problem};
use policy::Policy;

pub use content::digest_without;
pub use files::PluginFiles;

/// The manifest for loaders.
pub const MANIFEST: &str = "manifest.json";
/// The JSON Schema of the plugin's events.
pub const CONTRACT: &str = "ledger_contract.json";
/// The policy values at the time of a version.
pub const SNAPSHOT: &str = "policy_snapshot.json";
/// The README of the plugin.
pub const README: &str = "README_PLUGIN.md";
/// The health check with its probes.
pub const HEALTH: &str = "healthcheck.md";
/// The files that are generated as a whole; AUTO sections of handlers are generated as well.
pub const DERIVED: [&str; 5] = [README, HEALTH, CONTRACT, MANIFEST, SNAPSHOT];

/// Where the policy snapshot comes from.
#[derive(Debug, Clone, Copy)]
pub enum SnapshotSource<'p> {
    /// The existing snapshot if it was generated for the version of the spec, otherwise a new one of this policy.
    KeepIfCurrent(&'p Policy),
    /// A new snapshot of this policy.
    Fresh(&'p Policy),
    /// The existing snapshot, for any version.
    Existing,
}

/// Why a file cannot be generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblem {
    /// The path of the file in the plugin directory.
    pub path: String,
    /// The problem.
    pub problem: Problem,
}

/// The generated files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derivation {
    /// The bytes of each file, by its path in the plugin directory.
    pub files: BTreeMap<String, Vec<u8>>,
    /// The problems of files that could not be generated.
    pub problems: Vec<FileProblem>,
}

/// Generates all files of a plugin from the files in its directory.
///
/// If a file cannot be generated, the problem is reported, and files that depend on it are generated from the existing one.
#[must_use]
pub fn derive(existing: &PluginFiles, spec: &PluginSpec, source: SnapshotSource<'_>) -> Derivation {
    let mut derivation = Derivation::default();
    let snapshot = snapshot_text(existing, spec, source);
    if let Some(text) = &snapshot {
        derivation.files.insert(SNAPSHOT.into(), text.clone());
    }
    let read = snapshot.as_deref().map(policy_snapshot::read);
    if let Some(Err(problem)) = &read {
        derivation.problems.push(FileProblem { path: SNAPSHOT.into(), problem: problem.clone() });
    }
    let values = read.and_then(Result::ok).unwrap_or_default();
    derivation.files.insert(CONTRACT.into(), contract::make(spec, &values).into_bytes());
    for (path, made) in
        [(README, readme::make(spec, existing)), (HEALTH, health::make(spec, existing, &values))]
    {
        derivation.add(path, made.map(String::into_bytes));
    }
    for (path, made) in fenced(existing, spec) {
        derivation.add(&path, made);
    }
    for file in missing_library(existing, spec) {
        derivation.files.insert(file.path, file.text.into_bytes());
    }
    let whole = existing.with(&derivation.files);
    derivation.files.insert(MANIFEST.into(), manifest::make(spec, &whole).into_bytes());
    derivation
}

impl Derivation {
    fn add(&mut self, path: &str, made: Result<Vec<u8>, Problem>) {
        match made {
            Ok(text) => {
                self.files.insert(path.into(), text);
            }
            Err(problem) => self.problems.push(FileProblem { path: path.into(), problem }),
        }
    }

    /// Returns the files that are missing, out of date or executable, with their generated content.
    pub fn differing<'d>(&'d self, existing: &'d PluginFiles) -> impl Iterator<Item = (&'d str, &'d [u8])> {
        let differs = |(path, text): &(&String, &Vec<u8>)| {
            // A derived file is not executable; a handler with AUTO sections may be.
            let is_executable = || DERIVED.contains(&path.as_str()) && existing.executable.contains(*path);
            existing.files.get(path.as_str()).is_none_or(|bytes| bytes != *text) || is_executable()
        };
        self.files.iter().filter(differs).map(|(path, text)| (path.as_str(), text.as_slice()))
    }
}

/// Returns the policy snapshot: the existing one, or a new one.
fn snapshot_text(existing: &PluginFiles, spec: &PluginSpec, source: SnapshotSource<'_>) -> Option<Vec<u8>> {
    let stored = existing.files.get(SNAPSHOT);
    let read = stored.and_then(|text| policy_snapshot::read(text).ok());
    let make = |policy: &Policy| {
        let kept = read.as_ref().map(policy_snapshot::event_fields).unwrap_or_default();
        Some(policy_snapshot::make(spec, policy, &kept).into_bytes())
    };
    match source {
        SnapshotSource::Existing => stored.cloned(),
        SnapshotSource::Fresh(policy) => make(policy),
        SnapshotSource::KeepIfCurrent(policy) => {
            let is_current = read.as_ref().is_some_and(|read| read.plugin_version == spec.version);
            if is_current { stored.cloned() } else { make(policy) }
        }
    }
}

/// Returns the language that a plugin is written in: that of its entry point, or the one that a JavaScript entry point starts.
#[must_use]
pub fn language(existing: &PluginFiles, spec: &PluginSpec) -> Option<Language> {
    match Language::of_path(&spec.runtime.entry) {
        Some(Language::JavaScript) if existing.files.contains_key("src/handler.ts") => {
            Some(Language::TypeScript)
        }
        language => language,
    }
}

/// Returns whether the AUTO sections of a file are generated: those of `src/`, and of programs in `tests/`, where other files are test data.
#[must_use]
pub fn may_have_sections(path: &str, text: &[u8]) -> bool {
    let is_test = path.starts_with("tests/") && Language::of_path(path).is_some();
    (path.starts_with("src/") || is_test) && fence::is_in(text)
}

/// Returns the AUTO sections that a file of a plugin may have.
fn sections_of(path: &str, existing: &PluginFiles, spec: &PluginSpec) -> Vec<scaffold::Section> {
    let own = language(existing, spec);
    let language = match Language::of_path(path) {
        // What starts TypeScript is JavaScript.
        Some(Language::JavaScript) if own == Some(Language::TypeScript) => own,
        language => language,
    };
    language.map_or_else(Vec::new, |language| scaffold::sections(language, spec))
}

/// Returns the library files that a generated program needs and that do not exist.
fn missing_library(existing: &PluginFiles, spec: &PluginSpec) -> Vec<scaffold::File> {
    let Some(language) = language(existing, spec) else { return Vec::new() };
    let has_main = |(path, text): (&String, &Vec<u8>)| {
        let is_source = path.starts_with("src/") && Language::of_path(path) == Some(language);
        let sections = if is_source && fence::is_in(text) { fence::find(text).ok() } else { None };
        sections.is_some_and(|sections| sections.iter().any(|section| section.name == "main"))
    };
    if !existing.files.iter().any(has_main) {
        return Vec::new();
    }
    let files = scaffold::library(language, spec).into_iter();
    files.filter(|file| !existing.files.contains_key(&file.path)).collect()
}

/// Regenerates the AUTO sections in the files of `src/` and `tests/`.
fn fenced<'s>(
    existing: &'s PluginFiles,
    spec: &'s PluginSpec,
) -> impl Iterator<Item = (String, Result<Vec<u8>, Problem>)> + 's {
    let files = existing.files.iter().filter(|(path, text)| may_have_sections(path, text));
    files.map(|(path, text)| {
        let sections = sections_of(path, existing, spec);
        let made = fence::make(text, &|name| {
            sections.iter().find(|section| section.name == name).map(|section| section.text.clone())
        });
        (path.clone(), made)
    })
}

/// Returns the SHA-256 of bytes as 64 lower-case hexadecimal digits.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    digest::Digest::of(bytes).hex()
}
