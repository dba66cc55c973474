//! The checkpoint matches the lines of the ledger.

use diagnostic::RuleInfo;
use engine::{Check, LedgerIssue, Rule};
use ledger::FaultKind;

/// `LED007` checkpoint-mismatch.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CHECKPOINT_MISMATCH,
        summary: "the checkpoint matches the lines of the ledger",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        issue: LedgerIssue::Fault(FaultKind::CheckpointMismatch),
        help: &[
            "restore the ledger and its checkpoint together: git checkout HEAD -- .ledger",
            "lines after the checkpoint are the rest of an interrupted run: the next run of id-ledger record removes them; after a merge of two ledgers, see `id-ledger checkpoint renew --help`",
        ],
    },
};
