//! A loaded policy.

use std::collections::BTreeMap;

use artifact::Value;
use artifact::tag::Templates;
use diagnostic::{CheckError, Level};
use snapshot::{RepoPath, Snapshot};

use crate::discipline::{Discipline, Origin};
use crate::load::{LedgerSettings, Loader, StructureLimits, WriterSettings};
use crate::value::Values;
use crate::{Pack, Waiver};

/// The policy of a repository.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    /// The path disciplines of the packs in their order, then the repository's own.
    pub disciplines: Vec<Discipline>,
    /// The levels that were set, by rule name.
    pub levels: BTreeMap<String, Level>,
    /// The waivers, in the order of their file.
    pub waivers: Vec<Waiver>,
    /// The text of the waivers file, to point into.
    pub waivers_text: Vec<u8>,
    /// The packs that apply, in their order.
    pub packs: Vec<Pack>,
    /// The limits and requirements of plugins.
    pub values: Values,
    /// The origin of every level and value, in the order of packs and file; the last one of a key applies.
    pub origins: Vec<SettingOrigin>,
    /// The size limits of plugins.
    pub structure: StructureLimits,
    /// The ledger settings.
    pub ledger: LedgerSettings,
    /// The templates of tags of published versions.
    pub tags: Templates,
    /// The author of commits and tags that the program creates.
    pub writer: WriterSettings,
    /// Whether the repository has a policy file of its own.
    pub has_file: bool,
    /// SHA-256 of everything that was read, in hexadecimal: equal digests mean equal policies.
    pub digest: String,
}

/// A value of a policy key, and where it was set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingOrigin {
    /// The key, as in `security.memory_mib` or `levels.card-changed`.
    pub key: String,
    /// The value, as shown to users.
    pub value: String,
    /// The pack, or `repository`.
    pub by: String,
    /// Where it is set.
    pub origin: Origin,
}

/// The Rego files of a pack with their texts, and the data that they find.
pub type PackRules = (Vec<(RepoPath, String)>, Vec<(RepoPath, Value)>);

/// The problems that prevent loading a policy.
pub type LoadError = Vec<CheckError>;

impl Policy {
    /// Reads the policy of a snapshot; the embedded baseline if it has none.
    ///
    /// # Errors
    /// When a file cannot be read or is invalid.
    pub fn load(snapshot: &dyn Snapshot) -> Result<Policy, LoadError> {
        Loader::new(Some(snapshot)).own()
    }

    /// Reads the policy of a snapshot with its packs, ignoring pinned versions and digests.
    ///
    /// # Errors
    /// As [`Policy::load`].
    pub fn load_unpinned(snapshot: &dyn Snapshot) -> Result<Policy, LoadError> {
        Loader::new(Some(snapshot)).unpinned().own()
    }

    /// Reads a policy file of the operator; packs and waivers still come from the snapshot.
    ///
    /// # Errors
    /// As [`Policy::load`].
    pub fn from_file(
        name: &str,
        text: Vec<u8>,
        snapshot: Option<&dyn Snapshot>,
    ) -> Result<Policy, LoadError> {
        Loader::new(snapshot).load(RepoPath::from(name), Some(text))
    }

    /// Reads every Rego file of a pack, including tests, and the data that its documents name; `None` if the pack does not exist.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn rules_of(snapshot: &dyn Snapshot, pack: &str) -> Result<Option<PackRules>, LoadError> {
        crate::load::rules_of(snapshot, pack)
    }

    /// Returns whether a path below the directory may be governed, ignoring case.
    #[must_use]
    pub fn enters(&self, directory: &RepoPath) -> bool {
        self.disciplines.iter().any(|discipline| discipline.enters(directory))
    }

    /// Returns whether a file is governed, ignoring case.
    #[must_use]
    pub fn concerns(&self, file: &RepoPath) -> bool {
        self.disciplines.iter().any(|discipline| discipline.concerns(file))
    }
}
