//! The policy of a repository: packs, path disciplines, levels of rules, and waivers. Read from the base branch, never from the change.

mod collection;
mod dialect;
mod discipline;
mod editor_schema;
mod error;
mod field;
mod ignored;
mod known;
mod load;
mod origin;
mod pack;
mod pattern;
mod pointers;
mod policy;
mod value;
mod waiver;
mod waiver_index;

pub use collection::{Collection, ElementRule, KeyPart, Order, Removal};
pub use dialect::{
    Anchor, CapabilityMapping, CapabilityTarget, Column, Conversion, Dialect, DialectArtifact, Fact,
    FactError, IdentitySource, ListForm, ManifestCondition, PackSchema, PlainForm, PointerPattern,
    SchemaChoice, SchemaCondition, SchemaKey, Trust, TrustLevel, Unit,
};
pub use discipline::{Discipline, DocumentRules, Kind, Subject, When};
pub use editor_schema::{policy_schema, waivers_schema};
pub use error::Error;
pub use field::{FieldDiscipline, FieldRule, Increasing, Scheme};
pub use ignored::{Ignored, IgnoredKind, is_protected};
pub use known::{KnownFinding, KnownFindings, can_be_known, write_known_findings};
pub use load::{
    CoreSettings, KNOWN_FINDINGS_PATH, LedgerMode, LedgerSettings, PACKS, POLICY_PATH, PackRules, REPOSITORY,
    StructureLimits, WAIVERS_PATH, WitnessRequirement, WriterSettings,
};
pub use origin::Origin;
pub use pack::{Pack, PackDocument};
pub use pattern::{Pattern, PatternError};
pub use pointers::PolicyPointer;
pub use policy::{Policy, SettingOrigin};
pub use value::{CHECKS, SETTINGS, Section, SetTo, Setting, SettingKind, Values, presence};
pub use waiver::{Date, Waiver, WaiverScope};
pub use waiver_index::WaiverIndex;
