//! What a rule is: its identity and page, and the check that finds its violations.

use diagnostic::{Diagnostic, RuleInfo};
use policy::Ignored;
use snapshot::Result;

use crate::breach_context::BreachContext;
use crate::change::ChangeContext;
use crate::disciplines::PathBreach;
use crate::policy_coverage::PolicyGap;
use crate::state::StateContext;
use crate::waivers::WaiverContext;

/// A rule. The engine receives slices of them and names none.
#[derive(Debug)]
pub struct Rule {
    /// What is known of it before it runs.
    pub info: RuleInfo,
    /// How it finds violations.
    pub check: Check,
}

/// Describes a breach of a path discipline as a finding; `None` for a breach that another rule describes.
pub type Describe = fn(&PathBreach, &mut BreachContext<'_>) -> Result<Option<Diagnostic>>;

/// How a rule finds violations. A rule never prints, exits, reads a clock or refers to another rule.
#[derive(Debug)]
pub enum Check {
    /// It describes breaches of a path discipline.
    Breach(Describe),
    /// It checks a change as a whole.
    Change(fn(&ChangeContext<'_>, &mut Vec<Diagnostic>)),
    /// It checks the artifacts that a change touches, or all of them.
    State(fn(&StateContext<'_>, &mut Vec<Diagnostic>) -> Result<()>),
    /// It reports an issue of the ledger.
    Ledger {
        /// The issue.
        issue: LedgerIssue,
        /// What to do about it.
        help: &'static [&'static str],
    },
    /// It reports what the schemas and custom rules of packs find in documents.
    Custom(CustomIssue),
    /// It reports what a policy contains without effect.
    Ignored(fn(&Ignored) -> Diagnostic),
    /// It reports what of a policy governs nothing; `None` for a part that another rule reports.
    Coverage(fn(&PolicyGap) -> Option<Diagnostic>),
    /// It checks the waivers after they were applied.
    Waivers(fn(&WaiverContext<'_>, &mut Vec<Diagnostic>)),
}

/// What a pack finds in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomIssue {
    /// It does not match the schema of the pack, or cannot be read.
    Schema,
    /// A custom rule denies it.
    Denied,
    /// A custom rule warns about it.
    Warned,
}

/// An issue of a ledger, of what a change does to it, or of the tags that it records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LedgerIssue {
    /// The ledger has a fault.
    Fault(ledger::FaultKind),
    /// A change touches files that only the post-merge job may change.
    Touched,
    /// A request cannot be recorded.
    Request,
    /// The content of a published version changed.
    Published,
    /// A tag names another commit than the ledger.
    TagMoved,
    /// A tag that the ledger records is missing.
    TagMissing,
    /// A tag names the right commit and differs from the one that the ledger determines.
    TagAltered,
    /// A tag is named like those of published versions, and the ledger does not record it.
    TagUnrecorded,
    /// A version on the main branch is not in the ledger.
    VersionUnrecorded,
}

/// What a run checks, and so which rules can report anything in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunKind {
    /// A change.
    Change,
    /// The steps of a history.
    History,
    /// Every artifact of a tree.
    Tree,
    /// The ledger itself.
    Ledger,
    /// The tags that the ledger records.
    Tags,
    /// The main branch, against what the ledger and the registry record.
    Recorded,
}

impl Rule {
    /// Returns whether a run of this kind can report anything with this rule.
    #[must_use]
    pub fn runs_in(&self, run: RunKind) -> bool {
        use LedgerIssue as I;
        let is_tag = |issue| matches!(issue, I::TagMoved | I::TagMissing | I::TagAltered | I::TagUnrecorded);
        match (run, &self.check) {
            (RunKind::Change, Check::Ledger { issue, .. }) => {
                !is_tag(*issue) && *issue != I::VersionUnrecorded
            }
            (RunKind::Change, _) => true,
            (RunKind::History, check) => {
                matches!(check, Check::Breach(_) | Check::Ignored(_) | Check::Coverage(_) | Check::Waivers(_))
            }
            (RunKind::Tree, Check::Ledger { issue, .. }) => *issue == I::Published,
            (RunKind::Tree, check) => {
                !matches!(check, Check::Breach(_) | Check::Change(_) | Check::Coverage(_))
            }
            (RunKind::Ledger, Check::Ledger { issue, .. }) => matches!(issue, I::Fault(_)),
            (RunKind::Tags, Check::Ledger { issue, .. }) => is_tag(*issue),
            (RunKind::Recorded, Check::Ledger { issue, .. }) => {
                matches!(issue, I::VersionUnrecorded | I::Fault(ledger::FaultKind::NotDerivable))
            }
            (RunKind::Recorded, Check::State(_)) => {
                let compared = [
                    codes::CARD_ARTIFACT_MISMATCH,
                    codes::REGISTRY_STALE,
                    codes::REGISTRY_HAND_EDITED,
                    codes::REGISTRY_PATH_MISSING,
                    codes::REGISTRY_MISSING,
                ];
                compared.contains(&self.info.id)
            }
            (RunKind::Ledger | RunKind::Tags | RunKind::Recorded, _) => false,
        }
    }
}
