//! A checkpoint continues the one before it.

use diagnostic::{Level, RuleInfo};
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED008` checkpoint-not-ancestor.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        code: "LED008",
        name: "checkpoint-not-ancestor",
        family: super::FAMILY,
        level: Level::Deny,
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
