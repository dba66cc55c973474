//! The outcome of a run: what was checked, what was found, and the one place where the exit status is decided.

use snapshot::{ObjectId, RepoPath};

use crate::{CheckError, Diagnostic, Level, Status};

/// The outcome of a run. Every binary fills one and every renderer shows one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// What was checked.
    pub checked: CheckedRange,
    /// What was found, sorted by [`Diagnostic::order`], waived and known ones included.
    pub findings: Vec<Diagnostic>,
    /// The files that a command wrote, or would write.
    pub artifacts: Vec<Artifact>,
    /// What else a person should read, in order.
    pub messages: Vec<String>,
    /// Why the check could not run; empty when it could.
    pub errors: Vec<CheckError>,
}

/// What a run checked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CheckedRange {
    /// The command: `check`, `audit`.
    pub command: String,
    /// The base commit.
    pub base: Option<ObjectId>,
    /// The name of the base, as in `main`.
    pub base_name: Option<String>,
    /// The head: a commit id, `index` or `working tree`.
    pub head: Option<String>,
    /// The merge base.
    pub merge_base: Option<ObjectId>,
    /// Where the policy came from: a commit id, a file, or `embedded baseline`.
    pub policy: Option<String>,
    /// The number of commits.
    pub commits: u64,
    /// The number of changed files.
    pub files: u64,
    /// The number of ID cards among them.
    pub cards: u64,
    /// The number of rules.
    pub rules: u64,
    /// The number of files that a discipline governs, where they were counted.
    pub governed: Option<u64>,
    /// The number of disciplines of the policy, where the files were counted.
    pub disciplines: Option<u64>,
    /// The patterns of the policy and their packs, where the repository has a policy and they match no file.
    pub unmatched: Vec<String>,
}

/// A file that a command wrote, or would write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// The path.
    pub path: RepoPath,
    /// What was done: `written`, `unchanged`, `would write`.
    pub action: String,
}

/// The verdict of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The check ran, and no finding fails it.
    Pass,
    /// The check ran, with at least one finding at level deny that is not accepted.
    Fail,
    /// The check could not run. Never a pass.
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

    /// Returns the keyword that reports use.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::Fail => "fail",
            Verdict::Error => "error",
        }
    }
}

/// The numbers of a report's last line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Findings that fail the run and are shown.
    pub errors: usize,
    /// Findings at level warn that are shown.
    pub warnings: usize,
    /// Findings that a waiver covers.
    pub waived: usize,
    /// Findings that the list of known findings contains.
    pub known: usize,
    /// Consequences of other findings: counted, not shown.
    pub suppressed: usize,
    /// Errors and warnings that `id-guard fix` fixes.
    pub fixable: usize,
}

impl Report {
    /// Decides the verdict, the same in every format.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        if !self.errors.is_empty() {
            Verdict::Error
        } else if self.findings.iter().any(Diagnostic::fails) {
            Verdict::Fail
        } else {
            Verdict::Pass
        }
    }

    /// Counts the findings.
    #[must_use]
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for finding in &self.findings {
            if finding.waived_by.is_some() {
                counts.waived += 1;
                continue;
            }
            if finding.status == Status::Known {
                counts.known += 1;
                continue;
            }
            if !finding.is_shown() {
                counts.suppressed += 1;
                continue;
            }
            counts.errors += usize::from(finding.level == Level::Deny);
            counts.warnings += usize::from(finding.level == Level::Warn);
            counts.fixable += usize::from(finding.fixable);
        }
        counts
    }
}
