//! An active policy pack: its version, its digest, and the documents that it checks by its schemas and rules.

use std::collections::BTreeMap;

use artifact::Value;
use snapshot::RepoPath;

use crate::dialect::Dialect;
use crate::origin::Origin;
use crate::pattern::Pattern;

/// An active pack.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    /// Its name, which is also that of its directory.
    pub name: String,
    /// Its version (SemVer 2.0.0).
    pub version: String,
    /// The release date, `YYYY-MM-DD`, if it declares one.
    pub released: Option<String>,
    /// The digest of its directory (`artifact::content::digest`), in hexadecimal.
    pub sha256: String,
    /// Whether it is embedded in the program.
    pub embedded: bool,
    /// The documents that it checks.
    pub documents: Vec<PackDocument>,
    /// The plugin systems whose manifests it describes.
    pub dialects: Vec<Dialect>,
}

/// Documents that a pack checks, and by what.
#[derive(Debug, Clone, PartialEq)]
pub struct PackDocument {
    /// The files.
    pub pattern: Pattern,
    /// The JSON Schema of the documents.
    pub schema: Option<(RepoPath, Value)>,
    /// The files of the pack that the schema may refer to, by their path in it; `None` for one that cannot be read.
    pub schema_files: BTreeMap<String, Option<Value>>,
    /// The Rego files that check them: path and text.
    pub rules: Vec<(RepoPath, String)>,
    /// The Rego packages that are queried; all of them if empty.
    pub namespaces: Vec<String>,
    /// The documents that the rules find under `data`.
    pub data: Vec<(RepoPath, Value)>,
    /// Whether the rules see all documents at once.
    pub combine: bool,
    /// Where the pack declares it.
    pub origin: Origin,
}
