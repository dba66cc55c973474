//! A dialect: the manifests of another plugin system, as a pack describes them.

mod capabilities;
mod fact;
mod list_form;
mod pointer_pattern;
mod schema_choice;
mod trust;

use std::collections::BTreeMap;

use artifact::{Format, Value};
use snapshot::RepoPath;

pub use capabilities::{CapabilityMapping, CapabilityTarget, Conversion};
pub use fact::{Anchor, Fact, FactError};
pub use list_form::{Column, ListForm, PlainForm};
pub use pointer_pattern::PointerPattern;
pub use schema_choice::{PackSchema, SchemaChoice, SchemaCondition, SchemaKey};
pub use trust::{Trust, TrustLevel};

use crate::Pattern;
use crate::origin::Origin;

/// The manifests of a plugin system: where they are, how they are read, and what is required of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Dialect {
    /// The pack that describes it, which is also its name.
    pub pack: String,
    /// The files.
    pub patterns: Vec<Pattern>,
    /// What a manifest describes.
    pub unit: Unit,
    /// The condition for a matched file to be a manifest.
    pub when: ManifestCondition,
    /// The format, where the names of the files do not give it.
    pub format: Option<Format>,
    /// Where the identity is; the first that gives a value counts.
    pub identity: Vec<IdentitySource>,
    /// What an ID card of a manifest covers; without it no manifest has a card.
    pub artifact: Option<DialectArtifact>,
    /// The schemas.
    pub schema: Option<SchemaChoice>,
    /// The Rego files that check a manifest: path and text.
    pub rules: Vec<(RepoPath, String)>,
    /// The Rego packages that are queried; all of them if empty.
    pub namespaces: Vec<String>,
    /// The fields that declare how much a plugin is trusted.
    pub trust: Trust,
    /// Where the permissions of a manifest are in our form.
    pub capabilities: Vec<CapabilityMapping>,
    /// Where a manifest declares permissions.
    pub permissions: Vec<PointerPattern>,
    /// What is below these and grants nothing.
    pub not_permissions: Vec<PointerPattern>,
    /// The JSON pointer of the schema that a host's configuration must match.
    pub config_schema: Option<String>,
    /// How manifests are listed.
    pub list: ListForm,
    /// What the rules know of other files, by name.
    pub facts: BTreeMap<String, Fact>,
    /// The settings of the pack, with the values of the policy.
    pub settings: BTreeMap<String, Value>,
    /// The values that a policy may give to settings with a closed set of them.
    pub setting_values: BTreeMap<String, Vec<String>>,
    /// Where the pack declares it.
    pub origin: Origin,
}

/// What a manifest describes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// The file itself.
    File,
    /// The directory that contains it.
    Directory,
}

/// A condition on a manifest and on the files beside it. Without a part of it, everything satisfies that part.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ManifestCondition {
    /// JSON pointers that exist in the document. A document that cannot be read satisfies them.
    pub keys: Vec<String>,
    /// JSON pointers that do not exist in the document.
    pub missing: Vec<String>,
    /// File names that do not exist beside the manifest.
    pub absent: Vec<String>,
    /// File names that exist beside the manifest.
    pub present: Vec<String>,
}

/// Where the identity of a manifest is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IdentitySource {
    /// A string in the document, at a JSON pointer.
    Field(String),
    /// The name of the directory.
    DirectoryName,
    /// The name of the file up to its first dot.
    FileStem,
}

/// What an ID card of a manifest covers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DialectArtifact {
    /// Where the identity is.
    pub identity: Vec<IdentitySource>,
    /// The JSON pointer of the version.
    pub version: Option<String>,
    /// The JSON pointer of the owner; without it, the card declares the owner.
    pub owner: Option<String>,
}

impl Dialect {
    /// Returns whether a pattern matches a path; `Some(true)` if the file name of that pattern has no wildcard.
    #[must_use]
    pub fn matches(&self, path: &RepoPath) -> Option<bool> {
        let matching = self.patterns.iter().filter(|pattern| pattern.matches(path.as_bytes()));
        matching.map(Pattern::names_the_file).max()
    }

    /// Returns whether a path below the directory may match.
    #[must_use]
    pub fn enters(&self, directory: &RepoPath) -> bool {
        self.patterns.iter().any(|pattern| pattern.enters(directory.as_bytes()))
    }

    /// Returns the format of a manifest.
    #[must_use]
    pub fn format_of(&self, path: &RepoPath) -> Option<Format> {
        self.format.or_else(|| Format::of_path(path))
    }

    /// Returns the JSON pointer of the version, for lists and findings.
    #[must_use]
    pub fn version_pointer(&self) -> Option<&str> {
        let of_artifact = || self.artifact.as_ref()?.version.as_deref();
        self.list.version.as_deref().or_else(of_artifact)
    }
}

impl IdentitySource {
    /// Returns the identity of a manifest, where this source gives one.
    #[must_use]
    pub fn read(&self, path: &RepoPath, document: Option<&Value>) -> Option<String> {
        let text = match self {
            IdentitySource::Field(pointer) => document?.pointer(pointer)?.as_str()?.to_string(),
            IdentitySource::DirectoryName => String::from_utf8_lossy(path.parent().name()).into_owned(),
            IdentitySource::FileStem => {
                let name = String::from_utf8_lossy(path.name()).into_owned();
                name.split('.').next().unwrap_or_default().to_string()
            }
        };
        Some(text).filter(|text| !text.is_empty())
    }
}
