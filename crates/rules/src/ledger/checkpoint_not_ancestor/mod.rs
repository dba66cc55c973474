//! A checkpoint continues the previous one.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};
use ledger::FaultKind;

/// `LED008` checkpoint-not-ancestor.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CHECKPOINT_NOT_ANCESTOR,
        summary: "a checkpoint continues the previous one",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::Fault(FaultKind::CheckpointNotAncestor),
        help: &[
            "fetch first, because an older clone lacks newer lines",
            "if both checkpoints were published, keep both: they are the evidence of a fork",
        ],
    },
};
