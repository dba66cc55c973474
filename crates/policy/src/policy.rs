//! A policy, as those who judge ask it.

use std::collections::BTreeMap;

use artifact::Value;
use artifact::tag::Templates;
use diagnostic::{CheckError, Level};
use snapshot::{RepoPath, Snapshot};

use crate::discipline::{Discipline, Origin};
use crate::load::{LedgerSettings, Loader, StructureLimits, WriterSettings};
use crate::value::Values;
use crate::{Pack, Waiver};

/// What a repository demands.
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
    /// What is asked of plugins in figures.
    pub values: Values,
    /// What was said of levels and values, in the order of packs and file: of one key, the last one holds.
    pub said: Vec<Said>,
    /// The sizes that plugins stay within.
    pub structure: StructureLimits,
    /// How the ledger is kept.
    pub ledger: LedgerSettings,
    /// How the tags of published versions are called.
    pub tags: Templates,
    /// Who the commits and tags are by that the program makes.
    pub writer: WriterSettings,
    /// Whether the repository has a policy file of its own.
    pub has_file: bool,
    /// SHA-256 over everything that was read, in hexadecimal: equal digests judge alike.
    pub digest: String,
}

/// Somebody's word on a key of the policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The key, as in `security.memory_mib` or `levels.card-changed`.
    pub key: String,
    /// The value, as it is shown.
    pub value: String,
    /// The pack, or `repository`.
    pub by: String,
    /// Where it is said.
    pub origin: Origin,
}

/// The Rego files of a pack with their texts, and the data that they find.
pub type PackRules = (Vec<(RepoPath, String)>, Vec<(RepoPath, Value)>);

/// Why a policy cannot be had: one entry a problem.
pub type LoadError = Vec<CheckError>;

impl Policy {
    /// Reads the policy of a snapshot; the embedded baseline where there is none.
    ///
    /// # Errors
    /// When a file cannot be read, or says something that is not known.
    pub fn load(snapshot: &dyn Snapshot) -> Result<Policy, LoadError> {
        Loader::new(Some(snapshot)).own()
    }

    /// Reads the policy of a snapshot with the packs that stand there, whatever versions and digests are pinned.
    ///
    /// # Errors
    /// As [`Policy::load`].
    pub fn load_unpinned(snapshot: &dyn Snapshot) -> Result<Policy, LoadError> {
        Loader::new(Some(snapshot)).unpinned().own()
    }

    /// Reads the operator's own policy file; packs and waivers come from the snapshot all the same.
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

    /// Reads every Rego file of a pack, its tests among them, and the data that its documents name; `None` where there is no such pack.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn rules_of(snapshot: &dyn Snapshot, pack: &str) -> Result<Option<PackRules>, LoadError> {
        crate::load::rules_of(snapshot, pack)
    }

    /// Tells whether anything below the directory is governed, however its names are cased.
    #[must_use]
    pub fn enters(&self, directory: &RepoPath) -> bool {
        self.disciplines.iter().any(|discipline| discipline.enters(directory))
    }

    /// Tells whether a file is governed, however its names are cased.
    #[must_use]
    pub fn concerns(&self, file: &RepoPath) -> bool {
        self.disciplines.iter().any(|discipline| discipline.concerns(file))
    }
}
