//! A loaded policy.

use std::collections::BTreeMap;

use artifact::layout::Layout;
use artifact::tag::Templates;
use diagnostic::Level;
use snapshot::RepoPath;

use crate::dialect::Dialect;
use crate::discipline::Discipline;
use crate::ignored::Ignored;
use crate::load::settings::{CoreSettings, LedgerSettings, StructureLimits, WriterSettings};
use crate::origin::Origin;
use crate::value::Values;
use crate::{KnownFindings, Pack, Waiver};

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
    /// The findings of the history that were accepted when the policy was adopted.
    pub known: KnownFindings,
    /// What the policy contains without effect.
    pub ignored: Vec<Ignored>,
    /// The packs that apply, in their order.
    pub packs: Vec<Pack>,
    /// The limits and requirements of plugins.
    pub values: Values,
    /// The origin of every level and value, in the order of packs and file; the last one of a key applies.
    pub origins: Vec<SettingOrigin>,
    /// The size limits of plugins.
    pub structure: StructureLimits,
    /// The directories of plugins and modules.
    pub layout: Layout,
    /// What is known about the core that loads the plugins.
    pub core: CoreSettings,
    /// The ledger settings.
    pub ledger: LedgerSettings,
    /// The templates of tags of published versions.
    pub tags: Templates,
    /// The author of commits and tags that the program creates.
    pub writer: WriterSettings,
    /// Whether the repository has a policy file of its own.
    pub has_file: bool,
    /// SHA-256 of everything that was read but the known findings, in hexadecimal: equal digests mean equal policies.
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

impl Policy {
    /// Returns the dialects of the packs that apply, in their order.
    pub fn dialects(&self) -> impl Iterator<Item = &Dialect> {
        self.packs.iter().flat_map(|pack| &pack.dialects)
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
