//! Which schema of a pack a manifest must match.

use std::collections::BTreeMap;

use artifact::Value;
use snapshot::RepoPath;

use super::ManifestCondition;

/// Which schema of a pack a manifest must match.
#[derive(Debug, Clone, PartialEq)]
pub enum SchemaChoice {
    /// This one.
    One(PackSchema),
    /// That of a value, such as the version of the manifest's format.
    By {
        /// Where the value is.
        key: SchemaKey,
        /// The values with their schemas; a document without the value has the last one.
        versions: Vec<(String, SchemaChoice)>,
    },
    /// The first whose condition is satisfied.
    First(Vec<(Option<SchemaCondition>, SchemaChoice)>),
}

/// A schema of a pack.
#[derive(Debug, Clone, PartialEq)]
pub struct PackSchema {
    /// Its path.
    pub path: RepoPath,
    /// Its content.
    pub value: Value,
    /// The files of the pack that it may refer to, by their path in it; `None` for one that cannot be read.
    pub files: BTreeMap<String, Option<Value>>,
    /// The directory of the pack.
    pub pack: RepoPath,
}

/// The value that chooses a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaKey {
    /// That of the document, at a JSON pointer.
    Field(String),
    /// That of a setting of the pack.
    Setting(String),
}

/// A condition that chooses a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SchemaCondition {
    /// A fact that is neither false nor null nor empty.
    Fact(String),
    /// A condition on the manifest and on the files beside it.
    Manifest(ManifestCondition),
}

impl SchemaChoice {
    /// Returns the values of a setting that choose a schema; `None` if the setting chooses none.
    #[must_use]
    pub fn values_of_setting(&self, name: &str) -> Option<Vec<&str>> {
        match self {
            SchemaChoice::One(_) => None,
            SchemaChoice::By { key: SchemaKey::Setting(setting), versions } if setting == name => {
                Some(versions.iter().map(|(value, _)| value.as_str()).collect())
            }
            SchemaChoice::By { versions, .. } => {
                versions.iter().find_map(|(_, choice)| choice.values_of_setting(name))
            }
            SchemaChoice::First(list) => list.iter().find_map(|(_, choice)| choice.values_of_setting(name)),
        }
    }

    /// Returns every schema, in the order of the pack.
    #[must_use]
    pub fn all(&self) -> Vec<&PackSchema> {
        match self {
            SchemaChoice::One(schema) => vec![schema],
            SchemaChoice::By { versions, .. } => {
                versions.iter().flat_map(|(_, choice)| choice.all()).collect()
            }
            SchemaChoice::First(list) => list.iter().flat_map(|(_, choice)| choice.all()).collect(),
        }
    }
}
