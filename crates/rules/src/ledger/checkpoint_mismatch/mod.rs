//! The checkpoint matches the lines of the ledger.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED007` checkpoint-mismatch.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CHECKPOINT_MISMATCH,
        summary: "the checkpoint matches the lines of the ledger",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::CheckpointMismatch),
        help: &[
            "restore the ledger and its checkpoint together: git checkout HEAD -- .ledger",
            "lines after the checkpoint are the rest of an interrupted run: the next `id-ledger record` removes them; after a merge of two ledgers, run: id-ledger checkpoint renew",
        ],
    },
};
