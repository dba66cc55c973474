//! What is derived for a plugin from its spec: one function makes each file, and the gate judges the file by the same function.
//!
//! ```text
//! policy ──► policy_snapshot.json ──► ledger_contract.json, healthcheck.md ─┐
//! spec ────► AUTO sections of src/, README_PLUGIN.md ───────────────────────┴► manifest.json
//! ```
//!
//! The snapshot is frozen with the version that it was made for; everything else follows from the files of the plugin alone, so that
//! it can be made again at any time, under whatever policy.

pub mod contract;
pub mod edit;
pub mod fence;
pub mod health;
pub mod manifest;
pub mod manual;
pub mod readme;
pub mod snapshot;
mod standing;

use std::collections::BTreeMap;

use artifact::{Language, PluginSpec, Problem};
use policy::Policy;

pub use standing::Standing;

/// The manifest.
pub const MANIFEST: &str = "manifest.json";
/// The contract of events.
pub const CONTRACT: &str = "ledger_contract.json";
/// The policy that a version was made under.
pub const SNAPSHOT: &str = "policy_snapshot.json";
/// What people read first.
pub const README: &str = "README_PLUGIN.md";
/// The probes.
pub const HEALTH: &str = "healthcheck.md";
/// The files that are derived whole; the handlers' AUTO sections are derived as well.
pub const DERIVED: [&str; 5] = [README, HEALTH, CONTRACT, MANIFEST, SNAPSHOT];

/// Where the policy snapshot comes from.
#[derive(Debug, Clone, Copy)]
pub enum Under<'p> {
    /// The one that stands, if it was made for the version of the spec; else of this policy.
    Kept(&'p Policy),
    /// Of this policy, whatever stands.
    Fresh(&'p Policy),
    /// The one that stands, whatever it was made for.
    Standing,
}

/// Why a file cannot be derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// The file at fault, inside the plugin.
    pub path: String,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What was derived: every file by its path inside the plugin.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Derivation {
    /// The bytes that each file shall have.
    pub files: BTreeMap<String, Vec<u8>>,
    /// What kept a file from being derived: it is not among `files`.
    pub flaws: Vec<Flaw>,
}

/// Derives everything of a plugin from what stands in its folder.
///
/// What cannot be derived is told, and what follows from it is derived from what stands.
#[must_use]
pub fn derive(standing: &Standing, spec: &PluginSpec, under: Under<'_>) -> Derivation {
    let mut derivation = Derivation::default();
    let now = snapshot_text(standing, spec, under);
    if let Some(text) = &now {
        derivation.files.insert(SNAPSHOT.into(), text.clone());
    }
    let read = now.as_deref().map(snapshot::read);
    if let Some(Err(problem)) = &read {
        derivation.flaws.push(Flaw { path: SNAPSHOT.into(), problem: problem.clone() });
    }
    let values = read.and_then(Result::ok).unwrap_or_default();
    derivation.files.insert(CONTRACT.into(), contract::make(spec, &values).into_bytes());
    for (path, made) in
        [(README, readme::make(spec, standing)), (HEALTH, health::make(spec, standing, &values))]
    {
        derivation.take(path, made.map(String::into_bytes));
    }
    for (path, made) in handlers(standing, spec) {
        derivation.take(&path, made);
    }
    let whole = standing.with(&derivation.files);
    derivation.files.insert(MANIFEST.into(), manifest::make(spec, &whole).into_bytes());
    derivation
}

impl Derivation {
    fn take(&mut self, path: &str, made: Result<Vec<u8>, Problem>) {
        match made {
            Ok(text) => {
                self.files.insert(path.into(), text);
            }
            Err(problem) => self.flaws.push(Flaw { path: path.into(), problem }),
        }
    }

    /// Returns the files that differ from what stands, with what they shall be.
    pub fn differing<'d>(&'d self, standing: &'d Standing) -> impl Iterator<Item = (&'d str, &'d [u8])> {
        let differs = |(path, text): &(&String, &Vec<u8>)| {
            standing.files.get(path.as_str()).is_none_or(|bytes| bytes != *text)
        };
        self.files.iter().filter(differs).map(|(path, text)| (path.as_str(), text.as_slice()))
    }
}

/// The policy snapshot: the one that stands, or a new one.
fn snapshot_text(standing: &Standing, spec: &PluginSpec, under: Under<'_>) -> Option<Vec<u8>> {
    let stands = standing.files.get(SNAPSHOT);
    match under {
        Under::Standing => stands.cloned(),
        Under::Fresh(policy) => Some(snapshot::make(spec, policy).into_bytes()),
        Under::Kept(policy) => {
            let kept = stands.filter(|text| {
                snapshot::read(text).is_ok_and(|snapshot| snapshot.plugin_version == spec.version)
            });
            Some(kept.cloned().unwrap_or_else(|| snapshot::make(spec, policy).into_bytes()))
        }
    }
}

/// The files of `src/` that have AUTO sections, with the sections made again.
fn handlers<'s>(
    standing: &'s Standing,
    spec: &'s PluginSpec,
) -> impl Iterator<Item = (String, Result<Vec<u8>, Problem>)> + 's {
    let files = standing.files.iter().filter(|(path, text)| path.starts_with("src/") && fence::is_in(text));
    files.map(|(path, text)| {
        let sections = Language::of_path(path)
            .map_or_else(Vec::new, |language| crate::scaffold::sections(language, spec));
        let made = fence::make(text, &|name| {
            sections.iter().find(|section| section.name == name).map(|section| section.text.clone())
        });
        (path.clone(), made)
    })
}
