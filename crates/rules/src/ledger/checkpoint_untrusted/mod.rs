//! The checkpoint is signed by those who must have signed it.

use diagnostic::RuleInfo;
use ledger::FaultKind;

use crate::rule::{Check, LedgerMatter, Rule};

/// `LED011` checkpoint-untrusted.
pub static RULE: Rule = Rule {
    info: RuleInfo {
        id: codes::CHECKPOINT_UNTRUSTED,
        summary: "the checkpoint is signed by those who must have signed it",
        page: include_str!("README.md"),
    },
    check: Check::Ledger {
        speaks_of: LedgerMatter::Fault(FaultKind::CheckpointUntrusted),
        help: &[
            "sign it where the key is at hand: id-ledger record --key-file FILE",
            "a missing witness: id-ledger checkpoint cosign",
        ],
    },
};
