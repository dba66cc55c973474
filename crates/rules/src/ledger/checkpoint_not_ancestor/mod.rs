//! A checkpoint continues the one before it.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED008` checkpoint-not-ancestor.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CHECKPOINT_NOT_ANCESTOR,
        summary: "a checkpoint continues the one before",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::CheckpointNotAncestor),
        help: &[
            "fetch first: a ledger that is merely older lacks what was seen since",
            "keep both checkpoints: if both are of this log and disagree, they prove that it tells two stories",
        ],
    },
};
