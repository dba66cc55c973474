//! The checkpoint is that of the lines.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED007` checkpoint-mismatch.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CHECKPOINT_MISMATCH,
        summary: "the checkpoint is that of the lines",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::CheckpointMismatch),
        help: &[
            "restore the ledger and its checkpoint together: git checkout HEAD -- .ledger",
            "lines behind the checkpoint are of an append that never ended: the next id-ledger record cuts them off; after a merge of two ledgers: id-ledger checkpoint renew",
        ],
    },
};
