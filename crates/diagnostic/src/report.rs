//! The outcome of a run: what was judged, what was found, and the one place where the exit status is decided.

use snapshot::{ObjectId, RepoPath};

use crate::{Diagnostic, Level};

/// Everything a run has to say. Every binary fills one and every renderer shows one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What was judged.
    pub checked: CheckedRange,
    /// What was found, sorted by [`Diagnostic::order`], waived ones included.
    pub findings: Vec<Diagnostic>,
    /// The files a command wrote, or would write.
    pub artifacts: Vec<Artifact>,
    /// What else a person should read, in order.
    pub messages: Vec<String>,
    /// Why there is no verdict; empty when there is one.
    pub errors: Vec<CheckError>,
}

/// What a run judged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckedRange {
    /// What was done: `check`, `audit`.
    pub command: String,
    /// The base commit.
    pub base: Option<ObjectId>,
    /// What the base was called, as in `main`.
    pub base_name: Option<String>,
    /// The head: a commit id, `index` or `working tree`.
    pub head: Option<String>,
    /// The merge base.
    pub merge_base: Option<ObjectId>,
    /// Where the policy came from: a commit id, a file, or `embedded baseline`.
    pub policy: Option<String>,
    /// How many commits.
    pub commits: u64,
    /// How many changed files.
    pub files: u64,
    /// How many ID cards among them.
    pub cards: u64,
    /// How many rules.
    pub rules: u64,
}

/// A file a command wrote, or would write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The path.
    pub path: RepoPath,
    /// What became of it: `written`, `unchanged`, `would write`.
    pub action: String,
}

/// Why a run could not judge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckError {
    /// What is in the way.
    pub message: String,
    /// How to put it right.
    pub help: Option<String>,
    /// The place, when a file (the policy) is at fault.
    pub location: Option<crate::Location>,
}

/// What a run comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Judged; nothing that fails.
    Pass,
    /// Judged; at least one finding at level deny that no waiver covers.
    Fail,
    /// Could not judge. Never a pass.
    Error,
}

impl Verdict {
    /// Returns the exit status: 0, 1 or 2.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Verdict::Pass => 0,
            Verdict::Fail => 1,
            Verdict::Error => 2,
        }
    }

    /// Returns the word that reports use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Error => "error",
        }
    }
}

impl Report {
    /// Decides the verdict, the same in every format.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let fails = |finding: &Diagnostic| finding.level == Level::Deny && finding.waived_by.is_none();
        match () {
            () if !self.errors.is_empty() => Verdict::Error,
            () if self.findings.iter().any(fails) => Verdict::Fail,
            () => Verdict::Pass,
        }
    }

    /// Counts errors, warnings and waived findings, in this order.
    #[must_use]
    pub fn counts(&self) -> (usize, usize, usize) {
        let count = |test: fn(&Diagnostic) -> bool| self.findings.iter().filter(|f| test(f)).count();
        (
            count(|f| f.waived_by.is_none() && f.level == Level::Deny),
            count(|f| f.waived_by.is_none() && f.level == Level::Warn),
            count(|f| f.waived_by.is_some()),
        )
    }
}
