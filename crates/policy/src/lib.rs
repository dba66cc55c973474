//! What a repository demands of a change: packs of path disciplines, levels of rules, and waivers. Read from base, never from the change.

mod discipline;
mod load;
mod pattern;
mod waiver;

pub use discipline::{Discipline, FieldDiscipline, Kind, Origin, Subject, When};
pub use load::{
    LedgerMode, LedgerSettings, LoadError, PACKS, POLICY_PATH, Policy, StructureLimits, WAIVERS_PATH,
    WriterSettings,
};
pub use pattern::{Pattern, PatternError};
pub use waiver::{Date, Waiver};
