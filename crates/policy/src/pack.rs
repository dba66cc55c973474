//! A policy pack that applies: its version, its digest, and the documents that it judges by schemas and rules of its own.

use artifact::Value;
use snapshot::RepoPath;

use crate::discipline::Origin;
use crate::pattern::Pattern;

/// A pack that applies.
#[derive(Debug, Clone, PartialEq)]
pub struct Pack {
    /// Its name, and the name of its folder.
    pub name: String,
    /// Its version (SemVer 2.0.0).
    pub version: String,
    /// The day it was released, `YYYY-MM-DD`, where it says so.
    pub released: Option<String>,
    /// The digest of its folder (`artifact::content::digest`), in hexadecimal.
    pub sha256: String,
    /// Whether it is the program's own copy.
    pub embedded: bool,
    /// The documents that it judges.
    pub documents: Vec<PackDocument>,
}

/// Documents that a pack judges, and by what.
#[derive(Debug, Clone, PartialEq)]
pub struct PackDocument {
    /// The files.
    pub pattern: Pattern,
    /// The JSON Schema that they are held to.
    pub schema: Option<(RepoPath, Value)>,
    /// The Rego files that judge them: path and text.
    pub rules: Vec<(RepoPath, String)>,
    /// The Rego packages that are asked; none means all of them.
    pub namespaces: Vec<String>,
    /// What the rules find under `data`.
    pub data: Vec<(RepoPath, Value)>,
    /// Whether the rules see all documents at once.
    pub combine: bool,
    /// Where the pack says so.
    pub origin: Origin,
}
