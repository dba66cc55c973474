//! Everything that can be wrong, a folder a rule, and the runs that hold a change or a history against it.

mod attributes;
mod audit;
pub mod cap;
mod change;
mod check;
pub mod cmp;
pub mod crd;
pub mod cus;
mod custom;
pub mod doc;
pub mod r#gen;
pub mod git;
pub mod imm;
mod judge;
pub mod led;
mod lines;
mod list;
pub mod one;
pub mod pol;
mod rule;
pub mod sch;
mod state;
pub mod str;
mod tags;
mod telling;
mod touched;
mod trees;
pub mod uni;
mod waivers;
mod whole;

pub use audit::{AuditRequest, audit};
pub use change::ChangeContext;
pub use check::{CheckRequest, Head, check};
pub use custom::{CustomInput, CustomRules, CustomTold};
pub use judge::{Breach, BreachKind, Detail};
pub use lines::{Published, Standing, discipline, disciplines, judge_ledger, judge_standing, writers};
pub use list::{FAMILIES, RETIRED, RULES, find, names};
pub use rule::{Check, CustomMatter, LedgerMatter, Rule};
pub use state::{
    CARDS, CoverageReports, Index, IndexedCard, IndexedPlugin, Ledgers, PLUGINS, SPEC, StateContext, skeleton,
};
pub use tags::{TagsAt, judge_tags};
pub use telling::Scene;
pub use trees::{audit_trees, check_trees};
pub use waivers::WaiverContext;
pub use whole::{WholeRequest, whole};
