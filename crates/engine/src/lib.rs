//! Checks of a change and audits of a history, with the rules that the caller passes.

mod audit;
mod breach_context;
mod cascades;
mod change;
mod check;
mod commit_info;
mod custom_documents;
mod disciplines;
mod error;
mod full_tree;
mod governed;
mod ledger_checks;
mod ledger_policy;
mod levels;
mod manifests;
mod moves;
mod pack_place;
mod paths;
mod policy_change;
mod policy_coverage;
mod recorded_identities;
mod recorded_state;
mod rule;
mod rule_set;
mod scope;
mod state;
mod state_checks;
mod tags;
mod touched;
mod trees;
mod waivers;

pub use audit::{AuditRequest, Audited, audit};
pub use breach_context::{BreachContext, quote};
pub use change::ChangeContext;
pub use check::{CheckRequest, Head, check};
pub use custom_documents::{CustomInput, CustomResult, CustomRules};
pub use disciplines::{Breach, Contents, PathBreach, ReadFault, RemovedName};
pub use error::Error;
pub use full_tree::{FullTreeRequest, check_full_tree};
pub use governed::governs_nothing;
pub use ledger_checks::{OpenPublished, PublishedState, check_ledger, check_published};
pub use ledger_policy::{discipline, disciplines, writers};
pub use levels::finish_existing;
pub use manifests::{ManifestRequest, check_manifests};
pub use paths::{is_policy, is_workflow};
pub use policy_coverage::{
    DisciplineCoverage, Gap, NearPattern, PolicyCoverage, PolicyGap, check_policy_coverage, count_governed,
    count_governed_changes, count_released, policy_coverage,
};
pub use recorded_state::{RecordedStateRequest, check_recorded_state};
pub use rule::{Check, CustomIssue, Describe, LedgerIssue, Rule, RunKind};
pub use state::{
    AffectedDependency, Artifact, ArtifactOnBase, CoverageReports, Covered, Derived, Document, Frozen,
    OpenTree, Operation, Plugin, PluginSchema, PublishedPlugin, Registered, StateContext, Text, Texts,
    bundle_in_spec, describe_difference, operations,
};
pub use tags::{PlacedTags, check_tags};
pub use trees::{TreesRequest, audit_trees, check_trees};
pub use waivers::WaiverContext;
