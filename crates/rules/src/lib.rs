//! Everything that can be wrong, a folder a rule, and the runs that hold a change or a history against it.

mod attributes;
mod audit;
pub mod capabilities;
pub mod cards;
mod change;
mod check;
pub mod compatibility;
pub mod custom;
mod custom_documents;
pub mod derived;
pub mod documents;
pub mod git_objects;
pub mod immutability;
mod judge;
pub mod ledger;
mod lines;
mod list;
pub mod one_artifact;
mod page;
pub mod policy;
mod rule;
pub mod schemas;
mod state;
pub mod structure;
mod tags;
mod telling;
mod touched;
mod trees;
pub mod uniqueness;
mod waivers;
mod whole;

pub use audit::{AuditRequest, audit};
pub use change::ChangeContext;
pub use check::{CheckRequest, Head, check};
pub use custom_documents::{CustomInput, CustomRules, CustomTold};
pub use judge::{Breach, BreachKind, Detail};
pub use lines::{Published, Standing, discipline, disciplines, judge_ledger, judge_standing, writers};
pub use list::{RULES, find};
pub use page::page;
pub use rule::{Check, CustomMatter, LedgerMatter, Rule};
pub use state::{
    CARDS, CoverageReports, Index, IndexedCard, IndexedPlugin, Ledgers, PLUGINS, SPEC, StateContext, skeleton,
};
pub use tags::{TagsAt, judge_tags};
pub use telling::Scene;
pub use trees::{audit_trees, check_trees};
pub use waivers::WaiverContext;
pub use whole::{WholeRequest, whole};
