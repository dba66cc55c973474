//! Which findings follow from which: data for the engine, which names no rule.

use crate::{Family, RuleId};

/// One rule, or all rules of a family.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// One rule.
    One(RuleId),
    /// A family.
    Family(Family),
}

/// Where the cause of a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Anywhere in the change.
    Change,
    /// In the same artifact: the same file, or the same directory of a plugin.
    Artifact,
}

/// Findings that follow from others: once the cause is fixed, they disappear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cascade {
    /// What follows.
    pub consequences: &'static [Rules],
    /// From what.
    pub causes: &'static [Rules],
    /// How near the cause must be.
    pub extent: Extent,
}

use Rules::{Family as All, One};

/// Every cascade.
pub const CASCADES: &[Cascade] = &[
    Cascade {
        consequences: &[One(crate::KEY_REUSED), One(crate::CARD_WITHOUT_ARTIFACT)],
        causes: &[One(crate::CARD_INVALID), One(crate::DUPLICATE_ULID), One(crate::DUPLICATE_KEY)],
        extent: Extent::Artifact,
    },
    Cascade {
        consequences: &[One(crate::ILLEGAL_TRANSITION)],
        causes: &[All(Family::CARDS), All(Family::UNIQUENESS)],
        extent: Extent::Change,
    },
    Cascade {
        consequences: &[One(crate::CARD_NAME_MISMATCH)],
        causes: &[
            One(crate::BECAME_LINK),
            One(crate::BECAME_SUBMODULE),
            One(crate::BECAME_DIRECTORY),
            One(crate::NOT_A_REGULAR_FILE),
        ],
        extent: Extent::Artifact,
    },
    // Changed lines of the ledger no longer match its checkpoint and its history.
    Cascade {
        consequences: &[One(crate::LEDGER_TOUCHED_BY_CHANGE)],
        causes: &[One(crate::LEDGER_REWRITTEN)],
        extent: Extent::Artifact,
    },
    Cascade {
        consequences: &[
            One(crate::LEDGER_OUT_OF_ORDER),
            One(crate::CHECKPOINT_MISMATCH),
            One(crate::CHECKPOINT_NOT_ANCESTOR),
            One(crate::NOT_DERIVABLE),
        ],
        causes: &[One(crate::LEDGER_REWRITTEN)],
        extent: Extent::Change,
    },
    // Without a readable list of operations or events, each of them seems to be missing.
    Cascade {
        consequences: &[
            One(crate::BUDGET_INVALID),
            One(crate::OPERATION_REMOVED),
            One(crate::EVENTS_BREAKING),
            One(crate::CONFIG_BREAKING),
            One(crate::CORE_BREAKING),
            One(crate::ACTIONS_BREAKING),
            One(crate::OPERATION_SCHEMA_MISSING),
            One(crate::OPERATION_EXAMPLE_MISSING),
            One(crate::OPERATION_TEST_MISSING),
            One(crate::EXAMPLE_COMMAND_MISSING),
            One(crate::PROBE_INVALID),
            One(crate::RESULTS_INVALID),
        ],
        causes: &[One(crate::DOCUMENT_INVALID)],
        extent: Extent::Artifact,
    },
    Cascade {
        consequences: &[All(Family::DERIVED)],
        causes: &[All(Family::SCHEMAS)],
        extent: Extent::Artifact,
    },
    // The registry names the path of what was deleted.
    Cascade {
        consequences: &[One(crate::REGISTRY_PATH_MISSING)],
        causes: &[One(crate::PUBLISHED_ARTIFACT_DELETED)],
        extent: Extent::Change,
    },
    Cascade {
        consequences: &[One(crate::PUBLISHED_VERSION_CHANGED)],
        causes: &[One(crate::BASELINE_ARTIFACT_MISSING), All(Family::DERIVED)],
        extent: Extent::Artifact,
    },
];
