//! The state after a change: the artifacts that it touches, opened for the rules, and the index of all identities.

mod artifact;
mod artifacts;
mod context;
mod coverage;
mod dependents;
mod derived;
mod document;
mod identity_text;
mod input;
mod on_base;
mod open_tree;
mod pages;
mod plugin;
mod plugin_schema;
mod published;
mod registry;
mod schema_documents;
mod texts;

pub use artifact::Artifact;
pub(crate) use artifacts::{ArtifactPaths, identified_documents, touched_documents, touches_identities};
pub use context::StateContext;
pub use coverage::{CoverageReports, Covered};
pub use dependents::AffectedDependency;
pub use derived::{Derived, describe_difference};
pub use document::Document;
pub(crate) use input::StateInput;
pub use on_base::ArtifactOnBase;
pub use open_tree::OpenTree;
pub use plugin::{Operation, Plugin, operations};
pub use plugin_schema::{PluginSchema, bundle_in_spec};
pub use published::PublishedPlugin;
pub use registry::Registered;
pub use texts::{Frozen, Text, Texts};
