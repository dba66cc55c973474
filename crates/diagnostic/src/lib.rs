//! What is wrong, where, and how it is shown: diagnostics, the report they make up, and its renderers.

mod diagnostic;
mod from_snapshot;
pub mod render;
mod report;
mod rule_info;
pub mod sanitise;
mod span;

pub use codes::{Family, Level, RuleId};
pub use diagnostic::{CommitInfo, Diagnostic, Location, Related, Status, WaivedBy};
pub use render::{Format, Options, annotations, render};
pub use report::{Artifact, CheckError, CheckedRange, Report, Verdict};
pub use rule_info::RuleInfo;
pub use span::{Position, Snippet, Span, line_of};
