//! Manifests of other plugin systems, as the dialects of packs describe them: which files they are, what they must contain, what rules may
//! know of other files, and how they are listed. Nothing of a plugin is executed.

mod discovery;
mod facts;
mod index;
mod listing;
mod manifest;
mod schemas;

pub use discovery::{Claimed, Conflict, Discovery, FoundManifest, Role, dialect_of, discover};
pub use facts::{FactProblem, Facts, RepositoryFacts};
pub use index::{CapabilityRow, DiagnosticRow, PluginIndex, PluginRow, document_json};
pub use listing::{Cell, Row, row};
pub use manifest::{Manifest, Unreadable};
pub use schemas::{Schemas, Verdict};
