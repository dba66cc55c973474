//! Findings: what is wrong and where, the report that contains them, and its renderers.

pub mod address;
mod diagnostic;
mod difference;
mod error;
mod from_snapshot;
mod location;
pub mod portable;
pub mod render;
mod report;
mod rule_info;
pub mod sanitise;
mod span;

pub use codes::{Family, Level, RuleId};
pub use diagnostic::{CausedBy, Compared, Diagnostic, Status, WaivedBy};
pub use difference::Difference;
pub use error::CheckError;
pub use location::{CommitInfo, Location, Related};
pub use render::{Format, Grouping, Look, Options, Tone, annotations, render, render_statistics};
pub use report::{Artifact, CheckedRange, Counts, Report, Verdict};
pub use rule_info::RuleInfo;
pub use span::{Position, Snippet, Span, line_of};
